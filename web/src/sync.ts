// Sends what waits, each record once: the client made its name, the same PUT twice is one record. A change says which revision
// it was made from; where the server has another one, both are kept and the person chooses.

import { signal } from '@preact/signals';
import { all, ask, Problem, session, Unreachable } from './api';
import { drop, find, put, records, settled, user, type Kind, type Local } from './records';
import { equal } from './same';
import type { Difference, Incident, Stored, StoredReferral } from './types';

export type Link = 'idle' | 'sending' | 'offline' | 'signed_out' | 'troubled';
export const link = signal<Link>('idle');
export const lastSent = signal<string | null>(null);

const ORDER: Kind[] = ['count', 'incident', 'identity', 'referral', 'step', 'sitting', 'survey'];
const PATHS: Record<Kind, (record: Local) => string> = {
  count: (record) => `/api/encounters/${record.id}`,
  incident: (record) => `/api/incidents/${record.id}`,
  identity: (record) => `/api/identities/${record.id}`,
  referral: (record) => `/api/referrals/${record.id}`,
  step: (record) => `/api/referrals/${(record as Local<'step'>).body.referral}/transitions`,
  sitting: (record) => `/api/knowledge/sittings/${record.id}/answers`,
  survey: (record) => `/api/surveys/${record.id}`,
};

let tries = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

function due(): Local[] {
  const now = Date.now();
  return records.value
    .filter((one) => one.finished && one.dirty && !one.conflict && !one.refused && (one.not_before ?? 0) <= now)
    .filter((one) => !find(one.needs)?.dirty)
    .sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) || (a.begun_at < b.begun_at ? -1 : 1));
}

// The record may have been typed in while it was on its way: then the rest goes next.
async function acknowledged(sent: Local, revision: number): Promise<void> {
  const now = find(sent.id);
  if (!now) return;
  lastSent.value = new Date().toISOString();
  if (sent.kind === 'step') {
    const referral = find((sent as Local<'step'>).body.referral);
    if (referral) await put({ ...referral, state: (sent as Local<'step'>).body.to });
    await drop(sent.id);
  } else if (sent.kind === 'survey') {
    await drop(sent.id); // a respondent's answers do not stay on an officer's phone
  } else {
    await put({ ...now, base: revision, dirty: !equal(now.body, sent.body), sent: undefined, refused: undefined });
  }
}

async function disagreed(record: Local, problem: Problem): Promise<void> {
  const now = find(record.id) ?? record;
  const { revision, stored, differences } = problem.body as { revision?: number; stored?: Record<string, unknown>; differences?: Difference[] };
  if (!revision || !stored || !differences) {
    await put({ ...now, refused: problem.detail });
  } else if (record.sent?.some((body) => equal(body, stored))) {
    await put({ ...now, base: revision }); // our own earlier copy, whose answer was lost
  } else {
    await put({ ...now, conflict: { revision, stored, differences } });
  }
}

// What goes out of a body: the rest is for the device.
function wire(record: Local): unknown {
  if (record.kind === 'step') return (({ to, note }) => ({ to, ...(note && { note }) }))((record as Local<'step'>).body);
  if (record.kind === 'sitting') return { answers: (record as Local<'sitting'>).body.answers };
  return record.body;
}

async function send(record: Local): Promise<void> {
  const before = { ...record, sent: [...(record.sent ?? []).slice(-7), record.body] } as Local;
  if (!record.sent?.some((one) => equal(one, record.body))) await put(before);
  try {
    const reply = await ask<{ revision?: number } | null>(record.kind === 'step' ? 'POST' : 'PUT', PATHS[record.kind](record), wire(record),
      record.base && record.kind !== 'step' ? { 'If-Match': `"${record.base}"` } : {});
    await acknowledged(record, reply.body?.revision ?? 1);
  } catch (error) {
    if (error instanceof Problem && error.status === 409 && record.kind === 'sitting') await acknowledged(record, 1); // handed in before, the answer was lost
    else if (error instanceof Problem && error.status === 409) await disagreed(before, error);
    else if (error instanceof Problem && [400, 404, 413, 415, 422].includes(error.status)) await put({ ...(find(record.id) ?? record), refused: error.detail });
    else throw error;
  }
}

