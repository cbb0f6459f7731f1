// The trust survey, one respondent after another, with or without signal. No name is asked, and what was sent leaves the phone.

import { useEffect, useState } from 'preact/hooks';
import { get } from '../api';
import { account } from '../device';
import { begin, drop, find, of, put, recall, remember, type Local } from '../records';
import { explain } from '../remote';
import { go } from '../router';
import { sync } from '../sync';
import { language, said, t, when, type Bilingual } from '../text';
import { Button, Choice, Notice } from '../ui';
import { Standing } from './incidents';

interface Questionnaire {
  scales: { key: string; points: string; es: string[]; en: string[] }[];
  questions: (Bilingual & { id: string; scale: string })[];
}

const WAVES = ['pre', 'post'] as const;
const MODES = ['in_person', 'telephone', 'self'] as const;

// Fetched while there is signal, kept for when there is none.
async function questionnaire(): Promise<Questionnaire> {
  try {
    const fetched = await get<Questionnaire>('/api/surveys/questionnaire');
    await remember('trust', fetched);
    return fetched;
  } catch (error) {
    const kept = await recall<Questionnaire>('trust');
    if (kept) return kept;
    throw error;
  }
}

function useQuestionnaire(): { asked: Questionnaire | undefined; trouble: string } {
  const [asked, setAsked] = useState<Questionnaire>();
  const [trouble, setTrouble] = useState('');
  useEffect(() => { questionnaire().then(setAsked, (error: unknown) => setTrouble(explain(error))); }, []);
  return { asked, trouble };
}

const without = (answers: Record<string, number>, id: string): Record<string, number> =>
  Object.fromEntries(Object.entries(answers).filter(([key]) => key !== id));

function Sheet({ record, asked }: { record: Local<'survey'>; asked: Questionnaire }) {
  const { body } = record;
  const change = (more: Partial<typeof body>): void => void put({ ...record, body: { ...body, ...more } });
  const hand = (): void => void put({ ...record, finished: true }).then(() => { go('survey'); void sync(); });
  const discard = (): void => { if (confirm(t('survey.discard_sure'))) void drop(record.id).then(() => go('survey')); };
  return (
    <div class="wizard">
      <h1 tabIndex={-1}>{t('tab.survey')}</h1>
      <p class="help">{t('survey.skip')}</p>
      <section class="card">
        <Choice legend={t('survey.wave')} group="wave" codes={WAVES} value={body.wave} onValue={(wave) => change({ wave })} />
        <Choice legend={t('survey.mode')} group="mode" codes={MODES} value={body.mode} onValue={(mode) => change({ mode })} />
      </section>
      {asked.questions.map((one, at) => {
        const scale = asked.scales.find((other) => other.key === one.scale);
        const points = Array.from({ length: Number(scale?.points ?? 0) }, (_, i) => `${i + 1}`);
        const ends = scale?.[language.value] ?? [];
        return (
          <section class="card" key={one.id}>
            <Choice legend={`${at + 1}. ${said(one)}`} group="" codes={points} value={`${body.answers[one.id] ?? ''}`} row name={(point) => point}
              onValue={(point) => change({ answers: { ...body.answers, [one.id]: Number(point) } })} />
            <p class="help">{t('survey.ends', { least: ends[0] ?? '', n: points.length, most: ends[1] ?? '' })}</p>
            {body.answers[one.id] !== undefined && <Button aria-label={`${t('survey.none')}: ${at + 1}`} onClick={() => change({ answers: without(body.answers, one.id) })}>{t('survey.none')}</Button>}
          </section>
        );
      })}
      <Button kind="main" disabled={!Object.keys(body.answers).length} onClick={hand}>{t('survey.hand_in')}</Button>
      <Button kind="danger" onClick={discard}>{t('survey.discard')}</Button>
    </div>
  );
}

function Surveys({ ready }: { ready: boolean }) {
  const district = account.value?.district;
  const start = (): void => {
    if (!district) return;
    const record = begin('survey', { district, wave: 'pre', mode: 'in_person', taken_at: new Date().toISOString(), answers: {} });
    void put(record).then(() => go(`survey/${record.id}`));
  };
  return (
    <>
      <h1 tabIndex={-1}>{t('tab.survey')}</h1>
      <p class="help">{t('survey.help')}</p>
      <Button kind="main" disabled={!ready || !district} onClick={start}>{t('survey.start')}</Button>
      <ul class="list">
        {of('survey').map((one) => (
          <li key={one.id}>
            {one.finished ? <div><strong>{when(one.begun_at)}</strong><Standing record={one as unknown as Local} /></div>
              : <a href={`#/survey/${one.id}`}><strong>{when(one.begun_at)}</strong><Standing record={one as unknown as Local} /></a>}
          </li>
        ))}
      </ul>
    </>
  );
}

export function Survey({ id }: { id: string }) {
  const { asked, trouble } = useQuestionnaire();
  const record = find(id) as Local<'survey'> | undefined;
  if (trouble) return <><h1 tabIndex={-1}>{t('tab.survey')}</h1><Notice kind="error">{trouble}</Notice></>;
  return record && !record.finished && asked ? <Sheet record={record} asked={asked} /> : <Surveys ready={asked !== undefined} />;
}
