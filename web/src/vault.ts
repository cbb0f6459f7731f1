// Keys of what lies on the device. Records are sealed by AES-256-GCM under one random key; that key is kept only wrapped: once
// under a key made from the PIN, once under one made from the password (PBKDF2-SHA-256; Argon2 is not in WebCrypto). After too
// many wrong PINs the first wrap is destroyed: the password still opens everything, and nothing is lost. The opened key cannot
// be exported and lives in memory alone.

const ROUNDS = 600_000;
export const MOST_WRONG = 8;
export const LEAST_PIN = 6;

export interface Wrap { salt: Uint8Array<ArrayBuffer>; iv: Uint8Array<ArrayBuffer>; key: Uint8Array<ArrayBuffer>; rounds: number }
export interface Vault { username: string; pin: Wrap | null; password: Wrap; wrong: number }
export interface Sealed { iv: Uint8Array<ArrayBuffer>; data: Uint8Array<ArrayBuffer> }

const random = (n: number): Uint8Array<ArrayBuffer> => crypto.getRandomValues(new Uint8Array(n));
const encode = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);

async function derive(secret: string, salt: Uint8Array<ArrayBuffer>, rounds: number): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey('raw', encode(secret.normalize('NFKC')), 'PBKDF2', false, ['deriveKey']);
  return crypto.subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }, base,
    { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

async function wrap(raw: Uint8Array<ArrayBuffer>, secret: string): Promise<Wrap> {
  const salt = random(16);
  const iv = random(12);
  const key = await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await derive(secret, salt, ROUNDS), raw);
  return { salt, iv, key: new Uint8Array(key), rounds: ROUNDS };
}

const asKey = (raw: Uint8Array<ArrayBuffer>): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']);

async function unwrap(wrapped: Wrap, secret: string): Promise<Uint8Array<ArrayBuffer> | null> {
  const key = await derive(secret, wrapped.salt, wrapped.rounds);
  try {
    return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: wrapped.iv }, key, wrapped.key));
  } catch {
    return null; // the wrong secret
  }
}

export async function make(username: string, password: string, pin: string): Promise<{ vault: Vault; key: CryptoKey }> {
  const raw = random(32);
  const vault = { username, pin: await wrap(raw, pin), password: await wrap(raw, password), wrong: 0 };
  const key = await asKey(raw);
  raw.fill(0);
  return { vault, key };
}

export async function open(wrapped: Wrap, secret: string): Promise<CryptoKey | null> {
  const raw = await unwrap(wrapped, secret);
  const key = raw && await asKey(raw);
  raw?.fill(0);
  return key;
}

// New wraps of the same key, by who knows one of its secrets. Null: that secret is wrong.
export async function rekey(vault: Vault, by: 'pin' | 'password', secret: string, next: { pin?: string; password?: string }): Promise<Vault | null> {
  const wrapped = vault[by];
  const raw = wrapped && await unwrap(wrapped, secret);
  if (!raw) return null;
  const renewed: Vault = {
    ...vault,
    wrong: 0,
    pin: next.pin === undefined ? vault.pin : await wrap(raw, next.pin),
    password: next.password === undefined ? vault.password : await wrap(raw, next.password),
  };
  raw.fill(0);
  return renewed;
}

// `place` is bound in: a sealed record moved under another name does not open.
export async function seal(key: CryptoKey, place: string, value: unknown): Promise<Sealed> {
  const iv = random(12);
  const data = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: encode(place) }, key, encode(JSON.stringify(value)));
  return { iv, data: new Uint8Array(data) };
}

export async function unseal<T>(key: CryptoKey, place: string, sealed: Sealed): Promise<T> {
  const text = await crypto.subtle.decrypt({ name: 'AES-GCM', iv: sealed.iv, additionalData: encode(place) }, key, sealed.data);
  return JSON.parse(new TextDecoder().decode(text)) as T;
}
