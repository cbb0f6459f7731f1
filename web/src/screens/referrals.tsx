// Referrals: the officer's from the device; a supervisor's district and an office's inbox from the server.

import { useState } from 'preact/hooks';
import { all } from '../api';
import { account, offices, rules } from '../device';
import { of, type Local } from '../records';
import { useRemote } from '../remote';
import { said, t, when } from '../text';
import type { StoredReferral } from '../types';
import { Badge, Button, Choice, Empty, Notice } from '../ui';
import { Standing } from './incidents';

export const officeName = (id: string): string => offices.value.find((one) => one.id === id)?.name ?? id;
export const kindName = (key: string): string => said(rules.value?.kinds.find((one) => one.key === key)) || key;
export const stateName = (key: string): string => said(rules.value?.states.find((one) => one.key === key)) || key;

export function State({ state, overdue = false }: { state: string; overdue?: boolean | undefined }) {
  return <><Badge kind={`state ${state}`}>{stateName(state)}</Badge>{overdue && <Badge kind="error">{t('referral.overdue')}</Badge>}</>;
}

export function StateBadge({ referral }: { referral: Local<'referral'> }) {
  const steps = of('step').filter((one) => one.body.referral === referral.id);
  const waits = referral.dirty || steps.length > 0;
  return <>{waits ? <Standing record={(steps.find((one) => one.refused) ?? referral.dirty ? referral : steps[0]) as unknown as Local} /> : <State state={referral.state ?? 'drafted'} overdue={referral.overdue} />}</>;
}

function Own() {
  const list = of('referral');
  return (
    <>
      <h1 tabIndex={-1}>{t('tab.referrals')}</h1>
      {!list.length && <Empty text="referrals.none" />}
      <ul class="list">
        {list.map((one) => (
          <li key={one.id}>
            <a href={`#/referrals/${one.id}`}>
              <strong>{officeName(one.body.institution)}</strong>
              <span>{kindName(one.body.kind)}{one.due_at && ` · ${t('referral.due', { when: when(one.due_at) })}`}</span>
              <StateBadge referral={one} />
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

export function RemoteReferrals({ title }: { title: string }) {
  const [filter, setFilter] = useState('open');
  const { data, trouble, again } = useRemote(() => all<StoredReferral>(filter === 'overdue' ? '/api/referrals?overdue=1' : '/api/referrals'), filter);
  const list = (data ?? []).filter((one) => filter !== 'open' || !rules.value?.ended.includes(one.state));
  return (
    <>
      <div class="beside"><h1 tabIndex={-1}>{title}</h1><Button onClick={again}>{t('again')}</Button></div>
      <Choice row legend={t('referrals.which')} group="filter" codes={['open', 'overdue', 'every']} value={filter} onValue={setFilter} />
      {trouble && <Notice kind="error">{trouble}</Notice>}
      {data && !list.length && <Empty text="referrals.none" />}
      <ul class="list">
        {list.map((one) => (
          <li key={one.id}>
            <a href={`#/referrals/${one.id}`}>
              <strong>{kindName(one.kind)}</strong>
              <span>{account.value?.role === 'institution' ? t('referral.since', { when: when(one.state_at) }) : officeName(one.institution)}{one.due_at && ` · ${t('referral.due', { when: when(one.due_at) })}`}</span>
              <span class="badges"><State state={one.state} overdue={one.overdue} /></span>
            </a>
          </li>
        ))}
      </ul>
    </>
  );
}

export const Referrals = () => (account.value?.role === 'officer' ? <Own /> : <RemoteReferrals title={t('tab.referrals')} />);
