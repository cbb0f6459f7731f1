// IndexedDB: vaults (wrapped keys by account) and what is sealed. Nothing readable is written: an entry's name is a UUID or "rules".

import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { Sealed, Vault } from './vault';

export interface Entry extends Sealed { username: string; id: string }

interface Schema extends DBSchema {
  vaults: { key: string; value: Vault };
  sealed: { key: [string, string]; value: Entry; indexes: { username: string } };
}

let opened: Promise<IDBPDatabase<Schema>> | undefined;

function disk(): Promise<IDBPDatabase<Schema>> {
  opened ??= openDB<Schema>('huella', 1, {
    upgrade(db) {
      db.createObjectStore('vaults', { keyPath: 'username' });
      db.createObjectStore('sealed', { keyPath: ['username', 'id'] }).createIndex('username', 'username');
    },
    terminated() { opened = undefined; },
  });
  return opened;
}

export const vaults = async (): Promise<Vault[]> => (await disk()).getAll('vaults');

export async function putVault(vault: Vault): Promise<void> {
  const tx = (await disk()).transaction('vaults', 'readwrite', { durability: 'strict' });
  await Promise.all([tx.store.put(vault), tx.done]);
}

// Returns when the entries are on the disk.
export async function write(entries: Entry[]): Promise<void> {
  const tx = (await disk()).transaction('sealed', 'readwrite', { durability: 'strict' });
  await Promise.all([...entries.map((entry) => tx.store.put(entry)), tx.done]);
}

export const read = async (username: string): Promise<Entry[]> => (await disk()).getAllFromIndex('sealed', 'username', username);
export const remove = async (username: string, id: string): Promise<void> => (await disk()).delete('sealed', [username, id]);

// Everything of an account, its keys first: what is left of the rest cannot be read.
export async function forget(username: string): Promise<void> {
  const db = await disk();
  await db.delete('vaults', username);
  const tx = db.transaction('sealed', 'readwrite');
  for (const key of await tx.store.index('username').getAllKeys(username)) await tx.store.delete(key);
  await tx.done;
}
