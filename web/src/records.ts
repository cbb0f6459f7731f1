// What this device holds of an account, opened in memory and sealed on the disk: records begun, waiting to be sent, sent.

import { computed, signal } from '@preact/signals';
import * as disk from './disk';
import type { Count, Difference, Identity, Incident, Referral, Sitting, Step, StoredReferral, TrustSurvey } from './types';
import * as vaults from './vault';

export interface Bodies { incident: Incident; identity: Identity; referral: Referral; step: Step; count: Count; sitting: Sitting; survey: TrustSurvey }
export type Kind = keyof Bodies;

export interface Conflict { revision: number; stored: Record<string, unknown>; differences: Difference[] }

export interface Local<K extends Kind = Kind> {
  id: string;
  kind: K;
  body: Bodies[K];
  needs?: string; // the record that must be at the server before this one
  begun_at: string;
  not_before?: number; // a counter can be taken back for some seconds
  finished: boolean; // a draft is kept and not sent
  dirty: boolean; // the server does not have this body yet
  base: number; // the server's revision that the body was made from; 0: none
  sent?: Bodies[K][] | undefined; // bodies that went out since the last answer: any of them may have arrived
  conflict?: Conflict | undefined;
  refused?: string | undefined; // what the server said against it
  state?: string; // of a referral, at the server
  due_at?: string | undefined;
  overdue?: boolean | undefined;
  way?: StoredReferral['way'];
  changed_at?: string;
}

export const records = signal<readonly Local[]>([]);
export const full = signal(false); // the last write to the disk failed
export const unsent = computed(() => records.value.filter((one) => one.dirty || !one.finished));
export const conflicts = computed(() => records.value.filter((one) => one.conflict));

interface Open { username: string; key: CryptoKey }
let open: Open | null = null;
const channel = new BroadcastChannel('huella');
const place = (username: string, id: string): string => `${username}/${id}`;

export const user = (): string => open?.username ?? '';

export async function load(username: string, key: CryptoKey): Promise<void> {
  const found: Local[] = [];
  for (const entry of await disk.read(username)) {
    if (!entry.id.startsWith('about:')) found.push(await vaults.unseal<Local>(key, place(username, entry.id), entry));
  }
  open = { username, key };
  records.value = found.sort((a, b) => (a.begun_at < b.begun_at ? 1 : -1));
}

export function close(): void {
  open = null;
  records.value = [];
}

// Another tab wrote: read again, but not over what this one is about to write.
channel.onmessage = () => { if (open && !waiting.size && !writing) void load(open.username, open.key); };

// ---- writing: one at a time, the latest state of each record; nothing typed waits for a button ----

const waiting = new Map<string, Local | null>();
let writing: Promise<void> | null = null;

async function drain(): Promise<void> {
  while (waiting.size && open) {
    const { username, key } = open;
    const batch = [...waiting];
    waiting.clear();
    try {
      const entries: disk.Entry[] = [];
      for (const [id, record] of batch) {
        if (record) entries.push({ username, id, ...(await vaults.seal(key, place(username, id), record)) });
        else await disk.remove(username, id);
      }
      await disk.write(entries);
      full.value = false;
    } catch {
      full.value = true; // the disk is full, or the browser refuses: the memory still has it, the banner says so
      for (const [id, record] of batch) if (!waiting.has(id)) waiting.set(id, record);
      await new Promise((resolve) => { setTimeout(resolve, 2000); });
    }
  }
  channel.postMessage('changed');
}

// Resolves when all that was put is on the disk.
export function settled(): Promise<void> {
  writing ??= drain().finally(() => { writing = null; });
  return writing;
}

export function put<K extends Kind>(record: Local<K>): Promise<void> {
  const others = records.value.filter((one) => one.id !== record.id);
  records.value = [record as unknown as Local, ...others].sort((a, b) => (a.begun_at < b.begun_at ? 1 : -1));
  waiting.set(record.id, record as unknown as Local);
  return settled();
}

export function drop(id: string): Promise<void> {
  records.value = records.value.filter((one) => one.id !== id);
  waiting.set(id, null);
  return settled();
}

export const find = (id: string | undefined): Local | undefined => records.value.find((one) => one.id === id);

export function of<K extends Kind>(kind: K): Local<K>[] {
  return records.value.filter((one) => one.kind === kind) as unknown as Local<K>[];
}

export function begin<K extends Kind>(kind: K, body: Bodies[K], more: Partial<Local<K>> = {}): Local<K> {
  return { id: crypto.randomUUID(), kind, body, begun_at: new Date().toISOString(), finished: false, dirty: true, base: 0, ...more };
}

// ---- what was learnt from the server and is needed without signal: the lists of indicators, steps, offices; who this is ----

export async function remember(name: string, value: unknown): Promise<void> {
  if (!open) return;
  const id = `about:${name}`;
  await disk.write([{ username: open.username, id, ...(await vaults.seal(open.key, place(open.username, id), value)) }]);
}

export async function recall<T>(name: string): Promise<T | undefined> {
  if (!open) return undefined;
  const id = `about:${name}`;
  const entry = (await disk.read(open.username)).find((one) => one.id === id);
  return entry && vaults.unseal<T>(open.key, place(open.username, id), entry);
}

export const sealing = (): Open | null => open;
