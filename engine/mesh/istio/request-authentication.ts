import { Labels } from '../../resources/labels';
import type { Answer } from '../../resources/labels';
import { sameNamespace, UNSET_NAMESPACE } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import { podTemplateOf } from '../../resources/workload';
import { isSet } from '../../yaml/tree';
import type { MeshView } from '../view';
import { DEFAULT_ROOT } from './peer-authentication';

const KIND = 'RequestAuthentication.security.istio.io';

/**
 * Whether a RequestAuthentication applies to a workload's pods: one of their namespace or of the root namespace, whose selector matches, or
 * that has none (istio/istio pkg/config/analysis/analyzers/virtualservice/jwtclaimroute.go, 1.32 development, which takes the root namespace
 * to be `istio-system`). What it attaches to by `targetRefs`, files may not show: `unknown`.
 */
export function hasRequestAuthentication(view: MeshView, workload: Resource): Answer {
  const { namespace } = workload;
  const template = podTemplateOf(workload);
  if (namespace === undefined || template === undefined) return 'unknown';
  const configured = view.rootNamespace();
  const root = configured.is === 'known' ? configured.value : DEFAULT_ROOT;
  // One that sets no namespace may land in that of the workload.
  const places = new Set([namespace, root, UNSET_NAMESPACE]);
  let answer: Answer = 'no';
  for (const policy of [...places].flatMap((name) => view.index.inNamespace(KIND, name))) {
    const isHere = policy.namespace === root ? 'yes' : sameNamespace(policy, workload);
    const isTargeted = ['targetRef', 'targetRefs'].some((field) => isSet(policy.at('spec', field)));
    const matches = template.labels.matches(new Labels(policy.at('spec', 'selector', 'matchLabels')));
    if (isHere === 'no' || (matches === 'no' && !isTargeted)) continue;
    if (isHere === 'yes' && matches === 'yes' && !isTargeted) return 'yes';
    answer = 'unknown';
  }
  return answer;
}
