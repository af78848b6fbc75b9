import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { knownRegistries, namedRegistries, NETWORK_HOLDERS } from '../../engine/mesh/istio/network-registries';
import type { NamedRegistry, Registries } from '../../engine/mesh/istio/network-registries';
import { DEFAULT_ROOT } from '../../engine/mesh/istio/peer-authentication';
import type { MeshView } from '../../engine/mesh/view';
import { nearestName } from '../../engine/configuration/nearest-name';
import { replaceable } from '../../engine/mesh/istio/validation/problem';
import type { Resource } from '../../engine/resources/resource';
import { replaceScalar } from '../../engine/yaml/edit';

const networks = (registry: string): string =>
  `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio\n  namespace: istio-system\ndata:\n  meshNetworks: |\n    networks:\n      east:\n        endpoints:\n          - fromRegistry: ${registry}\n        gateways:\n          - address: 192.0.2.7\n            port: 15443\n`;
const secret =
  'apiVersion: v1\nkind: Secret\nmetadata:\n  name: istio-remote-secret-east\n  namespace: istio-system\n  labels:\n    istio/multiCluster: "true"\nstringData:\n  cluster-east: |\n    apiVersion: v1\n';

export const rule = defineRule({
  id: 'istio/unknown-network-registry',
  severity: 'warning',
  summary: 'MeshNetworks name the registry of a cluster that istiod does not know.',
  why:
    'A network holds the endpoints of the clusters whose registries it names. A registry has the name under which a Secret labelled ' +
    '`istio/multiCluster` keeps the credentials of its cluster. With another name, the endpoints of that cluster belong to no network: ' +
    'proxies elsewhere call them directly, past the gateway, and reach nobody.',
  todo: 'Name the registry as the Secret names the cluster, or `Kubernetes` for the own cluster where it has no name.',
  kinds: NETWORK_HOLDERS,
  mentions: ['fromRegistry'],
  equivalents: ['IST0126'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0126/',
  since: '0.1.0',
  reportsUnknown: true,
  fix: 'writes the name of a cluster that comes near',
  examples: {
    bad: [
      {
        title: 'Not the name in the Secret',
        files: { 'secret.yaml': secret, 'networks.yaml': networks('cluster_east') },
        findings: [
          {
            at: 'networks.yaml:11:27',
            text: 'cluster_east',
            message:
              'Network east names registry cluster_east, and no Secret with credentials of other clusters has that name: the endpoints of that cluster belong to no network. Did you mean cluster-east?',
          },
        ],
      },
      {
        title: 'No Secret in sight',
        files: { 'networks.yaml': networks('cluster-east') },
        findings: [
          {
            at: 'networks.yaml:11:27',
            text: 'cluster-east',
            message:
              'Network east names registry cluster-east. No file here holds a Secret labelled istio/multiCluster: see that one in the cluster has a key of that name, or that the own cluster is called so, else the endpoints belong to no network.',
          },
        ],
      },
    ],
    good: [
      { title: 'As the Secret has it', files: { 'secret.yaml': secret, 'networks.yaml': networks('cluster-east') } },
      { title: 'The own cluster', files: { 'networks.yaml': networks('Kubernetes') } },
    ],
  },
  *check(subject, view) {
    const named = namedRegistries(subject);
    if (named.length === 0) return;
    const known = knownRegistries(view);
    for (const registry of named) if (!known.names.has(registry.registry)) yield finding(subject, view, registry, known);
  },
});

function finding(subject: Resource, view: MeshView, { network, registry, node }: NamedRegistry, known: Registries): Finding {
  const { plan, partial } = view.scope();
  const opening = `Network ${network} names registry ${registry}`;
  const root = view.rootNamespace();
  const namespace = subject.kind === 'ConfigMap' ? subject.namespace : undefined;
  // As istioctl names what it finds in there.
  const resource = {
    apiVersion: 'v1alpha1',
    kind: 'MeshNetworks',
    namespace: namespace ?? (root.is === 'known' ? root.value : DEFAULT_ROOT),
    name: 'meshnetworks',
  };
  if (partial.length > 0 || (!known.showsRemote && !plan.complete)) {
    return {
      place: { node },
      resource,
      severity: 'info',
      message: `${opening}. No file here holds a Secret labelled istio/multiCluster: see that one in the cluster has a key of that name, or that the own cluster is called so, else the endpoints belong to no network.`,
    };
  }
  const near = nearestName(registry, [...known.names]);
  const scalar = near === undefined ? undefined : replaceable(node);
  const advice = near === undefined ? 'Name it as the Secret does, or Kubernetes for the own cluster.' : `Did you mean ${near}?`;
  return {
    place: { node },
    resource,
    message: `${opening}, and no Secret with credentials of other clusters has that name: the endpoints of that cluster belong to no network. ${advice}`,
    fixes:
      near === undefined || scalar === undefined
        ? []
        : [{ title: `Write ${near}`, safe: false, preferred: true, edits: () => [replaceScalar(scalar, near)] }],
  };
}
