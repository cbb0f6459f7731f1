// Before one is in: sign-in, one-time code, a password of one's own, the PIN.

import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { Problem } from '../api';
import { account, changePassword, choosePin, known, phase, rejoin, signIn, startAfresh, unlock } from '../device';
import { language, setLanguage, t, type Key } from '../text';
import { Button, Field, Notice, Select } from '../ui';
import { LEAST_PIN } from '../vault';

function reason(error: unknown): string {
  if (!(error instanceof Problem)) return t('entry.unreachable');
  if (error.status === 401) return t('entry.wrong');
  if (error.status === 429) return t('entry.rest');
  return error.detail;
}

// A form that does one thing: says what went wrong, and is not sent twice.
function Form({ title, action, run, children }: { title: Key; action: Key; run: () => Promise<string | undefined>; children: ComponentChildren }) {
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState('');
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    setBusy(true);
    setTrouble('');
    setTrouble(await run().catch(reason) ?? '');
    setBusy(false);
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      <h1 tabIndex={-1}>{t(title)}</h1>
      {trouble && <Notice kind="error">{trouble}</Notice>}
      {children}
      <Button type="submit" kind="main" busy={busy}>{t(busy ? 'busy' : action)}</Button>
    </form>
  );
}

function SignIn() {
  const [username, setUsername] = useState('');
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const [asksCode, setAsksCode] = useState(false);
  const run = async (): Promise<string | undefined> => {
    try {
      await signIn(username.trim(), password, totp);
      return undefined;
    } catch (error) {
      if (!(error instanceof Problem) || !error.detail.startsWith('totp:')) throw error;
      setAsksCode(true);
      return t('entry.code_needed');
    }
  };
  return (
    <>
      <Form title="entry.sign_in" action="entry.enter" run={run}>
        <Field label={t('entry.username')} value={username} onValue={setUsername} autocomplete="username" required />
        <Field label={t('entry.password')} value={password} onValue={setPassword} type="password" autocomplete="current-password" required />
        {asksCode && <Field label={t('entry.code')} value={totp} onValue={setTotp} autocomplete="one-time-code" inputMode="numeric" limit={6} required />}
      </Form>
      {known.value.length > 0 && <Button onClick={() => { phase.value = 'locked'; }}>{t('entry.with_pin')}</Button>}
    </>
  );
}

function NewPassword() {
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const run = async (): Promise<string | undefined> => {
    if (next !== again) return t('entry.not_same');
    await changePassword(next);
    return undefined;
  };
  return (
    <Form title="entry.new_password" action="entry.keep" run={run}>
      <p>{t('entry.new_password_why')}</p>
      <Field label={t('entry.password_new')} value={next} onValue={setNext} type="password" autocomplete="new-password" required />
      <Field label={t('entry.again')} value={again} onValue={setAgain} type="password" autocomplete="new-password" required />
    </Form>
  );
}

const weak = (pin: string): boolean => pin.length < LEAST_PIN || /^(.)\1*$/.test(pin) || '01234567890'.includes(pin) || '09876543210'.includes(pin);

function NewPin() {
  const [pin, setPin] = useState('');
  const [again, setAgain] = useState('');
  const run = async (): Promise<string | undefined> => {
    if (weak(pin)) return t('entry.pin_weak', { n: LEAST_PIN });
    if (pin !== again) return t('entry.not_same');
    await choosePin(pin);
    return undefined;
  };
  return (
    <Form title="entry.new_pin" action="entry.keep" run={run}>
      <p>{t('entry.new_pin_why')}</p>
      <Field label={t('entry.pin')} help={t('entry.pin_help', { n: LEAST_PIN })} value={pin} onValue={setPin} type="password" inputMode="numeric" autocomplete="new-password" required />
      <Field label={t('entry.again')} value={again} onValue={setAgain} type="password" inputMode="numeric" autocomplete="new-password" required />
    </Form>
  );
}

function Locked() {
  const [username, setUsername] = useState(known.value[0]?.username ?? '');
  const [secret, setSecret] = useState('');
  const mine = known.value.find((one) => one.username === username);
  const by = mine?.pin ? 'pin' : 'password';
  const run = async (): Promise<string | undefined> => {
    const opened = await unlock(username, secret, by);
    setSecret('');
    return opened === 'open' ? undefined : opened === 'wrong' ? t(by === 'pin' ? 'entry.pin_wrong' : 'entry.wrong') : t('entry.pin_gone');
  };
  return (
    <>
      <Form title="entry.locked" action="entry.open" run={run}>
        {known.value.length > 1
          ? <Select label={t('entry.username')} value={username} onValue={setUsername} options={known.value.map((one) => [one.username, one.username])} />
          : <p class="account">{username}</p>}
        <Field label={t(by === 'pin' ? 'entry.pin' : 'entry.password')} value={secret} onValue={setSecret} type="password"
          {...(by === 'pin' ? { inputMode: 'numeric' as const } : {})} autocomplete="current-password" required />
      </Form>
      <Button onClick={() => { phase.value = 'sign_in'; }}>{t('entry.other_account')}</Button>
    </>
  );
}

function Rejoin() {
  const [pin, setPin] = useState('');
  return (
    <>
      <Form title="entry.rejoin" action="entry.open" run={async () => (await rejoin(pin) ? undefined : t('entry.pin_wrong'))}>
        <p>{t('entry.rejoin_why')}</p>
        <Field label={t('entry.pin')} value={pin} onValue={setPin} type="password" inputMode="numeric" required />
      </Form>
      <Button kind="danger" onClick={() => { if (confirm(t('entry.afresh_sure'))) void startAfresh(); }}>{t('entry.afresh')}</Button>
    </>
  );
}

const FORMS = { starting: SignIn, sign_in: SignIn, new_password: NewPassword, new_pin: NewPin, locked: Locked, rejoin: Rejoin, in: SignIn };

export function Entry() {
  const Current = FORMS[phase.value];
  return (
    <main class="entry">
      <img src="/icon.svg" alt="" width="72" height="72" />
      <p class="brand">huella</p>
      <Current key={phase.value} />
      {account.value && phase.value !== 'sign_in' && <p class="help">{account.value.username}</p>}
      <Button onClick={() => setLanguage(language.value === 'es' ? 'en' : 'es')} lang={language.value === 'es' ? 'en' : 'es'}>{t('language.other_name')}</Button>
    </main>
  );
}
