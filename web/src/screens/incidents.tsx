// The officer's own incidents, each with where it stands.

import { of, type Local } from '../records';
import { named, t, when, type Key } from '../text';
import { Badge, Empty } from '../ui';

export function standing(one: Local): [string, Key] {
  if (one.conflict) return ['error', 'standing.conflict'];
  if (one.refused) return ['error', 'standing.refused'];
  if (!one.finished) return ['draft', 'standing.draft'];
  return one.dirty ? ['waiting', 'standing.waiting'] : ['fine', 'standing.sent'];
}

export function Standing({ record }: { record: Local }) {
  const [kind, text] = standing(record);
  return <Badge kind={kind}>{t(text)}</Badge>;
}

export function Incidents() {
  const list = of('incident');
  return (
    <>
      <h1 tabIndex={-1}>{t('tab.incidents')}</h1>
      {!list.length && <Empty text="incidents.none" />}
      <ul class="list">
        {list.map((one) => (
          <li key={one.id}>
            <a href={one.finished ? `#/incidents/${one.id}` : `#/edit/${one.id}`}>
              <strong>{one.body.place || named('origin', one.body.origin)}</strong>
              <span>{when(one.body.occurred_at)} · {t('incidents.persons', { n: one.body.persons?.length ?? 0 })}</span>
              <Standing record={one as unknown as Local} />
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}
