import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { isSet, numberOf, stringOf } from '../../engine/yaml/tree';

/** How many pods workloads make, as far as files tell. */
export interface PodCount {
  /** The pods that are sure to be there. */
  readonly atLeast: number;
  /** Workloads that may make more: an autoscaler, each node or a schedule decides, or a template hides the number. */
  readonly open: readonly Resource[];
}

/** The kinds that have `spec.replicas`, which is 1 where it is not set. */
const REPLICATED: ReadonlySet<string> = new Set([
  'Deployment.apps',
  'StatefulSet.apps',
  'ReplicaSet.apps',
  'ReplicationController',
  'Rollout.argoproj.io',
  'DeploymentConfig.apps.openshift.io',
]);

/** Sums up the pods of workloads: their replicas, or the least that a HorizontalPodAutoscaler or a ScaledObject keeps. */
export function countPods(view: MeshView, workloads: readonly Resource[]): PodCount {
  const open: Resource[] = [];
  let atLeast = 0;
  for (const workload of workloads) {
    const { least, exact } = podsOf(view, workload);
    atLeast += least;
    if (!exact) open.push(workload);
  }
  return { atLeast, open };
}

function podsOf(view: MeshView, workload: Resource): { readonly least: number; readonly exact: boolean } {
  if (workload.kind === 'Pod') return { least: 1, exact: true };
  if (!REPLICATED.has(workload.kind)) return { least: 0, exact: false };
  const scaled = autoscaledLeast(view, workload);
  if (scaled !== undefined) return { least: scaled, exact: false };
  const replicas = workload.at('spec', 'replicas');
  const count = isSet(replicas) ? numberOf(replicas) : 1;
  return count === undefined ? { least: 0, exact: false } : { least: count, exact: true };
}

/** The least that an autoscaler keeps; undefined where none scales the workload. */
function autoscaledLeast(view: MeshView, workload: Resource): number | undefined {
  const { namespace } = workload;
  if (namespace === undefined) return undefined;
  for (const { kind, field, byDefault } of AUTOSCALERS) {
    for (const autoscaler of view.index.inNamespace(kind, namespace)) {
      if (stringOf(autoscaler.at('spec', 'scaleTargetRef', 'name')) !== workload.name) continue;
      const target = autoscaler.at('spec', 'scaleTargetRef', 'kind');
      if ((isSet(target) ? stringOf(target) : 'Deployment') !== workload.header.kind) continue;
      const least = autoscaler.at('spec', field);
      return isSet(least) ? (numberOf(least) ?? 0) : byDefault;
    }
  }
  return undefined;
}

const AUTOSCALERS = [
  { kind: 'HorizontalPodAutoscaler.autoscaling', field: 'minReplicas', byDefault: 1 },
  { kind: 'ScaledObject.keda.sh', field: 'minReplicaCount', byDefault: 0 },
] as const;
