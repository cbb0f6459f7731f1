// What a researcher or an auditor may take: the routes that the server's own description names for it.

import { useState } from 'preact/hooks';
import { ask, get } from '../api';
import { account, offered } from '../device';
import { explain, useRemote } from '../remote';
import { t } from '../text';
import { Button, Empty, Field, Notice } from '../ui';
import { Board } from './board';

interface Description { paths: Record<string, { get?: { summary?: string } }> }

// The sample whose documentation supervisors score: drawn by the server from a seed that is told to everybody.
function Draw() {
  const [size, setSize] = useState('');
  const [seed, setSeed] = useState('');
  const [drawn, setDrawn] = useState<{ drawn: number; of: number }>();
  const [trouble, setTrouble] = useState('');
  const [busy, setBusy] = useState(false);
  const draw = (): void => {
    setTrouble('');
    setDrawn(undefined);
    setBusy(true);
    ask<{ drawn: number; of: number }>('POST', '/api/quality/sample', { size: Number(size), seed: Number(seed) })
      .then(({ body }) => setDrawn(body), (error: unknown) => setTrouble(explain(error))).finally(() => setBusy(false));
  };
  return (
    <section class="card">
      <h2>{t('draw.title')}</h2>
      <p class="help">{t('draw.help')}</p>
      <Field label={t('draw.size')} value={size} onValue={setSize} inputMode="numeric" />
      <Field label={t('draw.seed')} value={seed} onValue={setSeed} inputMode="numeric" />
      {trouble && <Notice kind="error">{trouble}</Notice>}
      {drawn && <p role="status">{t('draw.done', { n: drawn.drawn, of: drawn.of })}</p>}
      <Button kind="main" busy={busy} disabled={!/^\d+$/.test(size) || !/^\d+$/.test(seed)} onClick={draw}>{t('draw.draw')}</Button>
    </section>
  );
}

export function Research() {
  const { data, trouble } = useRemote(() => get<Description>('/api/openapi.json'), '');
  const start = account.value?.role === 'auditor' ? /^\/api\/(audit|metrics)/ : /^\/api\/export/;
  const found = Object.entries(data?.paths ?? {}).filter(([path, of]) => start.test(path) && of.get && !path.includes('{'));
  return (
    <>
      <h1 tabIndex={-1}>{t('tab.research')}</h1>
      {account.value?.role === 'researcher' && <p>{t('research.help')}</p>}
      {trouble && <Notice kind="error">{trouble}</Notice>}
      {data && !found.length && <Empty text="research.none" />}
      <ul class="list">
        {found.map(([path, of]) => <li key={path}><a href={path} download><strong>{path}</strong><span>{of.get?.summary}</span></a></li>)}
      </ul>
      {account.value?.role === 'researcher' && <Draw />}
      {account.value?.role === 'researcher' && offered.value.includes('/api/board') && <Board />}
    </>
  );
}
