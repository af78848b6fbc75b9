import type { Severity } from '../engine/findings/report';
import { FIELD_CHECKS } from './field-checks';

/** The section of the client's settings that is ours. */
export const SECTION = 'meshLint';

/** A folder's settings, as the client has them under `meshLint`. */
export interface Settings {
  /** By rule id or family; they hold where the folder's `.mesh-lint.yaml` says nothing. */
  readonly rules: ReadonlyMap<string, Severity | 'off'>;
  readonly codeLens: boolean;
}

export const DEFAULT_SETTINGS: Settings = { rules: new Map(), codeLens: true };

const SEVERITIES: ReadonlySet<unknown> = new Set<Severity | 'off'>(['error', 'warning', 'info', 'hint', 'off']);

/** Reads settings key by key: whatever is not understood is as if it were not there. */
export function readSettings(section: unknown): Settings {
  if (!isRecord(section)) return DEFAULT_SETTINGS;
  const rules = new Map<string, Severity | 'off'>();
  if (isRecord(section['rules'])) {
    for (const [name, severity] of Object.entries(section['rules'])) if (isSeverity(severity)) rules.set(name, severity);
  }
  // One word for several rules, each of which may still be named.
  const unchecked = section['fieldChecks'] === false ? FIELD_CHECKS.filter((id) => !rules.has(id)) : [];
  for (const id of unchecked) rules.set(id, 'off');
  const codeLens = section['codeLens'];
  return {
    rules,
    codeLens: typeof codeLens === 'boolean' ? codeLens : isRecord(codeLens) ? codeLens['enabled'] !== false : true,
  };
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSeverity(value: unknown): value is Severity | 'off' {
  return SEVERITIES.has(value);
}