// ---- what the server has: records of other devices, and how referrals stand ----

async function adopt(kind: 'incident' | 'referral', item: Stored & Record<string, unknown>, readOnly: string[]): Promise<void> {
  const mine = find(item.id);
  if (mine?.dirty && kind === 'incident') return;
  const body = Object.fromEntries(Object.entries(item).filter(([name]) => !readOnly.includes(name)));
  const referral = item as unknown as StoredReferral;
  const next = {
    ...(mine ?? { id: item.id, kind, begun_at: item.received_at, finished: true, dirty: false, base: 0 }),
    ...(mine?.dirty ? {} : { body, base: item.revision }),
    changed_at: item.changed_at,
    ...(kind === 'referral' ? { state: referral.state, due_at: referral.due_at, overdue: referral.overdue, needs: referral.incident } : {}),
  } as unknown as Local;
  if (!mine || !equal(mine, next)) await put(next);
}

const ABOUT = ['id', 'revision', 'recorded_by', 'received_at', 'changed_at'];

async function receive(): Promise<void> {
  for (const item of await all<Incident & Stored>('/api/incidents')) await adopt('incident', item as never, ABOUT);
  for (const item of await all<StoredReferral>('/api/referrals')) {
    await adopt('referral', item as never, [...ABOUT, 'state', 'state_at', 'due_at', 'overdue', 'district', 'way', 'clocks', 'completion', 'quality']);
  }
}

// ---- when ----

function later(): void {
  const wait = Math.min(2 ** tries * 2000, 300_000) * (0.75 + Math.random() / 2);
  tries += 1;
  clearTimeout(timer);
  timer = setTimeout(() => void sync(), wait);
}

async function round(pull: boolean): Promise<void> {
  const who = await session();
  if (who?.username !== user()) { // nobody, or another person on a shared phone: nothing of this one goes out in their name
    link.value = 'signed_out';
    return;
  }
  link.value = 'sending';
  for (let next = due(); next.length; next = due()) {
    for (const record of next) await send(find(record.id) ?? record);
  }
  if (pull) await receive();
  tries = 0;
  link.value = 'idle';
  const held = records.value.map((one) => (one.dirty && one.finished ? one.not_before ?? 0 : 0)).filter((at) => at > Date.now());
  if (held.length) {
    clearTimeout(timer);
    timer = setTimeout(() => void sync(), Math.min(...held) - Date.now() + 50);
  }
}

export async function sync(pull = false): Promise<void> {
  if (!user()) return;
  await settled(); // never send what is not on the disk
  await navigator.locks.request('huella-sync', { ifAvailable: true }, async (lock) => {
    if (!lock) return;
    try {
      await round(pull);
    } catch (error) {
      link.value = error instanceof Unreachable ? 'offline' : error instanceof Problem && error.status === 401 ? 'signed_out' : 'troubled';
      if (link.value !== 'signed_out') later();
    }
  });
}

export function watch(): void {
  const again = (): void => { tries = 0; void sync(true); };
  addEventListener('online', again);
  addEventListener('offline', () => { link.value = 'offline'; });
  document.addEventListener('visibilitychange', () => { if (document.visibilityState === 'visible') again(); });
}

// ---- settling a conflict ----

export type Choice = 'stored' | 'yours';

export async function settle(record: Local, choices: Record<string, Choice>): Promise<void> {
  if (!record.conflict) return;
  const { stored, differences, revision } = record.conflict;
  const body = structuredClone(stored);
  for (const { member, yours } of differences) {
    if (choices[member] !== 'yours') continue;
    const [outer, inner] = member.slice(1).split('/') as [string, string | undefined];
    const target = inner === undefined ? body : (body[outer] ??= {}) as Record<string, unknown>;
    if (yours === null) delete target[inner ?? outer];
    else target[inner ?? outer] = yours;
  }
  await put({ ...record, body: body as never, base: revision, conflict: undefined, dirty: !equal(body, stored), sent: undefined });
  void sync();
}

