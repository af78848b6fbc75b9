import { Labels } from '../../resources/labels';
import type { Answer } from '../../resources/labels';
import type { Resource } from '../../resources/resource';
import { isCustomWorkload, podTemplateOf } from '../../resources/workload';
import { itemsOf, lookup } from '../../yaml/tree';
import type { MeshView } from '../view';
import type { HostDefinition } from './hosts';
import { selectedWorkloads } from './workload-selection';

const SERVICE_ENTRY = 'ServiceEntry.networking.istio.io';

/** The labels of what stands behind a host: of pods, of virtual machines, of endpoints. */
export interface Endpoints {
  /** The labels of each, with the resource that has them. */
  readonly labels: readonly { readonly labels: Labels; readonly resource: Resource }[];
  /** Whether there may be others: what a template hides, a Service without a selector, hosts that DNS resolves. */
  readonly open: boolean;
}

/**
 * What stands behind a host by one of its definitions: for a Service, pods of its namespace that its selector picks, as well as
 * WorkloadEntries; for a ServiceEntry those that its workloadSelector picks, or its own endpoints (istio/istio
 * pilot/pkg/serviceregistry/serviceentry, 1.32 development).
 */
export function endpointsOf(view: MeshView, { resource, is }: HostDefinition): Endpoints {
  if (is !== 'yes') return OPEN;
  if (resource.kind === 'Service') return selected(view, resource, new Labels(resource.at('spec', 'selector')));
  if (resource.kind !== SERVICE_ENTRY) return OPEN;
  const selector = new Labels(resource.at('spec', 'workloadSelector', 'labels'));
  if (!selector.isEmpty) return selected(view, resource, selector);
  const list = resource.at('spec', 'endpoints');
  const endpoints = itemsOf(list).map((node) => ({ labels: new Labels(lookup(node, 'labels')), resource }));
  return { labels: endpoints, open: endpoints.length === 0 || (list?.type === 'sequence' && list.open) };
}

const OPEN: Endpoints = { labels: [], open: true };

function selected(view: MeshView, holder: Resource, selector: Labels): Endpoints {
  if (selector.isEmpty) return OPEN;
  const { certain, possible } = selectedWorkloads(holder, selector, 'namespace', view);
  const pods = certain.flatMap((resource) => {
    const template = podTemplateOf(resource);
    return template === undefined ? [] : [{ labels: template.labels, resource }];
  });
  const { namespace } = holder;
  const machines = namespace === undefined ? [] : view.index.inNamespace('WorkloadEntry.networking.istio.io', namespace);
  const entries = machines
    .map((resource) => ({ labels: new Labels(resource.at('spec', 'labels')), resource }))
    .filter(({ labels }) => labels.matches(selector) === 'yes');
  // Machines that register themselves get labels that no file shows.
  const groups = namespace === undefined ? [] : view.index.inNamespace('WorkloadGroup.networking.istio.io', namespace);
  return { labels: [...pods, ...entries], open: possible.length > 0 || groups.length > 0 };
}

/** Whether files show workloads, and none of any namespace has these labels for sure or may have them. */
export function matchNoWorkload(view: MeshView, holder: Resource, labels: Labels): boolean {
  if (labels.isEmpty || labels.keys().some(isGiven) || !showsWorkloads(view)) return false;
  const { certain, possible } = selectedWorkloads(holder, labels, 'mesh', view);
  return certain.length === 0 && possible.length === 0;
}

/** Not by custom resources alone, whose pods may have any labels. A memoised query, so that the next workload is no news. */
function showsWorkloads(view: MeshView): boolean {
  const query = view.extension('istio.showsWorkloads', (graph) =>
    graph.computed('istio.showsWorkloads', () => view.index.workloads().some((workload) => !isCustomWorkload(workload))),
  );
  return query.get();
}

/** Whether an endpoint has the labels of a subset, apart from those that it gets in the cluster. */
export function hasLabels(own: Labels, wanted: Labels): Answer {
  let answer: Answer = 'yes';
  for (const key of wanted.keys()) {
    const [label, other] = [own.get(key), wanted.get(key)];
    if (label.is === 'known' && other.is === 'known') {
      if (label.value !== other.value) return 'no';
    } else if (label.is !== 'absent' || other.is !== 'known') {
      answer = 'unknown';
    } else if (isGiven(key)) {
      answer = 'unknown';
    } else {
      return 'no';
    }
  }
  return answer;
}

/** Labels that controllers give pods; others that pods and endpoints get in the cluster are told by their domain. */
const GIVEN = new Set([
  'pod-template-hash',
  'controller-revision-hash',
  'pod-template-generation',
  'rollouts-pod-template-hash',
  'job-name',
  'controller-uid',
]);

/** Whether a label is one that the cluster gives, so that no file shows it. */
export function isGiven(key: string): boolean {
  const domain = key.slice(0, Math.max(key.indexOf('/'), 0));
  // These are for authors to set.
  if (domain === 'app.kubernetes.io') return false;
  return GIVEN.has(key) || ['kubernetes.io', 'istio.io', 'k8s.io'].some((name) => domain === name || domain.endsWith(`.${name}`));
}
