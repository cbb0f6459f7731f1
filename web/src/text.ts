// What the person reads: message catalogues, Spanish first. No string that is shown stands in code.

import { signal } from '@preact/signals';
import en from './messages/en.json';
import es from './messages/es.json';

export type Key = keyof typeof es;
export type Language = 'es' | 'en';

const catalogues: Record<Language, Record<Key, string>> = { es, en };
const remembered = localStorage.getItem('language');

export const language = signal<Language>(remembered === 'en' ? 'en' : 'es');

export function setLanguage(next: Language): void {
  localStorage.setItem('language', next);
  document.documentElement.lang = next;
  language.value = next;
}

export function t(key: Key, values: Record<string, string | number> = {}): string {
  return catalogues[language.value][key].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? ''));
}

// The name of a code of the API; a code that the catalogue does not know stays as it is.
export function named(group: string, code: string | undefined): string {
  const found = (catalogues[language.value] as Record<string, string>)[`${group}.${code ?? ''}`];
  return found ?? code ?? '';
}

export interface Bilingual { es: string; en: string }

export const said = (words: Bilingual | undefined): string => words?.[language.value] ?? '';

export function when(instant: string | undefined): string {
  if (!instant) return '';
  return new Date(instant).toLocaleString(language.value === 'es' ? 'es-PE' : 'en-GB',
    { day: '2-digit', month: 'short', hour: '2-digit', minute: '2-digit' });
}
