// The server, over its own origin: the cookie goes along by itself, the token of the session is kept in memory only.

import type { Account } from './types';

export class Problem extends Error {
  constructor(readonly status: number, readonly detail: string, readonly body: Record<string, unknown> = {}) {
    super(detail);
  }
}

// No answer at all: no signal, or the server is down. What was asked may or may not have happened.
export class Unreachable extends Error {}

let token = '';

export interface Reply<T> { status: number; body: T }

export async function ask<T>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply<T>> {
  let response: Response;
  let text: string;
  try {
    response = await fetch(path, {
      method,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(method === 'GET' || !token ? {} : { 'X-CSRF-Token': token }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    text = await response.text();
  } catch {
    throw new Unreachable();
  }
  let parsed: unknown = null;
  try {
    parsed = text ? JSON.parse(text) : null;
  } catch {
    throw new Unreachable(); // a captive portal's page, not the server
  }
  if (!response.ok) {
    const problem = (parsed ?? {}) as Record<string, unknown>;
    throw new Problem(response.status, String(problem['detail'] ?? problem['title'] ?? response.status), problem);
  }
  return { status: response.status, body: parsed as T };
}

export const get = async <T>(path: string, headers?: Record<string, string>): Promise<T> => (await ask<T>('GET', path, undefined, headers)).body;

type Session = Account & { csrf: string };

function keep(session: Session): Account {
  token = session.csrf;
  return session;
}

export const signIn = async (username: string, password: string, totp?: string): Promise<Account> =>
  keep((await ask<Session>('POST', '/api/session', { username, password, ...(totp ? { totp } : {}) })).body);

// Who is signed in, or null.
export async function session(): Promise<Account | null> {
  try {
    return keep(await get<Session>('/api/session'));
  } catch (error) {
    if (error instanceof Problem && error.status === 401) return null;
    throw error;
  }
}

export async function signOut(): Promise<void> {
  await ask('DELETE', '/api/session');
  token = '';
}

// A document that the server makes, as bytes.
export async function fetchFile(path: string): Promise<Blob> {
  const response = await fetch(path, { method: 'POST', credentials: 'same-origin', cache: 'no-store', headers: { 'X-CSRF-Token': token } })
    .catch(() => { throw new Unreachable(); });
  if (response.ok) return response.blob();
  const problem = await response.json().catch(() => ({})) as Record<string, unknown>;
  throw new Problem(response.status, String(problem['detail'] ?? response.status), problem);
}

// Every page of a list, at most `most` items.
export async function all<T>(path: string, most = 400): Promise<T[]> {
  const items: T[] = [];
  let cursor = '';
  do {
    const joint = path.includes('?') ? '&' : '?';
    const page: { items: T[]; next?: string | null } = await get(`${path}${joint}limit=100${cursor && `&cursor=${cursor}`}`);
    items.push(...page.items);
    cursor = page.next ?? '';
  } while (cursor && items.length < most);
  return items;
}
