// Incidents on the device.

import { indicators } from './device';
import { begin, type Local } from './records';

export const ORIGINS = ['patrol', 'call', 'camera', 'neighbour', 'institution', 'person_asked', 'other'] as const;
export const PROFILES = ['adult_labour', 'adult_sexual', 'child_labour', 'child_sexual', 'unknown'] as const;
export const AGES = ['0-8', '9-17', '18-20', '21-23', '24-26', '27-29', '30-38', '39-47', '48+', 'unknown'] as const;
export const SEXES = ['female', 'male', 'other', 'unknown'] as const;
export const NEEDS = ['safety', 'health', 'shelter', 'food', 'clothing', 'interpreter', 'legal', 'psychological', 'family_contact', 'documents', 'child_care'] as const;
export const CONSENTS = ['given', 'refused', 'not_possible_minor', 'not_possible_danger', 'not_asked'] as const;
export const ACTIONS = ['informed_rights', 'accompanied', 'called_police', 'called_health', 'called_supervisor', 'referred', 'gave_information', 'none'] as const;
export const SOURCES = ['seen', 'told_by_person', 'told_by_other', 'camera', 'document'] as const;
export const DOCUMENTS = ['dni', 'passport', 'ptp', 'carnet_extranjeria', 'other', 'none'] as const;
export const URGENCIES = ['now', 'today', 'this_week'] as const;

export function newIncident(district: string): Local<'incident'> {
  const now = new Date().toISOString();
  const version = indicators.value?.version;
  return begin('incident', {
    occurred_at: now,
    recorded_at: now,
    district,
    origin: 'patrol',
    profile: 'unknown',
    ...(version ? { checklist: version } : {}),
    indicators: {},
    persons: [],
  });
}

// Only what holds something goes out: an empty text is no answer.
export function tidy<T extends object>(body: T): T {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== '' && value !== undefined)) as T;
}
