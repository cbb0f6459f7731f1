// Who uses this device: signing in, the PIN, locking. Only officers' records are kept on the device; everybody else works online.

import { signal } from '@preact/signals';
import * as api from './api';
import * as disk from './disk';
import * as records from './records';
import { link, sync } from './sync';
import type { Account, Indicators, Office, ReferralRules } from './types';
import * as vault from './vault';

export type Phase = 'starting' | 'sign_in' | 'new_password' | 'new_pin' | 'locked' | 'rejoin' | 'in';

export const phase = signal<Phase>('starting');
export const account = signal<Account | null>(null);
export const known = signal<vault.Vault[]>([]);
export const indicators = signal<Indicators | null>(null);
export const rules = signal<ReferralRules | null>(null);
export const offices = signal<Office[]>([]);
export const offered = signal<string[]>([]); // the routes of the server that this device talks to
export const persisted = signal(true); // the browser promised not to clear what is stored

const IDLE = 10 * 60_000; // then the PIN is asked for again
let password = ''; // between signing in and the making of the PIN
let seen = Date.now();

async function learn(): Promise<void> {
  offered.value = Object.keys((await api.get<{ paths: object }>('/api/openapi.json')).paths);
  [indicators.value, rules.value, offices.value] = await Promise.all([
    api.get<Indicators>('/api/indicators'),
    api.get<ReferralRules>('/api/referral-rules'),
    api.get<{ items: Office[] }>('/api/institutions').then((page) => page.items),
  ]);
  await records.remember('device', { account: account.value, indicators: indicators.value, rules: rules.value, offices: offices.value, offered: offered.value });
}

interface Remembered { account: Account; indicators: Indicators; rules: ReferralRules; offices: Office[]; offered?: string[] }

async function enter(key: CryptoKey, username: string): Promise<void> {
  await records.load(username, key);
  const kept = await records.recall<Remembered>('device');
  if (kept) {
    account.value ??= kept.account;
    indicators.value = kept.indicators;
    rules.value = kept.rules;
    offices.value = kept.offices;
    offered.value = kept.offered ?? []; // kept by an earlier edition
  }
  if (!account.value) account.value = { username, role: 'officer', district: null, institution: null, must_change_password: false };
  seen = Date.now();
  phase.value = 'in';
  persisted.value = await navigator.storage.persist();
  void learn().catch(() => undefined);
  void sync(true);
}

export async function start(): Promise<void> {
  known.value = await disk.vaults();
  const who = await api.session().catch(() => null);
  if (who && who.role !== 'officer' && !who.must_change_password) {
    account.value = who;
    phase.value = 'in';
    void learn();
  } else {
    phase.value = known.value.length ? 'locked' : 'sign_in';
  }
}

// ---- signing in ----

export async function signIn(username: string, secret: string, totp?: string): Promise<void> {
  const who = await api.signIn(username, secret, totp);
  account.value = who;
  password = secret;
  await admit(who);
}

async function admit(who: Account): Promise<void> {
  if (who.must_change_password) {
    phase.value = 'new_password';
  } else if (who.role !== 'officer') {
    password = '';
    phase.value = 'in';
    void learn();
  } else {
    const mine = known.value.find((one) => one.username === who.username);
    const key = mine && await vault.open(mine.password, password);
    if (mine && key && mine.pin) await enter(key, who.username);
    else phase.value = mine && !key ? 'rejoin' : 'new_pin';
  }
}

export async function changePassword(next: string): Promise<void> {
  const who = account.value;
  if (!who) return;
  await api.ask('PUT', '/api/session/password', { current: password, new: next });
  const mine = known.value.find((one) => one.username === who.username);
  const renewed = mine && await vault.rekey(mine, 'password', password, { password: next });
  if (renewed) await keep(renewed);
  await signIn(who.username, next);
}

async function keep(made: vault.Vault): Promise<void> {
  await disk.putVault(made);
  known.value = await disk.vaults();
}

export async function choosePin(pin: string): Promise<void> {
  const username = account.value?.username;
  if (!username) return;
  const mine = known.value.find((one) => one.username === username);
  if (mine) { // the PIN was destroyed or forgotten; the password opens
    const renewed = await vault.rekey(mine, 'password', password, { pin });
    const key = renewed && await vault.open(renewed.password, password);
    if (!renewed || !key) return;
    await keep(renewed);
    await enter(key, username);
  } else {
    const made = await vault.make(username, password, pin);
    await keep(made.vault);
    await enter(made.key, username);
  }
  password = '';
}

// The password was changed elsewhere: the PIN opens what is here, and the new password is put beside it.
export async function rejoin(pin: string): Promise<boolean> {
  const username = account.value?.username;
  const mine = known.value.find((one) => one.username === username);
  if (!mine || !username || !await tryPin(mine)) return false;
  const renewed = await vault.rekey(mine, 'pin', pin, { password });
  const key = renewed && await vault.open(renewed.password, password);
  if (!renewed || !key) return false;
  await keep(renewed);
  password = '';
  await enter(key, username);
  return true;
}

// Neither the PIN nor the former password is known: what is here can never be read again, and makes room for a new beginning.
export async function startAfresh(): Promise<void> {
  if (!account.value) return;
  await disk.forget(account.value.username);
  known.value = await disk.vaults();
  phase.value = 'new_pin';
}

// ---- unlocking ----

// The failure is on the disk before the try: ending the browser does not win another one. False: no try is left.
async function tryPin(mine: vault.Vault): Promise<boolean> {
  if (!mine.pin) return false;
  const wrong = mine.wrong + 1;
  await keep({ ...mine, wrong, pin: wrong >= vault.MOST_WRONG ? null : mine.pin });
  return true;
}


export type Unlocked = 'open' | 'wrong' | 'pin_gone';

export async function unlock(username: string, secret: string, by: 'pin' | 'password'): Promise<Unlocked> {
  const mine = known.value.find((one) => one.username === username);
  const wrapped = mine?.[by];
  if (!mine || !wrapped) return 'pin_gone';
  if (by === 'pin') await tryPin(mine);
  const key = await vault.open(wrapped, secret);
  if (key) {
    await keep({ ...mine, wrong: 0 });
    await enter(key, username);
    return 'open';
  }
  return by === 'pin' && mine.wrong + 1 >= vault.MOST_WRONG ? 'pin_gone' : 'wrong';
}

export async function lock(): Promise<void> {
  await records.settled();
  records.close();
  account.value = null;
  link.value = 'idle';
  known.value = await disk.vaults();
  phase.value = known.value.length ? 'locked' : 'sign_in';
}

export async function leave(): Promise<void> {
  await api.signOut().catch(() => undefined);
  await lock();
}

export async function forget(username: string): Promise<void> {
  if (records.user() === username) records.close();
  await disk.forget(username);
  await leave();
}

export function guard(): void {
  for (const event of ['pointerdown', 'keydown']) addEventListener(event, () => { seen = Date.now(); }, { passive: true });
  setInterval(() => { if (records.user() && Date.now() - seen > IDLE) void lock(); }, 15_000);
}
