// A new incident, in five short parts, for one thumb. Every keystroke is kept, sealed, before it is seen again.

import { useState } from 'preact/hooks';
import { indicators } from '../device';
import { ACTIONS, AGES, CONSENTS, DOCUMENTS, NEEDS, ORIGINS, PROFILES, SEXES, SOURCES, tidy } from '../incident';
import { begin, drop, find, of, put, type Local } from '../records';
import { go } from '../router';
import { sync } from '../sync';
import { said, t, type Key } from '../text';
import type { Answer, Identity, Incident, Person } from '../types';
import { Button, Choice, Choices, Field, Notice } from '../ui';

interface PartProps { record: Local<'incident'>; change: (next: Partial<Incident>) => void }

const local = (instant: string): string => {
  const date = new Date(instant);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
};

function What({ record, change }: PartProps) {
  const { body } = record;
  const [trouble, setTrouble] = useState('');
  const locate = (): void => navigator.geolocation.getCurrentPosition(
    ({ coords }) => { setTrouble(''); change({ point: { lat: coords.latitude, lon: coords.longitude } }); },
    () => setTrouble(t('incident.no_point')), { timeout: 15_000, enableHighAccuracy: true });
  return (
    <>
      <Choice legend={t('incident.origin')} group="origin" codes={ORIGINS} value={body.origin} onValue={(origin) => change({ origin })} />
      <Choice legend={t('incident.profile')} group="profile" codes={PROFILES} value={body.profile} onValue={(profile) => change({ profile })} />
      <Field label={t('incident.place')} value={body.place ?? ''} onValue={(place) => change({ place })} limit={300} />
      <div class="beside">
        <Button onClick={locate}>{t(body.point ? 'incident.point_again' : 'incident.point')}</Button>
        {body.point && <span class="help">{body.point.lat.toFixed(5)}, {body.point.lon.toFixed(5)}</span>}
        {trouble && <Notice kind="warning">{trouble}</Notice>}
      </div>
      <Field label={t('incident.occurred_at')} type="datetime-local" value={local(body.occurred_at)}
        onValue={(value) => { if (value) change({ occurred_at: new Date(value).toISOString() }); }} />
    </>
  );
}

function Signs({ record, change }: PartProps) {
  const list = indicators.value;
  const answers = record.body.indicators ?? {};
  if (!list) return <Notice kind="warning">{t('incident.no_list')}</Notice>;
  const answer = (id: string, value: string): void => change({ indicators: { ...answers, [id]: value as Answer } });
  const shown = list.indicators.filter((one) => record.body.profile === 'unknown' || record.body.profile in one.strength);
  return (
    <>
      <p class="help">{t('incident.signs_help')}</p>
      {list.dimensions.map((dimension, at) => {
        const own = shown.filter((one) => one.dimension === dimension.key);
        if (!own.length) return null;
        const done = own.filter((one) => answers[one.id]).length;
        return (
          <details key={dimension.key} open={at === 0}>
            <summary><span>{said(dimension)}</span><span class="count">{done}/{own.length}</span></summary>
            {own.map((one) => (
              <Choice key={one.id} row legend={said(one)} group="answer" codes={['yes', 'no', 'not_observed']} value={answers[one.id]} onValue={(value) => answer(one.id, value)} />
            ))}
          </details>
        );
      })}
    </>
  );
}

function Who({ incident, person }: { incident: Local<'incident'>; person: Person }) {
  const stored = of('identity').find((one) => one.id === person.id);
  const change = (next: Partial<Identity>): void => {
    const record = stored ?? begin('identity', { incident: incident.id }, { id: person.id, needs: incident.id, finished: incident.finished });
    void put({ ...record, dirty: true, refused: undefined, body: { ...record.body, ...next } });
  };
  const body = stored?.body;
  return (
    <details>
      <summary><span>{t('person.identity')}</span></summary>
      <p class="help">{t('person.identity_help')}</p>
      <Field label={t('person.names')} value={body?.names ?? ''} onValue={(names) => change({ names })} limit={200} />
      <Choice legend={t('person.document_kind')} group="document" codes={DOCUMENTS} value={body?.document_kind} onValue={(document_kind) => change({ document_kind })} />
      <Field label={t('person.document_number')} value={body?.document_number ?? ''} onValue={(document_number) => change({ document_number })} limit={40} />
      <Field label={t('person.telephone')} type="tel" inputMode="tel" value={body?.telephone ?? ''} onValue={(telephone) => change({ telephone })} limit={40} />
      <Field label={t('person.safe_contact')} value={body?.safe_contact ?? ''} onValue={(safe_contact) => change({ safe_contact })} limit={300} />
    </details>
  );
}

