// A referral: how it came to where it stands, and the steps that are open to whoever looks.

import { useState } from 'preact/hooks';
import { ask, fetchFile, get } from '../api';
import { account, rules } from '../device';
import { download } from '../download';
import { begin, find, of, put, type Local } from '../records';
import { explain, useRemote } from '../remote';
import { sync } from '../sync';
import { language, named, t, when } from '../text';
import type { Identity, Incident, Referral, StoredReferral } from '../types';
import { Button, Field, Notice } from '../ui';
import { IncidentBody } from './incident_view';
import { Standing } from './incidents';
import { kindName, officeName, State, stateName } from './referrals';

const Facts = ({ body }: { body: Referral }) => (
  <dl class="facts">
    <dt>{t('referral.office')}</dt><dd>{officeName(body.institution)}</dd>
    <dt>{t('referral.kind')}</dt><dd>{kindName(body.kind)}</dd>
    {body.urgency && <><dt>{t('referral.urgency')}</dt><dd>{named('urgency', body.urgency)}</dd></>}
    {body.consent && <><dt>{t('person.consent')}</dt><dd>{named('consent', body.consent)}</dd></>}
    {body.reason && <><dt>{t('referral.reason')}</dt><dd class="prose">{body.reason}</dd></>}
    {body.contact && <><dt>{t('referral.contact')}</dt><dd>{body.contact}</dd></>}
    {body.safe_contact && <><dt>{t('person.safe_contact')}</dt><dd>{body.safe_contact}</dd></>}
    {body.internal_note && <><dt>{t('referral.internal_note')}</dt><dd class="prose">{body.internal_note}</dd></>}
  </dl>
);

function Steps({ state, take }: { state: string; take: (to: string, note: string) => Promise<void> }) {
  const [note, setNote] = useState('');
  const [trouble, setTrouble] = useState('');
  const side = account.value?.role === 'institution' ? 'receiver' : 'sender';
  const steps = (rules.value?.steps ?? []).filter((one) => one.from === state && (one.by === side || one.by === 'either'));
  if (!steps.length) return null;
  const act = (to: string): void => {
    setTrouble('');
    take(to, note).then(() => setNote(''), (error: unknown) => setTrouble(explain(error)));
  };
  return (
    <section class="card">
      <h2>{t('referral.next')}</h2>
      <Field label={t('referral.note')} rows={2} value={note} onValue={setNote} limit={2000} />
      {trouble && <Notice kind="error">{trouble}</Notice>}
      <div class="stack">
        {steps.map((one, at) => <Button key={one.to} kind={at === 0 ? 'main' : 'quiet'} onClick={() => act(one.to)}>{named('step', one.to)}</Button>)}
      </div>
    </section>
  );
}

// The sheet that goes along with the person: no identity on it, and a code by which the office answers without an account.
function Sheet({ id }: { id: string }) {
  const [trouble, setTrouble] = useState('');
  const make = (): void => {
    setTrouble('');
    fetchFile(`/api/referrals/${id}/sheet?lang=${language.value}`).then((blob) => download(blob, `huella-${id.slice(0, 8)}.pdf`), (error: unknown) => setTrouble(explain(error)));
  };
  return <div class="beside"><Button onClick={make}>{t('referral.sheet')}</Button>{trouble && <Notice kind="error">{trouble}</Notice>}</div>;
}

// ---- the officer's, from the device ----

function Own({ record }: { record: Local<'referral'> }) {
  const steps = of('step').filter((one) => one.body.referral === record.id);
  const state = steps[0]?.body.to ?? record.state ?? 'drafted';
  const take = async (to: string, note: string): Promise<void> => {
    await put(begin('step', { referral: record.id, to, ...(note && { note }) }, { finished: true, needs: record.id }));
    void sync();
  };
  return (
    <>
      <h1 tabIndex={-1}>{officeName(record.body.institution)}</h1>
      <p class="badges"><State state={state} overdue={record.overdue} />{(record.dirty || steps.length > 0) && <Standing record={(record.dirty ? record : steps[0]) as unknown as Local} />}</p>
      {[record, ...steps].filter((one) => one.refused).map((one) => <Notice kind="error" key={one.id}>{t('refused.why')} {one.refused}</Notice>)}
      <Facts body={record.body} />
      <p><a href={`#/incidents/${record.body.incident}`}>{t('referral.incident')}</a></p>
      {record.base > 0 && !steps.length && !rules.value?.ended.includes(state) && state !== 'drafted' && <Sheet id={record.id} />}
      {!steps.length && <Steps state={state} take={take} />}
    </>
  );
}

