import type { Configuration } from '../configuration/configuration';
import type { Severity } from './report';
import { familyOf } from './rule';
import type { Rule } from './rule';

/** Severities by rule id or family. */
export type SeverityOverrides = ReadonlyMap<string, Severity | 'off'>;

/**
 * The severity of a rule's finding; undefined when the rule is off. The configuration decides, then an editor's settings, then the rule.
 * @param own what the finding itself says, where context decides
 */
export function severityOf(
  rule: Rule,
  own: Severity | undefined,
  configuration: Configuration,
  overrides: SeverityOverrides,
): Severity | undefined {
  const family = familyOf(rule.id) ?? '';
  const { rules } = configuration;
  const configured = rules.get(rule.id) ?? rules.get(family) ?? overrides.get(rule.id) ?? overrides.get(family);
  return configured === 'off' ? undefined : (configured ?? own ?? rule.severity);
}
