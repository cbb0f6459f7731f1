// The district in figures: what was met, recorded, referred, and what is late.

import { get } from '../api';
import { useRemote } from '../remote';
import { named, t, type Key } from '../text';
import { Button, Notice } from '../ui';
import { officeName, stateName } from './referrals';

type Counts = Record<string, number>;
interface Figures { counted: Counts; incidents_by_month: Counts; referrals_by_state: Counts; overdue_by_institution: Counts }

function Table({ title, counts, name }: { title: Key; counts: Counts; name: (key: string) => string }) {
  const rows = Object.entries(counts);
  const most = Math.max(1, ...rows.map(([, n]) => n));
  return (
    <section class="card">
      <h2>{t(title)}</h2>
      {!rows.length && <p class="help">{t('board.nothing')}</p>}
      <table class="bars">
        <tbody>{rows.map(([key, n]) => <tr key={key}><th scope="row">{name(key)}</th><td>{n}</td><td aria-hidden="true"><meter min={0} max={most} value={n} /></td></tr>)}</tbody>
      </table>
    </section>
  );
}

export function Board() {
  const { data, trouble, again } = useRemote(() => get<Figures>('/api/board'), '');
  return (
    <>
      <div class="beside"><h1 tabIndex={-1}>{t('tab.board')}</h1><Button onClick={again}>{t('again')}</Button></div>
      {trouble && <Notice kind="error">{trouble}</Notice>}
      {data && (
        <div class="tiles">
          <Table title="board.counted" counts={data.counted} name={(key) => named('count', key)} />
          <Table title="board.referrals" counts={data.referrals_by_state} name={stateName} />
          <Table title="board.overdue" counts={data.overdue_by_institution} name={officeName} />
          <Table title="board.months" counts={data.incidents_by_month} name={(key) => key} />
        </div>
      )}
    </>
  );
}