// ---- from the server ----

function IdentityOf({ person }: { person: string }) {
  const [reason, setReason] = useState('');
  const [shown, setShown] = useState<Identity>();
  const [trouble, setTrouble] = useState('');
  const look = (): void => {
    setTrouble('');
    get<Identity>(`/api/identities/${person}`, { 'X-Reason': reason.normalize('NFD').replace(/[^\x20-\x7e]/g, '') }).then(setShown, (error: unknown) => setTrouble(explain(error)));
  };
  if (shown) {
    return (
      <dl class="facts">
        {(['names', 'document_number', 'telephone', 'safe_contact'] as const).map((key) => shown[key] && <><dt>{t(`person.${key}`)}</dt><dd>{shown[key]}</dd></>)}
      </dl>
    );
  }
  return (
    <details>
      <summary><span>{t('identity.look')}</span></summary>
      <Field label={t('identity.reason')} help={t('identity.help')} value={reason} onValue={setReason} limit={300} />
      {trouble && <Notice kind="error">{trouble}</Notice>}
      <Button onClick={look} disabled={reason.trim().length < 8}>{t('identity.show')}</Button>
    </details>
  );
}

function Remote({ id }: { id: string }) {
  const { data, trouble, again } = useRemote(() => get<StoredReferral>(`/api/referrals/${id}`), id);
  const incident = useRemote(async () => (data ? get<Incident>(`/api/incidents/${data.incident}`) : undefined), data?.incident ?? '');
  if (trouble) return <Notice kind="error">{trouble}</Notice>;
  if (!data) return <p role="status">{t('starting')}</p>;
  const take = async (to: string, note: string): Promise<void> => {
    await ask('POST', `/api/referrals/${id}/transitions`, { to, ...(note && { note }) }, { 'If-Match': `"${data.revision}"` });
    again();
  };
  const persons = incident.data?.persons?.filter((one) => !data.person || one.id === data.person);
  return (
    <>
      <h1 tabIndex={-1}>{kindName(data.kind)}</h1>
      <p class="badges"><State state={data.state} overdue={data.overdue} />{data.due_at && <span class="help">{t('referral.due', { when: when(data.due_at) })}</span>}</p>
      <Steps state={data.state} take={take} />
      <Facts body={data} />
      {data.person && <IdentityOf person={data.person} />}
      {incident.data && <IncidentBody body={{ ...incident.data, ...(persons && { persons }) }} />}
      <h2>{t('referral.way')}</h2>
      <ol class="way">
        {(data.way ?? []).map((one) => <li key={`${one.state}${one.at}`}><strong>{stateName(one.state)}</strong> <span>{when(one.at)}</span>{one.note && <p class="prose">{one.note}</p>}</li>)}
      </ol>
      {data.quality && account.value?.role === 'supervisor' && (
        <>
          <h2>{t('referral.quality')}</h2>
          <dl class="facts">{Object.entries(data.quality).map(([key, value]) => <><dt>{named('quality', key)}</dt><dd>{named('boolean', value === null ? 'unknown' : value ? 'yes' : 'no')}</dd></>)}</dl>
        </>
      )}
    </>
  );
}

export function ReferralView({ id }: { id: string }) {
  if (account.value?.role !== 'officer') return <Remote id={id} />;
  const record = find(id) as Local<'referral'> | undefined;
  return record ? <Own record={record} /> : <Notice kind="warning">{t('not_here')}</Notice>;
}
