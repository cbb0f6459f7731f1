// What a researcher or an auditor may take: the routes that the server's own description names for it.

import { get } from '../api';
import { account, offered } from '../device';
import { useRemote } from '../remote';
import { t } from '../text';
import { Empty, Notice } from '../ui';
import { Board } from './board';

interface Description { paths: Record<string, { get?: { summary?: string } }> }

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
      {account.value?.role === 'researcher' && offered.value.includes('/api/board') && <Board />}
    </>
  );
}
