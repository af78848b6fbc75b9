import { controllerAssumption } from '../mesh/membership';
import type { Resource } from '../resources/resource';
import type { Finding, Rule } from './rule';

/**
 * What a rule says of a custom resource that is taken for a workload by its pod template alone: an info at most, which names what it rests on.
 * What the resource's controller makes of the template, no file shows.
 */
export function onAssumption(finding: Finding, rule: Rule, subject: Resource): Finding {
  const clause = controllerAssumption(subject);
  if (clause === undefined || !rule.kinds.includes('workload')) return finding;
  const { severity = rule.severity, message } = finding;
  return {
    ...finding,
    severity: severity === 'hint' ? 'hint' : 'info',
    // A rule that goes by membership may have said so itself.
    message: message.includes(clause) ? message : `${message} This assumes that ${clause}.`,
  };
}
