import type { Environment } from '../environments/environment';
import type { Graph } from '../incremental/graph';
import type { KindName } from '../resources/kinds';
import { isWorkloadKind } from '../resources/workload';
import type { Resource } from '../resources/resource';

/** Lookups into one environment's resources, each its own query, so that an edit reaches only those who asked for what it changed. */
export interface IndexQueries {
  /** Every resource of a kind, in the environment's order. */
  readonly ofKind: (kind: KindName) => readonly Resource[];
  /** Those of one namespace; resources that set none stand under `default`. Cluster-scoped kinds have the namespace ''. */
  readonly inNamespace: (kind: KindName, namespace: string) => readonly Resource[];
  /** Every definition of one object: several files may define alternatives. */
  readonly named: (kind: KindName, namespace: string, name: string) => readonly Resource[];
  readonly workloads: () => readonly Resource[];
  readonly workloadsIn: (namespace: string) => readonly Resource[];
}

export function indexQueries(graph: Graph, environment: () => Environment): IndexQueries {
  const byKind = graph.computed('index.byKind', () => group(environment().resources, (resource) => resource.kind));
  const ofKind = graph.family('index.ofKind', (kind: KindName) => byKind.get().get(kind) ?? NONE);
  const byNamespace = graph.family('index.byNamespace', (kind: KindName) =>
    group(ofKind(kind), (resource) => resource.namespace),
  );
  const slot = graph.family('index.inNamespace', (key: string) => {
    const [kind = '', namespace = ''] = key.split(' ');
    return byNamespace(kind).get(namespace) ?? NONE;
  });
  const inNamespace = (kind: KindName, namespace: string): readonly Resource[] => slot(`${kind} ${namespace}`);
  const byName = graph.family('index.byName', (kind: KindName) => group(ofKind(kind), (resource) => resource.key));
  const nameSlot = graph.family('index.named', (key: string) => byName(key.slice(0, key.indexOf(' '))).get(key) ?? NONE);
  const workloads = graph.computed('index.workloads', () =>
    environment().resources.filter((resource) => isWorkloadKind(resource.kind)),
  );
  const workloadsByNamespace = graph.computed('index.workloadsByNamespace', () =>
    group(workloads.get(), (resource) => resource.namespace),
  );
  return {
    ofKind,
    inNamespace,
    named: (kind, namespace, name) => nameSlot(`${kind} ${namespace}/${name}`),
    workloads: () => workloads.get(),
    workloadsIn: graph.family('index.workloadsIn', (namespace: string) => workloadsByNamespace.get().get(namespace) ?? NONE),
  };
}

const NONE: readonly Resource[] = [];

function group(resources: readonly Resource[], keyOf: (resource: Resource) => string | undefined): Map<string, Resource[]> {
  const groups = new Map<string, Resource[]>();
  for (const resource of resources) {
    const key = keyOf(resource) ?? '';
    const list = groups.get(key);
    if (list === undefined) groups.set(key, [resource]);
    else list.push(resource);
  }
  return groups;
}
