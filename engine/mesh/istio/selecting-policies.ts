import { Labels } from '../../resources/labels';
import { sameNamespace } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import { podTemplateOf } from '../../resources/workload';
import type { Graph } from '../../incremental/graph';
import type { MeshView } from '../view';
import { policyTarget } from './policy-selector';

/**
 * The policies of a kind, in the namespace of a workload, whose selector picks its pods for sure. Memoised for each workload, and keyed by
 * one label of the selector, so that it costs as much as there are policies with a label of these pods.
 *
 * @param selectorPath where the kind keeps the labels of its selector
 */
export function selectingPolicies(
  kind: string,
  selectorPath: readonly string[],
  workload: Resource,
  view: MeshView,
): readonly Resource[] {
  const query = view.extension(`istio.selectingPolicies ${kind}`, (graph: Graph) =>
    graph.family(`istio.selectingPolicies ${kind}`, (of: Resource) => findPolicies(kind, selectorPath, of, view)),
  );
  return query(workload);
}

function findPolicies(kind: string, path: readonly string[], workload: Resource, view: MeshView): readonly Resource[] {
  const template = podTemplateOf(workload);
  if (template === undefined) return [];
  const byLabel = view.index.grouped(`istio.policiesByLabel ${kind}`, [kind], (policy) => firstPair(policy, path));
  const candidates = template.labels.keys().flatMap((key) => {
    const label = template.labels.get(key);
    return label.is === 'known' ? byLabel.get(`${workload.namespace ?? ''}\0${key}\0${label.value}`) : [];
  });
  return candidates.filter((policy) => {
    const target = policyTarget(policy, view);
    return (
      target.is === 'selected' && template.labels.matches(target.selector) === 'yes' && sameNamespace(policy, workload) === 'yes'
    );
  });
}

function firstPair(policy: Resource, path: readonly string[]): readonly string[] {
  const selector = new Labels(policy.at(...path));
  for (const key of [...selector.keys()].sort()) {
    const label = selector.get(key);
    if (label.is === 'known') return [`${policy.namespace ?? ''}\0${key}\0${label.value}`];
  }
  return [];
}
