import type { MeshView } from '../mesh/view';
import { UNSET_NAMESPACE } from '../resources/resource';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import { isSet, lookup, numberOf, stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import { applicationWorkloads } from './applications';
import { groupedKind } from './count-services';
import { query } from './evidence';
import type { DecisionFacts } from './facts';

/** Pods that run to their end and are gone are no standing cost. */
const SHORT_LIVED: ReadonlySet<string> = new Set(['Job.batch', 'CronJob.batch']);

/**
 * Counts the pods that the application workloads run all the time: `replicas` (1 where it is not set), brought within the bounds of an
 * autoscaler. An autoscaler thus counts with its minimum, unless more replicas are written: what it reaches under load is not known. Jobs
 * and CronJobs are left out. Not known: a DaemonSet's, which has one a node; a value that a template hides; a Knative Service's that sets
 * no lower bound, since it scales to nothing.
 */
export function countPods(view: MeshView): DecisionFacts<unknown>['pods'] {
  return query(view, 'pods', () => {
    const scaling = readScaling(view);
    let count = 0;
    let unknown = 0;
    for (const [workload] of applicationWorkloads(view)) {
      if (SHORT_LIVED.has(workload.kind)) continue;
      const pods = podsOf(workload, scaling);
      if (pods === undefined) unknown++;
      else count += pods;
    }
    return { count, unknown };
  });
}

interface Bounds {
  readonly least: number | undefined;
  readonly most: number | undefined;
}

interface Scaling {
  readonly bounds: ReadonlyMap<string, Bounds>;
  /** Where an Argo Rollout that refers to a workload says how many pods that gets. */
  readonly rollouts: ReadonlyMap<string, YamlNode>;
}

/**
 * `minReplicas` defaults to 1 (Kubernetes autoscaling/v2, HorizontalPodAutoscalerSpec), `minReplicaCount` to 0 and `maxReplicaCount` to
 * 100 (keda.sh, "ScaledObject specification"); an Argo Rollout with a `workloadRef` takes over the Deployment's pods (argo-rollouts,
 * "Migrating").
 */
function readScaling(view: MeshView): Scaling {
  const bounds = new Map<string, Bounds>();
  const rollouts = new Map<string, YamlNode>();
  for (const autoscaler of view.ofKind('HorizontalPodAutoscaler.autoscaling')) {
    const key = targetKey(autoscaler, autoscaler.at('spec', 'scaleTargetRef'));
    const least = numberAt(autoscaler.at('spec', 'minReplicas'), 1);
    if (key !== undefined) bounds.set(key, { least, most: numberAt(autoscaler.at('spec', 'maxReplicas'), undefined) });
  }
  for (const scaled of view.ofKind('ScaledObject.keda.sh')) {
    const key = targetKey(scaled, scaled.at('spec', 'scaleTargetRef'));
    const least = numberAt(scaled.at('spec', 'minReplicaCount'), 0);
    if (key !== undefined) bounds.set(key, { least, most: numberAt(scaled.at('spec', 'maxReplicaCount'), 100) });
  }
  for (const rollout of view.ofKind('Rollout.argoproj.io')) {
    const key = targetKey(rollout, rollout.at('spec', 'workloadRef'));
    const replicas = rollout.at('spec', 'replicas');
    if (key !== undefined && isSet(replicas)) rollouts.set(key, replicas);
  }
  return { bounds, rollouts };
}

function podsOf(workload: Resource, { bounds, rollouts }: Scaling): number | undefined {
  const key = keyOf(workload, workload.kind, workload.name ?? '');
  switch (workload.kind) {
    case 'Pod':
      return 1;
    case 'DaemonSet.apps':
      return undefined;
    case 'Service.serving.knative.dev':
      return leastOfKnative(workload);
    default: {
      const written = numberAt(rollouts.get(key) ?? workload.at('spec', 'replicas'), 1);
      const { least, most } = bounds.get(key) ?? { least: 0, most: Infinity };
      // An autoscaler leaves a workload alone that is scaled to nothing by hand.
      if (written === undefined || written === 0) return written;
      return least === undefined ? undefined : Math.min(Math.max(written, least), most ?? Infinity);
    }
  }
}

/** `autoscaling.knative.dev/min-scale`, or the older `minScale` (knative.dev, "Configuring scale bounds"). */
function leastOfKnative(workload: Resource): number | undefined {
  const annotations = podTemplateOf(workload)?.annotations;
  for (const name of ['min-scale', 'minScale']) {
    const bound = annotations?.get(`autoscaling.knative.dev/${name}`);
    if (bound?.is === 'known' && /^[1-9]\d{0,5}$/.test(bound.value)) return Number(bound.value);
  }
  return undefined;
}

/** @returns the default where nothing is set, undefined for what is no number to read */
function numberAt<T>(node: YamlNode | undefined, otherwise: T): number | T | undefined {
  return isSet(node) ? numberOf(node) : otherwise;
}

function targetKey(from: Resource, reference: YamlNode | undefined): string | undefined {
  const name = stringOf(lookup(reference, 'name'));
  if (name === undefined) return undefined;
  return keyOf(from, groupedKind(lookup(reference, 'apiVersion'), stringOf(lookup(reference, 'kind')) ?? 'Deployment'), name);
}

function keyOf(resource: Resource, kind: string, name: string): string {
  const { namespace } = resource.header;
  const slot = namespace.is === 'known' ? namespace.value : namespace.is === 'absent' ? UNSET_NAMESPACE : '(unknown)';
  return `${slot} ${kind} ${name}`;
}
