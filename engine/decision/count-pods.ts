import type { MeshView } from '../mesh/view';
import { UNSET_NAMESPACE } from '../resources/resource';
import type { Resource } from '../resources/resource';
import { isCustomWorkload, podTemplateOf } from '../resources/workload';
import { isSet, lookup, numberOf, stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import { applicationWorkloads } from './applications';
import { groupedKind } from './count-services';
import { query } from './evidence';
import type { DecisionFacts } from './facts';

/** Pods that run to their end and are gone are no standing cost. */
const SHORT_LIVED: ReadonlySet<string> = new Set(['Job.batch', 'CronJob.batch']);

/** The pods of one workload. */
export interface WorkloadPods {
  /** As the manifests start it: `replicas` (1 where it is not set), brought within the bounds of an autoscaler. */
  readonly count: number;
  /** As few as an autoscaler leaves. */
  readonly least: number;
  /** As many as an autoscaler makes; undefined where there is one whose bound no file shows. */
  readonly most: number | undefined;
}

/**
 * Counts the pods that the application workloads run all the time, and the bounds that autoscalers keep them in: the one number of pods that
 * everything reckons with. Jobs and CronJobs are left out. Not known: a DaemonSet's, which has one a node; a value that a template hides;
 * a Knative Service's that sets no lower bound, since it scales to nothing; a custom resource's that sets no `replicas`, which its
 * controller has a default of its own for. A workload without a readable upper bound is `open`, and
 * counts in `most` with what it starts with.
 */
export function countPods(view: MeshView): DecisionFacts<unknown>['pods'] {
  return query(view, 'pods', () => {
    const total = { count: 0, least: 0, most: 0, unknown: 0, open: 0 };
    for (const pods of podsByWorkload(view).values()) {
      if (pods === undefined) {
        total.unknown++;
        continue;
      }
      total.count += pods.count;
      total.least += pods.least;
      total.most += pods.most ?? pods.count;
      if (pods.most === undefined) total.open++;
    }
    return total;
  });
}

/** The pods of each application workload that stays, by its first definition; undefined where they are not known. */
export function podsByWorkload(view: MeshView): ReadonlyMap<Resource, WorkloadPods | undefined> {
  return query(view, 'podsByWorkload', () => {
    const scaling = readScaling(view);
    const lasting = applicationWorkloads(view).filter(([workload]) => !SHORT_LIVED.has(workload.kind));
    return new Map(lasting.map(([workload]) => [workload, podsOf(workload, scaling)]));
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

function podsOf(workload: Resource, { bounds, rollouts }: Scaling): WorkloadPods | undefined {
  const key = keyOf(workload, workload.kind, workload.name ?? '');
  switch (workload.kind) {
    case 'Pod':
      return fixed(1);
    case 'DaemonSet.apps':
      return undefined;
    case 'Service.serving.knative.dev': {
      const least = knativeBound(workload, 'min-scale', 'minScale');
      return least === undefined ? undefined : { count: least, least, most: knativeBound(workload, 'max-scale', 'maxScale') };
    }
    default: {
      const written = numberAt(rollouts.get(key) ?? workload.at('spec', 'replicas'), isCustomWorkload(workload) ? undefined : 1);
      const scaled = bounds.get(key);
      // An autoscaler leaves a workload alone that is scaled to nothing by hand.
      if (written === undefined) return undefined;
      if (scaled === undefined || written === 0) return fixed(written);
      const { least, most } = scaled;
      return least === undefined ? undefined : { count: Math.min(Math.max(written, least), most ?? Infinity), least, most };
    }
  }
}

function fixed(count: number): WorkloadPods {
  return { count, least: count, most: count };
}

/** `autoscaling.knative.dev/min-scale` and its kin, each with the older name (knative.dev, "Configuring scale bounds"). */
function knativeBound(workload: Resource, ...names: readonly string[]): number | undefined {
  const annotations = podTemplateOf(workload)?.annotations;
  for (const name of names) {
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
