// The frame: who is in, where one is, what waits to be sent.

import type { ComponentChildren } from 'preact';
import { account, leave, offered, lock, persisted, phase } from './device';
import { conflicts, full, records, unsent, user } from './records';
import { go, where } from './router';
import { Entry } from './screens/entry';
import { Home } from './screens/home';
import { IncidentForm } from './screens/incident';
import { IncidentView } from './screens/incident_view';
import { Incidents } from './screens/incidents';
import { NewReferral } from './screens/referral';
import { ReferralView } from './screens/referral_view';
import { Referrals } from './screens/referrals';
import { Account } from './screens/codes';
import { Conflicts } from './screens/conflicts';
import { Device } from './screens/device';
import { Inbox } from './screens/inbox';
import { Queue } from './screens/queue';
import { Board } from './screens/board';
import { Knowledge } from './screens/knowledge';
import { Survey } from './screens/survey';
import { Scoring } from './screens/scoring';
import { Research } from './screens/research';
import { Accounts } from './screens/accounts';
import { link, sync } from './sync';
import { language, setLanguage, t, type Key } from './text';
import type { Role } from './types';
import { Button } from './ui';

const TABS: Record<Role, [string, Key][]> = {
  officer: [['', 'tab.home'], ['incidents', 'tab.incidents'], ['referrals', 'tab.referrals'], ['device', 'tab.device']],
  supervisor: [['', 'tab.queue'], ['referrals', 'tab.referrals'], ['scoring', 'tab.scoring'], ['board', 'tab.board'], ['account', 'tab.account']],
  institution: [['', 'tab.inbox'], ['account', 'tab.account']],
  researcher: [['', 'tab.research'], ['account', 'tab.account']],
  administrator: [['', 'tab.accounts'], ['account', 'tab.account']],
  auditor: [['', 'tab.research'], ['account', 'tab.account']],
};

const HOMES: Record<Role, () => ComponentChildren> = {
  officer: () => <Home />,
  supervisor: () => <Queue />,
  institution: () => <Inbox />,
  researcher: () => <Research />,
  administrator: () => <Accounts />,
  auditor: () => <Research />,
};

function Screen({ role }: { role: Role }) {
  const [name = '', id = ''] = where.value;
  switch (name) {
    case 'incidents': return id ? <IncidentView id={id} key={id} /> : <Incidents />;
    case 'edit': return <IncidentForm id={id} key={id} />;
    case 'refer': return <NewReferral incident={id} key={id} />;
    case 'referrals': return id ? <ReferralView id={id} key={id} /> : <Referrals />;
    case 'conflicts': return <Conflicts />;
    case 'device': return <Device />;
    case 'account': return <Account />;
    case 'knowledge': return <Knowledge id={id} />;
    case 'survey': return <Survey id={id} key={id} />;
    case 'scoring': return <Scoring id={id} />;
    case 'board': return <Board />;
    default: return <>{HOMES[role]()}</>;
  }
}

const LATE = 30 * 60_000;

// A tab whose routes this server does not have is not shown.
const NEEDS: Record<string, string> = { scoring: '/api/quality/items', board: '/api/board' };
const offers = (path: string): boolean => !NEEDS[path] || offered.value.includes(NEEDS[path]);

// What waits, in words; said to screen readers as it changes.
function SyncState() {
  const refused = records.value.filter((one) => one.refused).length;
  const waiting = unsent.value.filter((one) => one.finished && !one.refused && !one.conflict).length;
  const kind = conflicts.value.length || refused ? 'trouble' : waiting ? 'waiting' : 'fine';
  const text = conflicts.value.length ? t('sync.conflicts', { n: conflicts.value.length })
    : refused ? t('sync.refused', { n: refused })
      : waiting ? t('sync.waiting', { n: waiting }) : t('sync.fine');
  return (
    <button type="button" class={`sync ${kind}`} data-waiting={waiting} data-link={link.value} aria-live="polite"
      onClick={() => (conflicts.value.length ? go('conflicts') : void sync(true))}>
      <span class="dot" aria-hidden="true" />
      <span>{text}{link.value === 'offline' && ` · ${t('sync.offline')}`}{link.value === 'sending' && waiting > 0 && ` · ${t('sync.sending')}`}</span>
    </button>
  );
}

function Warnings() {
  const waiting = unsent.value.length;
  const sure = Date.now() - LATE; // a draft just begun warns nobody
  const atRisk = unsent.value.some((one) => (one.finished && link.value !== 'sending') || Date.parse(one.begun_at) < sure);
  return (
    <>
      {full.value && <div class="banner error" role="alert">{t('warn.full')}</div>}
      {link.value === 'signed_out' && <div class="banner warning" role="status">{t('warn.signed_out')} <a href="#/device">{t('warn.sign_in')}</a></div>}
      {atRisk && !persisted.value && (
        <div class="banner warning" role="status">{t('warn.may_be_cleared', { n: waiting })} <a href="#/device">{t('warn.take_away')}</a></div>
      )}
    </>
  );
}

function Frame({ children, role }: { children: ComponentChildren; role: Role }) {
  const [name = ''] = where.value;
  const near = ['edit', 'refer'].includes(name) ? 'incidents' : name;
  const current = TABS[role].some(([path]) => path === near) ? near : ''; // what has no tab of its own was opened from the first
  return (
    <div class="frame">
      <a class="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById('main')?.focus(); }}>{t('skip')}</a>
      <header>
        <span class="brand">huella</span>
        {user() && <SyncState />}
        <span class="who">{account.value?.username}</span>
        <Button onClick={() => setLanguage(language.value === 'es' ? 'en' : 'es')} aria-label={t('language.other_name')}>{t('language.other')}</Button>
        {user() ? <Button onClick={() => void lock()}>{t('lock')}</Button> : <Button onClick={() => void leave()}>{t('sign_out')}</Button>}
      </header>
      {user() && <Warnings />}
      <nav aria-label={t('nav')}>
        {TABS[role].filter(([path]) => offers(path)).map(([path, label]) => (
          <a key={path} href={`#/${path}`} aria-current={current === path ? 'page' : undefined}><span>{t(label)}</span></a>
        ))}
      </nav>
      <main id="main" tabIndex={-1}>{children}</main>
    </div>
  );
}

export function App() {
  const who = account.value;
  if (phase.value === 'starting') return <main class="entry"><p role="status">{t('starting')}</p></main>;
  if (phase.value !== 'in' || !who) return <Entry />;
  return <Frame role={who.role}><Screen role={who.role} /></Frame>;
}
