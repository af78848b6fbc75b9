import type { Label, Labels } from '../../resources/labels';
import { sameNamespaceName } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import { podTemplateOf } from '../../resources/workload';
import type { Tristate } from '../../tristate';
import type { MeshView } from '../view';
import { installedCharts } from './control-plane';

/**
 * Whether a file of the repository that is no part of this environment has a workload that a selector may pick: it may share the cluster all
 * the same, so that nothing is missing for sure. For what is about to be reported; a recorded read of the workloads of the repository that
 * have one of the labels.
 *
 * @param namespace of the workload; undefined for any
 */
export function isSelectedElsewhere(selector: Labels, namespace: Tristate<string> | undefined, view: MeshView): boolean {
  const own = new Set(view.scope().files);
  return withOneOf(selector, view).some(
    (workload) =>
      !own.has(workload.file) &&
      (namespace === undefined || sameNamespaceName(workload.header.namespace, namespace) !== 'no') &&
      podTemplateOf(workload)?.labels.matches(selector) === 'yes',
  );
}

/** The workloads of the repository whose pods have the first label of a selector; all of them where it names none. */
function withOneOf(selector: Labels, view: MeshView): readonly Resource[] {
  const [key] = selector.keys();
  if (key === undefined) return view.everywhere.workloads();
  const pair = pairOf(key, selector.get(key));
  const byLabel = view.everywhere.grouped('pod labels', 'workloads', (workload) => {
    const labels = podTemplateOf(workload)?.labels;
    return labels === undefined ? [] : labels.keys().flatMap((own) => pairOf(own, labels.get(own)) ?? []);
  });
  return pair === undefined ? [] : byLabel.get(pair);
}

/** Undefined for a value that a template hides: it equals none for sure. */
function pairOf(key: string, label: Label): string | undefined {
  return label.is === 'known' ? `${key}=${label.value}` : undefined;
}

/**
 * Whether a release of a chart, of Flux, Argo CD or k3s, puts workloads into a namespace that no file shows. Who else installs charts leaves
 * no trace.
 *
 * @param namespace undefined for any
 */
export function isFilledByChart(namespace: Tristate<string> | undefined, view: MeshView): boolean {
  return installedCharts(view).some(
    ([, { releaseNamespace }]) => namespace === undefined || sameNamespaceName(releaseNamespace, namespace) !== 'no',
  );
}
