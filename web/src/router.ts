// Where in the app one is: the part of the address behind the hash, which needs no server.

import { signal } from '@preact/signals';

const read = (): string[] => location.hash.replace(/^#\/?/, '').split('/').map(decodeURIComponent);

export const where = signal<string[]>(read());

addEventListener('hashchange', () => {
  where.value = read();
  scrollTo(0, 0);
  requestAnimationFrame(() => document.querySelector<HTMLElement>('h1')?.focus());
});

export const go = (path: string): void => { location.hash = `#/${path}`; };
