import { POLICY_KINDS, policyTarget } from '../mesh/istio/policy-selector';
import type { MeshView } from '../mesh/view';
import { sameNamespace } from '../resources/resource';
import type { Answer } from '../resources/labels';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import { istioMembership } from './mtls';
import { resourceList, statement } from './statement';
import type { Statement } from './statement';

/**
 * Which of Istio's policies are for a workload's pods, by their selectors and namespaces. Those that name what they are for (`targetRefs`) are
 * for Gateways and Services, and are not among them. Nothing for a workload that is certainly in no mesh of Istio's.
 */
export function policyStatements(workload: Resource, view: MeshView): Statement[] {
  const membership = view.membership(workload);
  if (membership === undefined || istioMembership(membership) === 'no') return [];
  const all = POLICY_KINDS.flatMap((kind) => view.ofKind(kind)).map((policy) => ({ policy, is: isFor(policy, workload, view) }));
  const sure = all.filter(({ is }) => is === 'yes').map(({ policy }) => policy);
  const open = all.filter(({ is }) => is === 'unknown').map(({ policy }) => policy);
  return [
    ...(sure.length > 0 ? [statement('policies', 'Policies for these pods: ', ...resourceList(sure, view), '.')] : []),
    ...(open.length > 0
      ? [statement('policies open', 'Perhaps for these pods: ', ...resourceList(open, view), ': the files leave it open.')]
      : []),
  ];
}

function isFor(policy: Resource, workload: Resource, view: MeshView): Answer {
  const target = policyTarget(policy, view);
  if (target.is === 'targets') return 'no';
  if (target.is === 'hidden') return sameNamespace(policy, workload) === 'no' ? 'no' : 'unknown';
  const isHere = target.reach === 'mesh' ? 'yes' : sameNamespace(policy, workload);
  const matches = target.is === 'all' ? 'yes' : (podTemplateOf(workload)?.labels.matches(target.selector) ?? 'no');
  const answers = [isHere, matches];
  return answers.includes('no') ? 'no' : answers.includes('unknown') ? 'unknown' : 'yes';
}
