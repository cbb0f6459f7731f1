// What speaks for each dimension and what is missing. No score and no verdict.

import { useState } from 'preact/hooks';
import { get } from '../api';
import { indicators } from '../device';
import { PROFILES } from '../incident';
import { useRemote } from '../remote';
import { named, said, t } from '../text';
import { Choice, Notice } from '../ui';

interface Result {
  dimensions: { dimension: string; shown: string; speaks_for: string[]; not_observed: string[] }[];
  base_rate: number;
  expected_false_of_100: number;
}

function Dimension({ one }: { one: Result['dimensions'][number] }) {
  const name = said(indicators.value?.dimensions.find((other) => other.key === one.dimension)) || one.dimension;
  const words = (ids: string[]): string[] => ids.map((id) => said(indicators.value?.indicators.find((other) => other.id === id)) || id);
  return (
    <details>
      <summary><span>{name}</span><span class="count">{named('shown', one.shown)}</span></summary>
      {one.speaks_for.length > 0 && <><h3>{t('assessment.for')}</h3><ul>{words(one.speaks_for).map((text) => <li key={text}>{text}</li>)}</ul></>}
      {one.not_observed.length > 0 && <><h3>{t('assessment.missing')}</h3><ul>{words(one.not_observed).map((text) => <li key={text}>{text}</li>)}</ul></>}
    </details>
  );
}

export function Assessment({ id, profile }: { id: string; profile: string }) {
  const [asked, setAsked] = useState(profile === 'unknown' ? '' : profile);
  const { data, trouble } = useRemote(async () => (asked ? get<Result>(`/api/incidents/${id}/assessment?profile=${asked}`) : undefined), asked);
  return (
    <section class="card">
      <h2>{t('assessment.title')}</h2>
      <p class="help">{t('assessment.help')}</p>
      <Choice legend={t('incident.profile')} group="profile" codes={PROFILES.filter((one) => one !== 'unknown')} value={asked} onValue={setAsked} />
      {trouble && <Notice kind="error">{trouble}</Notice>}
      {data && data.dimensions.map((one) => <Dimension key={one.dimension} one={one} />)}
      {data && <p class="help">{t('assessment.expected', { n: Math.round(data.expected_false_of_100), rate: (data.base_rate * 100).toFixed(2) })}</p>}
    </section>
  );
}
