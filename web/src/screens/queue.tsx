// A supervisor's queue: the district's incidents, the latest change first.

import { all } from '../api';
import { useRemote } from '../remote';
import { named, t, when } from '../text';
import type { Incident, Stored } from '../types';
import { Button, Empty, Notice } from '../ui';

export function Queue() {
  const { data, trouble, again } = useRemote(() => all<Incident & Stored>('/api/incidents'), '');
  return (
    <>
      <div class="beside"><h1 tabIndex={-1}>{t('tab.queue')}</h1><Button onClick={again}>{t('again')}</Button></div>
      {trouble && <Notice kind="error">{trouble}</Notice>}
      {data && !data.length && <Empty text="incidents.none" />}
      <ul class="list">
        {(data ?? []).map((one) => (
          <li key={one.id}>
            <a href={`#/incidents/${one.id}`}>
              <strong>{one.place || named('origin', one.origin)}</strong>
              <span>{when(one.occurred_at)} · {named('profile', one.profile)} · {t('incidents.persons', { n: one.persons?.length ?? 0 })}</span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
