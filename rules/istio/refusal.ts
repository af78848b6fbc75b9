import type { Finding, Fix } from '../../engine/findings/rule';
import { apiServerVerdict, faultyNodes } from '../../engine/mesh/istio/validation/api-server';
import { replaceable } from '../../engine/mesh/istio/validation/problem';
import type { Problem } from '../../engine/mesh/istio/validation/problem';
import type { FaultClass } from '../../engine/mesh/istio/validation/schema-faults';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { replaceScalar } from '../../engine/yaml/edit';
import type { ScalarNode } from '../../engine/yaml/tree';

/** How the rules about refused resources say what they say. */

/** What stands for a refusal: istioctl's code for a failed validation, and the word for any refusal. */
export const REFUSED: readonly string[] = ['IST0106', 'refused'];
/** istioctl's code for a warning of the validation. */
export const WARNED: readonly string[] = ['IST0133'];

/** What the API server has against a resource, of one class. */
export function apiServerFindings(subject: Resource, view: MeshView, of: FaultClass): Finding[] {
  return apiServerVerdict(view, subject)
    .faults.filter((fault) => fault.of === of)
    .map((fault) => findingOf(subject, fault, 'The API server'));
}

/** What Istio's webhook has against a resource, apart from what the API server says of the same places. */
export function webhookFindings(subject: Resource, view: MeshView, check: (subject: Resource) => Iterable<Problem>): Finding[] {
  const verdict = apiServerVerdict(view, subject);
  if (verdict.isTooLarge) return [];
  const said = faultyNodes(verdict);
  return [...check(subject)]
    .filter(({ place }) => !said.has(place.node))
    .map((problem) => findingOf(subject, problem, "Istio's webhook"));
}

function findingOf(subject: Resource, problem: Problem, refuser: string): Finding {
  const { place, what, todo, effect, isMinor, unless, instead, related } = problem;
  const refusal = `${refuser} refuses ${subject.title}: none of it takes effect`;
  const result = effect ?? (unless === undefined ? refusal : `Unless ${unless}, ${refusal}`);
  const node = instead === undefined ? undefined : replaceable(place.node);
  return {
    place,
    message: [what, result, todo].map(sentence).join(' '),
    ...(effect === undefined ? { equivalents: REFUSED } : { equivalents: WARNED, severity: isMinor ? 'info' : 'warning' }),
    ...(effect === undefined && unless !== undefined ? { severity: 'info' as const } : {}),
    ...(related === undefined ? {} : { related }),
    fixes: node === undefined || instead === undefined ? [] : [replacement(node, instead)],
  };
}

/** With a capital, unless it begins with the path of a field, and with a full stop. */
export function sentence(clause: string): string {
  const start = /^(?:spec|metadata|apiVersion|status)\b/.test(clause) ? clause.charAt(0) : clause.charAt(0).toUpperCase();
  return `${start}${clause.slice(1)}${/[.?]$/.test(clause) ? '' : '.'}`;
}

/** Safe where only quotes or capitals change: what was meant is then beyond doubt. */
export function replacement(node: ScalarNode, value: string): Fix {
  const isSame = String(node.value).toLowerCase() === value.toLowerCase() || node.source.slice(node.start, node.end) === value;
  return {
    title: `Write ${typeof node.value === 'string' ? value : JSON.stringify(value)}`,
    safe: isSame,
    preferred: true,
    edits: () => [replaceScalar(node, value)],
  };
}
