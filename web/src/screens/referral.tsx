// Referring a person of an incident to an office; kept and sent like the rest, without signal too.

import { useState } from 'preact/hooks';
import { offices, rules } from '../device';
import { tidy, URGENCIES } from '../incident';
import { begin, find, put, type Local } from '../records';
import { go } from '../router';
import { sync } from '../sync';
import { said, t } from '../text';
import type { Referral } from '../types';
import { Button, Choice, Field, Notice, Select } from '../ui';

const mayShare = (consent: string | undefined): boolean => consent === 'given' || Boolean(consent?.startsWith('not_possible'));

async function send(body: Referral): Promise<void> {
  const referral = begin('referral', tidy(body), { finished: true, needs: body.incident, state: 'drafted' });
  await put(referral);
  await put(begin('step', { referral: referral.id, to: 'sent' }, { finished: true, needs: referral.id }));
  go(`referrals/${referral.id}`);
  void sync();
}

export function NewReferral({ incident: id }: { incident: string }) {
  const incident = find(id) as Local<'incident'> | undefined;
  const persons = incident?.body.persons ?? [];
  const [body, setBody] = useState<Referral>({ incident: id, person: persons[0]?.id ?? '', institution: '', kind: '', urgency: 'today', accompanied: false });
  const [tried, setTried] = useState(false);
  const list = rules.value;
  if (!incident || !list) return <Notice kind="warning">{t('not_here')}</Notice>;
  const change = (next: Partial<Referral>): void => setBody({ ...body, ...next });
  const person = persons.find((one) => one.id === body.person);
  const kind = list.kinds.find((one) => one.key === body.kind);
  const right = (agency: string): boolean => Boolean(kind?.agencies.includes(agency));
  const open = offices.value.filter((one) => one.active).sort((a, b) => Number(right(b.agency)) - Number(right(a.agency)));
  const ready = Boolean(body.kind && body.institution && body.person);
  return (
    <div class="wizard">
      <h1 tabIndex={-1}>{t('referral.new')}</h1>
      {persons.length > 1 && (
        <Choice legend={t('referral.person')} group="" codes={persons.map((one) => one.id)} value={body.person}
          name={(code) => t('person.title', { n: persons.findIndex((one) => one.id === code) + 1 })} onValue={(one) => change({ person: one })} />
      )}
      {!mayShare(person?.consent) && <Notice kind="warning">{t('referral.no_consent')}</Notice>}
      <Choice legend={t('referral.kind')} group="" codes={list.kinds.map((one) => one.key)} value={body.kind}
        name={(code) => said(list.kinds.find((one) => one.key === code))} onValue={(one) => change({ kind: one })} />
      <Select label={t('referral.office')} value={body.institution} empty={t('choose')} onValue={(institution) => change({ institution })}
        options={open.map((one) => [one.id, right(one.agency) ? t('referral.right_office', { name: one.name }) : one.name])} />
      {body.institution && kind && !right(open.find((one) => one.id === body.institution)?.agency ?? '') && <Notice kind="warning">{t('referral.other_office')}</Notice>}
      <Choice legend={t('referral.urgency')} group="urgency" codes={URGENCIES} value={body.urgency} onValue={(urgency) => change({ urgency })} />
      <Choice legend={t('referral.accompanied')} group="boolean" codes={['yes', 'no']} value={body.accompanied ? 'yes' : 'no'} onValue={(value) => change({ accompanied: value === 'yes' })} />
      <Field label={t('referral.reason')} rows={3} value={body.reason ?? ''} onValue={(reason) => change({ reason })} limit={4000} />
      <Field label={t('referral.contact')} value={body.contact ?? ''} onValue={(contact) => change({ contact })} limit={300} />
      <Field label={t('person.safe_contact')} value={body.safe_contact ?? ''} onValue={(safe_contact) => change({ safe_contact })} limit={300} />
      <Field label={t('referral.internal_note')} help={t('referral.internal_help')} rows={2} value={body.internal_note ?? ''} onValue={(internal_note) => change({ internal_note })} limit={4000} />
      {tried && !ready && <Notice kind="error">{t('referral.missing')}</Notice>}
      <div class="bar">
        <Button onClick={() => history.back()}>{t('back')}</Button>
        <Button kind="main" onClick={() => { setTried(true); if (ready) void send({ ...body, consent: person?.consent ?? 'not_asked' }); }}>{t('referral.send')}</Button>
      </div>
    </div>
  );
}
