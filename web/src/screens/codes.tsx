// One-time codes at sign-in: a new secret, shown once, for an authenticator app.

import { useState } from 'preact/hooks';
import { ask } from '../api';
import { explain } from '../remote';
import { t } from '../text';
import { Button, Field, Notice } from '../ui';

interface Secret { secret: string; address: string }

export function Codes() {
  const [current, setCurrent] = useState('');
  const [made, setMade] = useState<Secret>();
  const [trouble, setTrouble] = useState('');
  const make = (event: Event): void => {
    event.preventDefault();
    setTrouble('');
    ask<Secret>('POST', '/api/session/totp', { current }).then(({ body }) => { setMade(body); setCurrent(''); }, (error: unknown) => setTrouble(explain(error)));
  };
  return (
    <details>
      <summary><span>{t('codes.title')}</span></summary>
      {made
        ? <Notice kind="fine"><p>{t('codes.made')}</p><p class="secret">{made.secret}</p><p><a href={made.address}>{t('codes.open')}</a></p></Notice>
        : (
          <form onSubmit={make}>
            <p class="help">{t('codes.help')}</p>
            {trouble && <Notice kind="error">{trouble}</Notice>}
            <Field label={t('codes.password')} type="password" autocomplete="current-password" value={current} onValue={setCurrent} required />
            <Button type="submit">{t('codes.make')}</Button>
          </form>
        )}
    </details>
  );
}

export function Account() {
  return <><h1 tabIndex={-1}>{t('tab.account')}</h1><Codes /></>;
}
