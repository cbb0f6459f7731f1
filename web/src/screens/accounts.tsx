// Accounts, by an administrator, who sees no records.

import { useState } from 'preact/hooks';
import { ask, get } from '../api';
import { offices } from '../device';
import { explain, useRemote } from '../remote';
import { named, t } from '../text';
import { Badge, Button, Choice, Field, Notice, Select } from '../ui';

interface Listed { id: string; username: string; role: string; district: string | null; institution: string | null; disabled: boolean; locked: boolean; totp: boolean }

const ROLES = ['officer', 'supervisor', 'institution', 'researcher', 'administrator', 'auditor'] as const;

function NewAccount({ done }: { done: () => void }) {
  const [role, setRole] = useState('officer');
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [district, setDistrict] = useState('');
  const [institution, setInstitution] = useState('');
  const [trouble, setTrouble] = useState('');
  const inDistrict = role === 'officer' || role === 'supervisor';
  const add = (event: Event): void => {
    event.preventDefault();
    setTrouble('');
    ask('POST', '/api/accounts', { username, password, role, ...(inDistrict && { district }), ...(role === 'institution' && { institution }) })
      .then(() => { setUsername(''); setPassword(''); done(); }, (error: unknown) => setTrouble(explain(error)));
  };
  return (
    <details class="card">
      <summary><span>{t('accounts.new')}</span></summary>
      <form onSubmit={add}>
        <Choice legend={t('accounts.role')} group="role" codes={ROLES} value={role} onValue={setRole} />
        <Field label={t('entry.username')} value={username} onValue={setUsername} limit={40} required />
        <Field label={t('accounts.first_password')} help={t('accounts.first_password_help')} value={password} onValue={setPassword} required />
        {inDistrict && <Field label={t('accounts.district')} inputMode="numeric" value={district} onValue={setDistrict} limit={6} required />}
        {role === 'institution' && <Select label={t('referral.office')} value={institution} onValue={setInstitution} empty={t('choose')} options={offices.value.map((one) => [one.id, one.name])} />}
        {trouble && <Notice kind="error">{trouble}</Notice>}
        <Button type="submit" kind="main">{t('accounts.add')}</Button>
      </form>
    </details>
  );
}

export function Accounts() {
  const { data, trouble, again } = useRemote(async () => (await get<{ items: Listed[] }>('/api/accounts')).items, '');
  const [wrong, setWrong] = useState('');
  const change = (one: Listed, next: Record<string, boolean>): void => {
    setWrong('');
    ask('PATCH', `/api/accounts/${one.id}`, next).then(again, (error: unknown) => setWrong(explain(error)));
  };
  return (
    <>
      <h1 tabIndex={-1}>{t('tab.accounts')}</h1>
      <NewAccount done={again} />
      {(trouble || wrong) && <Notice kind="error">{trouble || wrong}</Notice>}
      <ul class="list">
        {(data ?? []).map((one) => (
          <li key={one.id}>
            <div>
              <strong>{one.username}</strong>
              <span>{[named('role', one.role), one.district, one.institution].filter(Boolean).join(' · ')}</span>
              <span class="badges">
                {one.disabled && <Badge kind="error">{t('accounts.disabled')}</Badge>}
                {one.locked && <Badge kind="waiting">{t('accounts.locked')}</Badge>}
                {one.totp && <Badge kind="fine">{t('accounts.totp')}</Badge>}
              </span>
              <div class="beside">
                <Button onClick={() => change(one, { disabled: !one.disabled })}>{t(one.disabled ? 'accounts.enable' : 'accounts.disable')}</Button>
                {one.locked && <Button onClick={() => change(one, { unlock: true })}>{t('accounts.unlock')}</Button>}
                {one.totp && <Button onClick={() => change(one, { remove_totp: true })}>{t('accounts.remove_totp')}</Button>}
              </div>
            </div>
          </li>
        ))}
      </ul>
    </>
  );
}
