// Two devices changed one record: both values of each field are shown, and the person chooses. Nothing is merged silently.

import { useState } from 'preact/hooks';
import { indicators } from '../device';
import { conflicts, type Local } from '../records';
import { settle, type Choice } from '../sync';
import { named, said, t, when, type Key } from '../text';
import type { Person } from '../types';
import { Button, Empty } from '../ui';

const GROUPS: Record<string, string> = { origin: 'origin', profile: 'profile', actions: 'action', sources: 'source', consent: 'consent', urgency: 'urgency', document_kind: 'document' };

function label(kind: string, member: string): string {
  const [outer = '', inner] = member.slice(1).split('/');
  if (inner && outer === 'indicators') return said(indicators.value?.indicators.find((one) => one.id === inner)) || inner;
  const group = kind === 'identity' ? 'person' : kind;
  return named('field', `${group}.${outer}`);
}

function person(one: Person): string {
  return [named('age', one.age_group), named('sex', one.sex), (one.needs ?? []).map((code) => named('need', code)).join(', '), named('consent', one.consent), one.own_words]
    .filter(Boolean).join(' · ');
}

function show(member: string, value: unknown): string {
  if (value === null || value === undefined || value === '') return t('conflict.nothing');
  const [outer = '', inner] = member.slice(1).split('/');
  if (outer === 'indicators' && inner) return named('answer', String(value));
  if (outer === 'persons') return (value as Person[]).map(person).join('\n') || t('conflict.nothing');
  if (outer === 'point') { const { lat, lon } = value as { lat: number; lon: number }; return `${lat}, ${lon}`; }
  if (outer.endsWith('_at')) return when(String(value));
  if (typeof value === 'boolean') return named('boolean', value ? 'yes' : 'no');
  const group = GROUPS[outer];
  return (Array.isArray(value) ? value : [value]).map((one) => (group ? named(group, String(one)) : String(one))).join(', ');
}

const SIDES: [Choice, Key][] = [['yours', 'conflict.yours'], ['stored', 'conflict.stored']];

function One({ record }: { record: Local }) {
  const [choices, setChoices] = useState<Record<string, Choice>>({});
  const differences = record.conflict?.differences ?? [];
  const open = differences.filter((one) => !choices[one.member]).length;
  return (
    <section class="card">
      <h2>{named('kind', record.kind)} · {when(record.begun_at)}</h2>
      {differences.map((one) => (
        <fieldset key={one.member} class="versus">
          <legend>{label(record.kind, one.member)}</legend>
          {SIDES.map(([side, name]) => (
            <label key={side} class={side}>
              <input type="radio" name={`${record.id}${one.member}`} checked={choices[one.member] === side} onChange={() => setChoices({ ...choices, [one.member]: side })} />
              <span class="side">{t(name)}</span>
              <span class="value prose">{show(one.member, one[side])}</span>
            </label>
          ))}
        </fieldset>
      ))}
      {open > 0 && <p class="help" aria-live="polite">{t('conflict.left', { n: open })}</p>}
      <Button kind="main" disabled={open > 0} onClick={() => void settle(record, choices)}>{t('conflict.settle')}</Button>
    </section>
  );
}

export function Conflicts() {
  return (
    <>
      <h1 tabIndex={-1}>{t('conflict.title')}</h1>
      {!conflicts.value.length && <Empty text="conflict.none" />}
      {conflicts.value.length > 0 && <p>{t('conflict.why')}</p>}
      {conflicts.value.map((one) => <One key={one.id} record={one} />)}
    </>
  );
}
