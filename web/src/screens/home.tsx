// The officer's first screen: counting with one tap, a new incident, what was begun.

import { useEffect, useState } from 'preact/hooks';
import { account, offered } from '../device';
import { newIncident } from '../incident';
import { begin, drop, of, put, type Local } from '../records';
import { go } from '../router';
import { sync } from '../sync';
import { named, t, when } from '../text';
import { Button, Notice } from '../ui';

const KINDS = ['encounter', 'screening', 'refusal'] as const;
const GRACE = 6000; // so long a tap can be taken back

function today(kind: string): number {
  const day = new Date().toDateString();
  return of('count').filter((one) => one.body.kind === kind && new Date(one.begun_at).toDateString() === day).length;
}

function Counters() {
  const [last, setLast] = useState<Local<'count'> | null>(null);
  useEffect(() => {
    if (!last) return undefined;
    const timer = setTimeout(() => { setLast(null); void sync(); }, GRACE);
    return () => clearTimeout(timer);
  }, [last]);
  const add = (kind: string): void => {
    const one = begin('count', { kind, occurred_at: new Date().toISOString(), number: 1 }, { finished: true, not_before: Date.now() + GRACE });
    void put(one);
    setLast(one);
    navigator.vibrate?.(30);
  };
  return (
    <section aria-labelledby="counters">
      <h2 id="counters">{t('home.count')}</h2>
      <div class="counters">
        {KINDS.map((kind) => (
          <button key={kind} type="button" class={`counter ${kind}`} onClick={() => add(kind)}>
            <strong>{today(kind)}</strong>
            <span>{named('count', kind)}</span>
          </button>
        ))}
      </div>
      <div class="undo" aria-live="polite">
        {last && <>{t('home.counted', { what: named('count', last.body.kind) })} <Button onClick={() => { void drop(last.id); setLast(null); }}>{t('undo')}</Button></>}
      </div>
    </section>
  );
}

function Drafts() {
  const drafts = of('incident').filter((one) => !one.finished);
  if (!drafts.length) return null;
  return (
    <section>
      <h2>{t('home.drafts')}</h2>
      <ul class="list">
        {drafts.map((one) => (
          <li key={one.id}><a href={`#/edit/${one.id}`}><strong>{one.body.place || named('origin', one.body.origin)}</strong><span>{when(one.begun_at)}</span></a></li>
        ))}
      </ul>
    </section>
  );
}

export function Home() {
  const district = account.value?.district;
  const start = (): void => {
    if (!district) return;
    const one = newIncident(district);
    void put(one);
    go(`edit/${one.id}`);
  };
  return (
    <>
      <h1 class="quiet" tabIndex={-1}>{t('tab.home')}</h1>
      <Button kind="main" class="button main large" onClick={start} disabled={!district}>{t('home.new')}</Button>
      {!district && <Notice kind="warning">{t('home.no_district')}</Notice>}
      <Counters />
      <Drafts />
      <ul class="list">
        {offered.value.includes('/api/knowledge/sittings/{uuid}') && <li><a href="#/knowledge"><strong>{t('tab.knowledge')}</strong></a></li>}
        {offered.value.includes('/api/surveys/{uuid}') && <li><a href="#/survey"><strong>{t('tab.survey')}</strong></a></li>}
      </ul>
    </>
  );
}
