// This device: what waits, the take-away file, signing in again, forgetting everything.

import { useState } from 'preact/hooks';
import { signIn } from '../api';
import { forget, persisted } from '../device';
import { drop, put, records, unsent, user } from '../records';
import { explain } from '../remote';
import { lastSent, link, sync } from '../sync';
import { save, unpack } from '../takeaway';
import { named, t, when } from '../text';
import { Button, Field, Notice } from '../ui';
import { Codes } from './codes';
import { Standing } from './incidents';

function SignInAgain() {
  const [password, setPassword] = useState('');
  const [totp, setTotp] = useState('');
  const [trouble, setTrouble] = useState('');
  const run = (event: Event): void => {
    event.preventDefault();
    setTrouble('');
    signIn(user(), password, totp).then(() => { setPassword(''); void sync(true); }, (error: unknown) => setTrouble(explain(error)));
  };
  return (
    <form class="card" onSubmit={run}>
      <h2>{t('device.sign_in')}</h2>
      {trouble && <Notice kind="error">{trouble}</Notice>}
      <Field label={t('entry.password')} type="password" autocomplete="current-password" value={password} onValue={setPassword} required />
      <Field label={t('device.code')} inputMode="numeric" autocomplete="one-time-code" value={totp} onValue={setTotp} limit={6} />
      <Button type="submit" kind="main">{t('entry.enter')}</Button>
    </form>
  );
}

function Waiting() {
  if (!unsent.value.length) return <Notice kind="fine">{t('sync.fine')}{lastSent.value && ` · ${when(lastSent.value)}`}</Notice>;
  return (
    <ul class="list">
      {unsent.value.map((one) => (
        <li key={one.id}>
          <div>
            <strong>{named('kind', one.kind)}</strong><span>{when(one.begun_at)}</span><Standing record={one} />
            {one.refused && (
              <>
                <p class="help">{one.refused}</p>
                <div class="beside">
                  <Button onClick={() => { void put({ ...one, refused: undefined }).then(() => sync()); }}>{t('device.try_again')}</Button>
                  <Button kind="danger" onClick={() => { if (confirm(t('device.drop_sure'))) void drop(one.id); }}>{t('device.drop')}</Button>
                </div>
              </>
            )}
          </div>
        </li>
      ))}
    </ul>
  );
}

function TakeAway() {
  const [text, setText] = useState('');
  const [password, setPassword] = useState('');
  const [said, setSaid] = useState<{ kind: 'fine' | 'error'; text: string }>();
  const run = (event: Event): void => {
    event.preventDefault();
    void unpack(text, password).then((done) => {
      setPassword('');
      setSaid(typeof done === 'string' ? { kind: 'error', text: t(`takeaway.${done}`) } : { kind: 'fine', text: t('takeaway.done', done) });
    }, () => setSaid({ kind: 'error', text: t('takeaway.no_takeaway') }));
  };
  return (
    <section class="card">
      <h2>{t('takeaway.title')}</h2>
      <p class="help">{t('takeaway.help')}</p>
      <Button onClick={() => void save()} disabled={!unsent.value.length}>{t('takeaway.save', { n: unsent.value.length })}</Button>
      <form onSubmit={run}>
        <div class="field">
          <label for="takeaway-file">{t('takeaway.open')}</label>
          <input id="takeaway-file" type="file" accept=".huella,application/json" onChange={(event) => void event.currentTarget.files?.[0]?.text().then(setText)} />
        </div>
        {text && <Field label={t('takeaway.password')} type="password" autocomplete="current-password" value={password} onValue={setPassword} required />}
        {text && <Button type="submit" kind="main">{t('takeaway.bring')}</Button>}
        {said && <Notice kind={said.kind}>{said.text}</Notice>}
      </form>
    </section>
  );
}

export function Device() {
  const away = (): void => {
    if (confirm(unsent.value.length ? t('device.forget_unsent', { n: unsent.value.length }) : t('device.forget_sure'))) void forget(user());
  };
  return (
    <>
      <h1 tabIndex={-1}>{t('tab.device')}</h1>
      {link.value === 'signed_out' && <SignInAgain />}
      <section><h2>{t('device.waiting')}</h2><Waiting /></section>
      <Button onClick={() => void sync(true)} busy={link.value === 'sending'}>{t('device.send_now')}</Button>
      <TakeAway />
      <Codes />
      <section class="card">
        <h2>{t('device.safety')}</h2>
        <p class="help">{t(persisted.value ? 'device.persisted' : 'device.not_persisted')}</p>
        <p class="help">{t('device.sealed', { n: records.value.length })}</p>
        <Button kind="danger" onClick={away}>{t('device.forget')}</Button>
      </section>
    </>
  );
}
