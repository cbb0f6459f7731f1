// What the API sends and takes (docs/field.md), as far as the app uses it.

import type { Bilingual } from './text';

export type Role = 'officer' | 'supervisor' | 'institution' | 'researcher' | 'administrator' | 'auditor';
export type Answer = 'yes' | 'no' | 'not_observed';

export interface Account {
  username: string;
  role: Role;
  district: string | null;
  institution: string | null;
  must_change_password: boolean;
}

export interface Person {
  id: string;
  age_group: string;
  sex: string;
  nationality?: string;
  language?: string;
  needs?: string[];
  consent: string;
  own_words?: string;
}

export interface Incident {
  occurred_at: string;
  recorded_at?: string;
  finished_at?: string;
  district: string;
  point?: { lat: number; lon: number };
  place?: string;
  origin: string;
  profile: string;
  checklist?: string;
  indicators?: Record<string, Answer>;
  inferences?: string;
  persons?: Person[];
  narrative?: string;
  actions?: string[];
  sources?: string[];
  app_version?: string;
}

export interface Identity {
  incident: string;
  names?: string;
  document_kind?: string;
  document_number?: string;
  telephone?: string;
  safe_contact?: string;
}

export interface Referral {
  incident: string;
  person?: string;
  institution: string;
  kind: string;
  urgency?: string;
  reason?: string;
  consent?: string;
  accompanied?: boolean;
  contact?: string;
  safe_contact?: string;
  internal_note?: string;
}

export interface Count { kind: string; occurred_at: string; number?: number }
export interface Step { referral: string; to: string; note?: string }

// A knowledge test: its items in the order of this sitting, and the chosen options by item.
export interface Sitting {
  wave: string;
  items: (Bilingual & { id: string; options: (Bilingual & { key: string })[] })[];
  answers: Record<string, string>;
}

// Answers of one respondent to the trust survey, on each question's scale; a question left out was not answered.
export interface TrustSurvey { district: string; wave: string; mode: string; taken_at: string; answers: Record<string, number> }

export interface Stored { id: string; revision: number; received_at: string; changed_at: string; recorded_by?: string }

export interface StoredReferral extends Referral, Stored {
  state: string;
  state_at: string;
  due_at?: string;
  overdue?: boolean;
  district: string;
  way?: { state: string; at: string; note?: string }[];
  quality?: Record<string, boolean | null>;
}

export interface Page<T> { items: T[]; next?: string }

type Keyed = Bilingual & { key: string };

export interface Indicators {
  version: string;
  dimensions: Keyed[];
  indicators: (Bilingual & { id: string; dimension: string; element: string; strength: Record<string, string> })[];
}

export interface ReferralRules {
  states: Keyed[];
  ended: string[];
  steps: { from: string; to: string; by: 'sender' | 'receiver' | 'either' }[];
  agencies: Keyed[];
  kinds: (Keyed & { agencies: string[] })[];
}

export interface Office { id: string; agency: string; name: string; district: string | null; active: boolean }

export interface Difference { member: string; stored: unknown; yours: unknown }
