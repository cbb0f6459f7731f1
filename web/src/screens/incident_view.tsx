// An incident as it stands: the officer's from the device, a supervisor's from the server.

import { get } from '../api';
import { account, indicators } from '../device';
import { find, of, type Local } from '../records';
import { useRemote } from '../remote';
import { named, said, t, when } from '../text';
import type { Incident } from '../types';
import { Button, Notice } from '../ui';
import { Assessment } from './assessment';
import { go } from '../router';
import { Standing } from './incidents';
import { StateBadge } from './referrals';

const Row = ({ label, children }: { label: string; children: preact.ComponentChildren }) => (children ? <><dt>{label}</dt><dd>{children}</dd></> : null);
const list = (group: string, codes: string[] | undefined): string => (codes ?? []).map((code) => named(group, code)).join(', ');

export function IncidentBody({ body }: { body: Incident }) {
  const answers = body.indicators ?? {};
  const signs = indicators.value?.indicators.filter((one) => answers[one.id] === 'yes') ?? [];
  return (
    <>
      <dl class="facts">
        <Row label={t('incident.occurred_at')}>{when(body.occurred_at)}</Row>
        <Row label={t('incident.place')}>{body.place}</Row>
        <Row label={t('incident.origin')}>{named('origin', body.origin)}</Row>
        <Row label={t('incident.profile')}>{named('profile', body.profile)}</Row>
        <Row label={t('incident.narrative')}>{body.narrative && <span class="prose">{body.narrative}</span>}</Row>
        <Row label={t('incident.inferences')}>{body.inferences && <span class="prose">{body.inferences}</span>}</Row>
        <Row label={t('incident.sources')}>{list('source', body.sources)}</Row>
        <Row label={t('incident.actions')}>{list('action', body.actions)}</Row>
        <Row label={t('incident.signs_yes')}>{signs.length > 0 && <ul>{signs.map((one) => <li key={one.id}>{said(one)}</li>)}</ul>}</Row>
      </dl>
      {(body.persons ?? []).map((one, at) => (
        <section class="card" key={one.id}>
          <h2>{t('person.title', { n: at + 1 })}</h2>
          <dl class="facts">
            <Row label={t('person.age')}>{named('age', one.age_group)}</Row>
            <Row label={t('person.sex')}>{named('sex', one.sex)}</Row>
            <Row label={t('person.needs')}>{list('need', one.needs)}</Row>
            <Row label={t('person.consent')}>{named('consent', one.consent)}</Row>
            <Row label={t('person.own_words')}>{one.own_words && <span class="prose">{one.own_words}</span>}</Row>
          </dl>
        </section>
      ))}
    </>
  );
}

function Own({ record }: { record: Local<'incident'> }) {
  const referrals = of('referral').filter((one) => one.body.incident === record.id);
  return (
    <>
      <div class="beside"><h1 tabIndex={-1}>{record.body.place || named('origin', record.body.origin)}</h1><Standing record={record as unknown as Local} /></div>
      {record.refused && <Notice kind="error">{t('refused.why')} {record.refused}</Notice>}
      {record.conflict && <Notice kind="error"><a href="#/conflicts">{t('conflict.open')}</a></Notice>}
      <div class="beside">
        <Button kind="main" onClick={() => go(`refer/${record.id}`)} disabled={!record.body.persons?.length}>{t('referral.new')}</Button>
        <Button onClick={() => go(`edit/${record.id}`)}>{t('edit')}</Button>
      </div>
      {!record.body.persons?.length && <p class="help">{t('referral.needs_person')}</p>}
      {referrals.length > 0 && (
        <section>
          <h2>{t('tab.referrals')}</h2>
          <ul class="list">
            {referrals.map((one) => <li key={one.id}><a href={`#/referrals/${one.id}`}><strong>{one.body.institution}</strong><StateBadge referral={one} /></a></li>)}
          </ul>
        </section>
      )}
      <IncidentBody body={record.body} />
    </>
  );
}

function Remote({ id }: { id: string }) {
  const { data, trouble } = useRemote(() => get<Incident>(`/api/incidents/${id}`), id);
  if (trouble) return <Notice kind="error">{trouble}</Notice>;
  if (!data) return <p role="status">{t('starting')}</p>;
  return (
    <>
      <h1 tabIndex={-1}>{data.place || named('origin', data.origin)}</h1>
      <IncidentBody body={data} />
      {account.value?.role === 'supervisor' && <Assessment id={id} profile={data.profile} />}
    </>
  );
}

export function IncidentView({ id }: { id: string }) {
  if (account.value?.role !== 'officer') return <Remote id={id} />;
  const record = find(id) as Local<'incident'> | undefined;
  return record ? <Own record={record} /> : <Notice kind="warning">{t('not_here')}</Notice>;
}
