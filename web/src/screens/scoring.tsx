// Scoring documentation by hand: a random sample, without officer, district or dates, by the rubric's anchors.

import { useState } from 'preact/hooks';
import { ask, get } from '../api';
import { go } from '../router';
import { explain, useRemote } from '../remote';
import { said, t, type Bilingual } from '../text';
import type { Incident } from '../types';
import { Badge, Button, Choice, Empty, Notice } from '../ui';
import { IncidentBody } from './incident_view';

interface Rubric { human: (Bilingual & { key: string; anchors?: Record<string, string> })[] }
interface Item { id: string; scored: boolean }

const POINTS = ['0', '1', '2'];

function Score({ id }: { id: string }) {
  const [scores, setScores] = useState<Record<string, string>>({});
  const [trouble, setTrouble] = useState('');
  const { data, trouble: missing } = useRemote(async () => ({
    record: await get<Incident>(`/api/quality/items/${id}`),
    rubric: await get<Rubric>('/api/quality/rubric'),
  }), id);
  if (missing) return <Notice kind="error">{missing}</Notice>;
  if (!data) return <p role="status">{t('starting')}</p>;
  const open = data.rubric.human.filter((one) => !scores[one.key]).length;
  const keep = (): void => {
    setTrouble('');
    ask('PUT', `/api/quality/items/${id}`, { scores }).then(() => go('scoring'), (error: unknown) => setTrouble(explain(error)));
  };
  return (
    <>
      <h1 tabIndex={-1}>{t('scoring.one')}</h1>
      <IncidentBody body={data.record} />
      <section class="card">
        <h2>{t('scoring.points')}</h2>
        {data.rubric.human.map((one) => (
          <Choice key={one.key} legend={said(one)} group="" codes={POINTS} value={scores[one.key]}
            name={(points) => (one.anchors?.[points] ? `${points} · ${one.anchors[points]}` : points)} onValue={(points) => setScores({ ...scores, [one.key]: points })} />
        ))}
        {open > 0 && <p class="help" aria-live="polite">{t('conflict.left', { n: open })}</p>}
        {trouble && <Notice kind="error">{trouble}</Notice>}
        <Button kind="main" disabled={open > 0} onClick={keep}>{t('entry.keep')}</Button>
      </section>
    </>
  );
}

function Sample() {
  const { data, trouble } = useRemote(async () => (await get<{ items: Item[] }>('/api/quality/items')).items, '');
  return (
    <>
      <h1 tabIndex={-1}>{t('tab.scoring')}</h1>
      <p class="help">{t('scoring.help')}</p>
      {trouble && <Notice kind="error">{trouble}</Notice>}
      {data && !data.length && <Empty text="scoring.none" />}
      <ul class="list">
        {(data ?? []).map((one, at) => (
          <li key={one.id}>
            <a href={`#/scoring/${one.id}`}><strong>{t('scoring.record', { n: at + 1 })}</strong><Badge kind={one.scored ? 'fine' : 'waiting'}>{t(one.scored ? 'scoring.done' : 'scoring.open')}</Badge></a>
          </li>
        ))}
      </ul>
    </>
  );
}

export const Scoring = ({ id }: { id: string }) => (id ? <Score id={id} key={id} /> : <Sample />);
