// A file with what was not sent, sealed as on the device: the password opens it, on this device or another. It carries no wrap
// of the PIN, which is too short to protect what travels.

import * as disk from './disk';
import { download } from './download';
import * as records from './records';
import { sync } from './sync';
import * as vaults from './vault';

interface File1 {
  huella: 'takeaway';
  version: 1;
  username: string;
  key: { salt: string; iv: string; key: string; rounds: number };
  records: { id: string; iv: string; data: string }[];
}

const MOST_ROUNDS = 10_000_000; // a file does not make the browser count for ever

const toText = (bytes: Uint8Array): string => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
const toBytes = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

export async function pack(): Promise<Blob | null> {
  await records.settled();
  const username = records.user();
  const vault = (await disk.vaults()).find((one) => one.username === username);
  if (!vault) return null;
  const wanted = new Set(records.unsent.value.map((one) => one.id));
  const entries = (await disk.read(username)).filter((one) => wanted.has(one.id));
  const { salt, iv, key, rounds } = vault.password;
  const file: File1 = {
    huella: 'takeaway',
    version: 1,
    username,
    key: { salt: toText(salt), iv: toText(iv), key: toText(key), rounds },
    records: entries.map((one) => ({ id: one.id, iv: toText(one.iv), data: toText(one.data) })),
  };
  return new Blob([JSON.stringify(file)], { type: 'application/json' });
}

export async function save(): Promise<void> {
  const blob = await pack();
  if (!blob) return;
  download(blob, `huella-${records.user()}-${new Date().toISOString().slice(0, 10)}.huella`);
}

export type Unpacked = { added: number; here: number } | 'no_takeaway' | 'other_account' | 'wrong_password';

function parse(text: string): File1 | null {
  try {
    const file = JSON.parse(text) as File1;
    return file.huella === 'takeaway' && file.version === 1 && file.key.rounds <= MOST_ROUNDS && Array.isArray(file.records) ? file : null;
  } catch {
    return null;
  }
}

// What is here already stays as it is here; the server tells apart what it has.
export async function unpack(text: string, password: string): Promise<Unpacked> {
  const file = parse(text);
  if (!file) return 'no_takeaway';
  if (file.username !== records.user()) return 'other_account';
  const wrap = { salt: toBytes(file.key.salt), iv: toBytes(file.key.iv), key: toBytes(file.key.key), rounds: file.key.rounds };
  const key = await vaults.open(wrap, password);
  if (!key) return 'wrong_password';
  let added = 0;
  for (const one of file.records) {
    if (records.find(one.id)?.dirty) continue;
    const record = await vaults.unseal<records.Local>(key, `${file.username}/${one.id}`, { iv: toBytes(one.iv), data: toBytes(one.data) });
    await records.put(record);
    added += 1;
  }
  void sync();
  return { added, here: file.records.length - added };
}
