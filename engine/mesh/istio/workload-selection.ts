import type { Labels } from '../../resources/labels';
import { sameNamespace, UNSET_NAMESPACE } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import { isCustomWorkload, podTemplateOf } from '../../resources/workload';
import type { PodTemplate } from '../../resources/workload';
import type { MeshView } from '../view';

/** The workloads that a selector picks by the labels of their pods. */
export interface Selection {
  /** In the environment's order. */
  readonly certain: readonly Resource[];
  /**
   * Those that it may pick: a template hides a label, nothing says which namespace it is, or the labels that the controller of a custom
   * resource gives its pods are its own matter.
   */
  readonly possible: readonly Resource[];
}

/** Whether a selector looks for pods in the namespace of the resource that holds it, or in all of them. */
export type Reach = 'namespace' | 'mesh';

/**
 * The workloads of an environment whose pods a selector picks. Keyed by one of its labels, so that it costs as much as there are workloads
 * with that label, and an edit of any other is no news.
 *
 * @param holder the resource that holds the selector; its namespace counts where `reach` says so
 * @param selector one without labels picks every pod
 */
export function selectedWorkloads(holder: Resource, selector: Labels, reach: Reach, view: MeshView): Selection {
  const certain: Resource[] = [];
  const possible: Resource[] = [];
  for (const workload of workloadCandidates(holder, selector, reach, view)) {
    const template = podTemplateOf(workload);
    if (template === undefined) continue;
    const matches = template.labels.matches(selector);
    const isHere = reach === 'mesh' ? 'yes' : sameNamespace(holder, workload);
    if (matches === 'no' || isHere === 'no') continue;
    const isCertain = matches === 'yes' && isHere === 'yes' && !isCustomWorkload(workload);
    (isCertain ? certain : possible).push(workload);
  }
  return { certain, possible };
}

/** The workloads that a selector may pick: all that it does, and not many others. */
export function workloadCandidates(holder: Resource, selector: Labels, reach: Reach, view: MeshView): readonly Resource[] {
  const pair = firstPair(selector);
  const isAnywhere = reach === 'mesh' || holder.header.namespace.is !== 'known';
  const { namespace } = holder;
  if (pair === undefined) {
    return isAnywhere || namespace === undefined
      ? view.index.workloads()
      : withUnsaid(namespace).flatMap((name) => view.index.workloadsIn(name));
  }
  const byLabel = view.index.grouped('istio.workloadsByLabel', 'workloads', (workload) => labelKeys(workload));
  const keys =
    isAnywhere || namespace === undefined
      ? [pair, OPEN]
      : withUnsaid(namespace).flatMap((name) => [`${name}\0${pair}`, `${name}\0${OPEN}`]);
  // One with the label, and another one that a template hides, stands under both.
  return [...new Set(keys.flatMap((key) => byLabel.get(key)))];
}

/** A namespace, and those under which the index has workloads that may land in any. */
function withUnsaid(namespace: string): readonly string[] {
  return [...new Set([namespace, UNSET_NAMESPACE, HIDDEN])];
}

/** Where the index has workloads whose namespace a template hides. */
const HIDDEN = '';
/** Stands for pods whose labels a template may add to. No label has this name. */
const OPEN = '';

function firstPair(selector: Labels): string | undefined {
  for (const key of [...selector.keys()].sort()) {
    const label = selector.get(key);
    if (label.is === 'known') return pairOf(key, label.value);
  }
  return undefined;
}

function pairOf(key: string, value: string): string {
  return `${key}\0${value}`;
}

function labelKeys(workload: Resource): readonly string[] {
  const template = podTemplateOf(workload);
  if (template === undefined) return [];
  const pairs = pairsOf(template);
  return [...pairs, ...pairs.map((pair) => `${workload.namespace ?? HIDDEN}\0${pair}`)];
}

function pairsOf({ labels }: PodTemplate): string[] {
  let isOpen = labels.get(UNLIKELY).is === 'unknown';
  const pairs = labels.keys().flatMap((key) => {
    const label = labels.get(key);
    if (label.is === 'known') return [pairOf(key, label.value)];
    isOpen = true;
    return [];
  });
  return isOpen ? [...pairs, OPEN] : pairs;
}

/** A label that nobody sets: unknown where a template may add any. */
const UNLIKELY = 'mesh-lint.invalid/none';
