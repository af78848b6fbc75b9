import type { Finding } from './rule';

/** A rule that threw: a fault of ours. Its other subjects and all other rules go on. */
export interface Fault {
  readonly rule: string;
  readonly subject: string;
  readonly file: string;
  readonly error: unknown;
}

/** What a rule says about one subject. */
export interface Outcome {
  readonly findings: readonly Finding[];
  readonly fault?: Fault;
}

/** That of most pairs of rule and subject, which are many. */
export const NOTHING_FOUND: Outcome = { findings: [] };
