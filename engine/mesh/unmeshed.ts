import type { Resource } from '../resources/resource';
import type { YamlNode } from '../yaml/tree';
import { infrastructureRole, isNeverClient } from './infrastructure';
import { ignoredNamespaces } from './istio/sidecar-injection';
import { midSentence } from './membership';
import type { Joining, Membership } from './membership';
import type { MeshView } from './view';

/** A workload whose pods are outside Istio's mesh and may open connections to pods inside. */
export interface UnmeshedClient {
  readonly workload: Resource;
  /** `assumed`: what Istio injects by default says so. */
  readonly basis: 'shown' | 'assumed';
  /** What keeps it outside: clauses that follow a colon, without a full stop. */
  readonly reason: string;
  /** The labels and fields that say so; empty when it is their absence, and no file defines the Namespace. */
  readonly evidence: readonly YamlNode[];
  /** Of a custom resource, what has to hold of its controller: a clause that follows "assumes that". */
  readonly controller?: string;
}

/**
 * The workloads of an environment that could be clients and are shown or assumed to be outside Istio's mesh, by namespace, and within one
 * in the environment's order. A memoised query.
 *
 * Where membership is unknown, as in a Namespace that no file defines, a workload is not among them. Neither is infrastructure that calls
 * no application (see `isNeverClient`), nor what a chart's hook runs, which is gone once the release is made. Linkerd's proxy does not
 * count as membership: it holds no certificate that Istio accepts. Nor does Cilium's ztunnel, of which nothing says that it does. Of
 * alternatives that define one workload each must be outside.
 */
export function unmeshedClients(view: MeshView): readonly UnmeshedClient[] {
  const query = view.extension('unmeshedClients', (graph) => {
    const within = graph.family('unmeshedClients.in', (namespace: string) => findClients(namespace, view));
    return graph.computed('unmeshedClients', () => {
      // `flatMap` takes ten times as long, and there may be thousands.
      const clients: UnmeshedClient[] = [];
      for (const namespace of view.index.workloadNamespaces()) for (const client of within(namespace)) clients.push(client);
      return clients;
    });
  });
  return query.get();
}

/** Whether a workload's pods are shown or assumed to have neither Istio's sidecar nor its ambient mode. */
export function isOutsideIstio({ sidecar, ambient }: Membership): boolean {
  return sidecar.joins === 'no' && ambient.joins === 'no';
}

function findClients(namespace: string, view: MeshView): readonly UnmeshedClient[] {
  const clients = new Map<string | Resource, UnmeshedClient | undefined>();
  for (const workload of view.index.workloadsIn(namespace)) {
    const key = workload.key ?? workload;
    const client = clientOf(workload, view.membership(workload));
    // A second definition leaves the first one's client standing only if it is outside as well.
    if (!clients.has(key) || client === undefined) clients.set(key, client);
  }
  return [...clients.values()].filter((client) => client !== undefined);
}

function clientOf(workload: Resource, membership: Membership | undefined): UnmeshedClient | undefined {
  if (membership === undefined || !isOutsideIstio(membership) || isChartHook(workload)) return undefined;
  // Whatever runs there, an ingress controller as well: Istio leaves these namespaces out, so that nobody can mesh it first.
  if (workload.namespace !== undefined && ignoredNamespaces.includes(workload.namespace)) return undefined;
  const role = infrastructureRole(workload);
  if (role !== undefined && isNeverClient(role)) return undefined;
  const { sidecar, ambient, linkerd } = membership;
  const decisive = linkerd.joins === 'yes' ? [sidecar, ambient, linkerd] : [sidecar, ambient];
  return {
    workload,
    basis: sidecar.basis === 'assumed' || ambient.basis === 'assumed' ? 'assumed' : 'shown',
    reason: reasonFor(sidecar, ambient, linkerd),
    evidence: [...new Set(decisive.flatMap(({ evidence }) => evidence))],
    ...(sidecar.controller === undefined ? {} : { controller: sidecar.controller }),
  };
}

function reasonFor(sidecar: Joining, ambient: Joining, linkerd: Joining): string {
  const outside =
    sidecar.reason === ambient.reason
      ? `${midSentence(sidecar.reason)}, which keeps it out of either mode`
      : `no sidecar (${midSentence(sidecar.reason)}), and not in ambient mode (${midSentence(ambient.reason)})`;
  if (linkerd.joins !== 'yes') return outside;
  return `${outside}; its Linkerd proxy (${midSentence(linkerd.reason)}) holds no certificate that Istio accepts`;
}

const HOOKS = ['helm.sh/hook', 'argocd.argoproj.io/hook'];

/** What Helm or Argo CD runs around a release. Jobs and Pods are: where a template may make one of them a hook, it counts as one. */
function isChartHook(workload: Resource): boolean {
  const mayBeOne = workload.kind === 'Job.batch' || workload.kind === 'Pod';
  return HOOKS.some((key) => {
    const { is } = workload.annotations.get(key);
    return is === 'known' || (mayBeOne && is === 'unknown');
  });
}
