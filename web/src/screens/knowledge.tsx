// The knowledge test: fetched once with signal, then answered without; handed in once. Which answers are right is never told.

import { useState } from 'preact/hooks';
import { ask } from '../api';
import { begin, find, of, put, type Local } from '../records';
import { explain } from '../remote';
import { go } from '../router';
import { sync } from '../sync';
import { named, said, t, when } from '../text';
import type { Sitting } from '../types';
import { Button, Choice, Notice } from '../ui';
import { Standing } from './incidents';

const WAVES = ['pre', 'post'] as const;

function Test({ record }: { record: Local<'sitting'> }) {
  const { items, answers, wave } = record.body;
  const open = items.filter((one) => !answers[one.id]).length;
  const answer = (id: string, key: string): void => void put({ ...record, body: { ...record.body, answers: { ...answers, [id]: key } } });
  const hand = (): void => {
    if (open && !confirm(t('knowledge.open_sure', { n: open }))) return;
    void put({ ...record, finished: true }).then(() => { go('knowledge'); void sync(); });
  };
  return (
    <div class="wizard">
      <h1 tabIndex={-1}>{named('wave', wave)}</h1>
      {items.map((one, at) => (
        <section class="card" key={one.id}>
          <Choice legend={`${at + 1}. ${said(one)}`} group="" codes={one.options.map((option) => option.key)} value={answers[one.id]}
            name={(key) => said(one.options.find((option) => option.key === key))} onValue={(key) => answer(one.id, key)} />
        </section>
      ))}
      <p class="help" aria-live="polite">{t('knowledge.left', { n: open })}</p>
      <Button kind="main" onClick={hand}>{t('knowledge.hand_in')}</Button>
    </div>
  );
}

function Waves() {
  const [trouble, setTrouble] = useState('');
  const start = async (wave: string): Promise<void> => {
    const record = begin('sitting', { wave, items: [], answers: {} });
    const { body } = await ask<Pick<Sitting, 'items'>>('PUT', `/api/knowledge/sittings/${record.id}`, { wave });
    await put({ ...record, body: { ...record.body, items: body.items } });
    go(`knowledge/${record.id}`);
  };
  return (
    <>
      <h1 tabIndex={-1}>{t('tab.knowledge')}</h1>
      <p class="help">{t('knowledge.help')}</p>
      {trouble && <Notice kind="error">{trouble}</Notice>}
      <ul class="list">
        {WAVES.map((wave) => {
          const one = of('sitting').find((other) => other.body.wave === wave);
          return (
            <li key={wave}>
              {one?.finished ? <div><strong>{named('wave', wave)}</strong><span>{when(one.begun_at)}</span><Standing record={one as unknown as Local} /></div>
                : one ? <a href={`#/knowledge/${one.id}`}><strong>{named('wave', wave)}</strong><Standing record={one as unknown as Local} /></a>
                  : <div><strong>{named('wave', wave)}</strong><Button onClick={() => { setTrouble(''); start(wave).catch((error: unknown) => setTrouble(explain(error))); }}>{t('knowledge.start')}</Button></div>}
            </li>
          );
        })}
      </ul>
    </>
  );
}

export function Knowledge({ id }: { id: string }) {
  const record = find(id) as Local<'sitting'> | undefined;
  return record && !record.finished ? <Test record={record} /> : <Waves />;
}