function Persons({ record, change }: PartProps) {
  const persons = record.body.persons ?? [];
  const set = (id: string, next: Partial<Person>): void => change({ persons: persons.map((one) => (one.id === id ? { ...one, ...next } : one)) });
  const add = (): void => change({ persons: [...persons, { id: crypto.randomUUID(), age_group: 'unknown', sex: 'unknown', consent: 'not_asked' }] });
  const leave = (id: string): void => {
    change({ persons: persons.filter((one) => one.id !== id) });
    if (of('identity').some((one) => one.id === id && !one.base)) void drop(id);
  };
  return (
    <>
      {persons.map((one, at) => (
        <section key={one.id} class="card">
          <div class="beside"><h2>{t('person.title', { n: at + 1 })}</h2><Button onClick={() => leave(one.id)}>{t('person.remove')}</Button></div>
          <Choice legend={t('person.age')} group="age" codes={AGES} value={one.age_group} onValue={(age_group) => set(one.id, { age_group })} />
          <Choice legend={t('person.sex')} group="sex" codes={SEXES} value={one.sex} onValue={(sex) => set(one.id, { sex })} />
          <Choices legend={t('person.needs')} group="need" codes={NEEDS} values={one.needs} onValues={(needs) => set(one.id, { needs })} />
          <Choice legend={t('person.consent')} group="consent" codes={CONSENTS} value={one.consent} onValue={(consent) => set(one.id, { consent })} />
          <Field label={t('person.own_words')} rows={3} value={one.own_words ?? ''} onValue={(own_words) => set(one.id, { own_words })} limit={4000} />
          <Who incident={record} person={one} />
        </section>
      ))}
      <Button onClick={add} kind={persons.length ? 'quiet' : 'main'}>{t('person.add')}</Button>
    </>
  );
}

function Story({ record, change }: PartProps) {
  const { body } = record;
  return (
    <>
      <Field label={t('incident.narrative')} help={t('incident.narrative_help')} rows={7} value={body.narrative ?? ''} onValue={(narrative) => change({ narrative })} limit={20000} />
      <Choices legend={t('incident.sources')} group="source" codes={SOURCES} values={body.sources} onValues={(sources) => change({ sources })} />
      <Field label={t('incident.inferences')} help={t('incident.inferences_help')} rows={3} value={body.inferences ?? ''} onValue={(inferences) => change({ inferences })} limit={4000} />
    </>
  );
}

const Actions = ({ record, change }: PartProps) => (
  <>
    <Choices legend={t('incident.actions')} group="action" codes={ACTIONS} values={record.body.actions} onValues={(actions) => change({ actions })} />
    <p class="help">{t('incident.role')}</p>
  </>
);

const PARTS: [Key, (props: PartProps) => preact.JSX.Element][] = [
  ['part.what', What], ['part.signs', Signs], ['part.persons', Persons], ['part.story', Story], ['part.actions', Actions],
];

async function finish(record: Local<'incident'>): Promise<void> {
  const body = tidy({ ...record.body, finished_at: record.body.finished_at ?? new Date().toISOString(), persons: (record.body.persons ?? []).map(tidy) });
  await put({ ...record, body, finished: true, dirty: true, refused: undefined });
  for (const one of of('identity').filter((other) => other.body.incident === record.id)) {
    await put({ ...one, body: tidy(one.body), finished: true });
  }
  go(`incidents/${record.id}`);
  void sync();
}

export function IncidentForm({ id }: { id: string }) {
  const [part, setPart] = useState(0);
  const record = find(id) as Local<'incident'> | undefined;
  if (!record) return <Notice kind="warning">{t('not_here')}</Notice>;
  const change = (next: Partial<Incident>): void => void put({ ...record, dirty: true, finished: false, body: { ...record.body, ...next } });
  const [title, Part] = PARTS[part]!;
  const move = (to: number): void => {
    setPart(to);
    scrollTo(0, 0);
    requestAnimationFrame(() => document.querySelector<HTMLElement>('h1')?.focus());
  };
  const away = (): void => {
    if (!record.base && confirm(t('incident.drop_sure'))) {
      for (const one of of('identity').filter((other) => other.body.incident === id)) void drop(one.id);
      void drop(id);
      go('');
    }
  };
  return (
    <div class="wizard">
      <h1 tabIndex={-1}>{t(title)}</h1>
      <ol class="steps">
        {PARTS.map(([key], at) => (
          <li key={key}><button type="button" aria-current={at === part ? 'step' : undefined} onClick={() => move(at)}><span aria-hidden="true">{at + 1}</span><span class="name">{t(key)}</span></button></li>
        ))}
      </ol>
      <Part record={record} change={change} />
      {!record.base && <Button kind="danger" onClick={away}>{t('incident.drop')}</Button>}
      <div class="bar">
        <Button onClick={() => move(part - 1)} disabled={part === 0}>{t('back')}</Button>
        {part < PARTS.length - 1 && <Button onClick={() => void finish(record)}>{t('incident.finish')}</Button>}
        {part < PARTS.length - 1
          ? <Button kind="main" onClick={() => move(part + 1)}>{t('next')}</Button>
          : <Button kind="main" onClick={() => void finish(record)}>{t('incident.finish')}</Button>}
      </div>
    </div>
  );
}
