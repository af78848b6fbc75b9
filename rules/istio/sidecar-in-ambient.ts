import { defineRule, RELATED_LIMIT } from '../../engine/findings/rule';
import { ambientNamespace } from '../../engine/mesh/istio/ambient-namespace';
import { policyTarget } from '../../engine/mesh/istio/policy-selector';
import { selectedWorkloads } from '../../engine/mesh/istio/workload-selection';
import type { MeshView } from '../../engine/mesh/view';
import { UNSET_NAMESPACE } from '../../engine/resources/resource';
import type { Resource } from '../../engine/resources/resource';

const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio.io/dataplane-mode: ambient\n';
const sidecar = (rest = ''): string =>
  `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: default\n  namespace: shop\nspec:\n${rest}  egress:\n    - hosts: ["./*"]\n`;
const workload = (labels: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels: ${labels}\n    spec:\n      containers:\n        - name: cart\n          image: cart:1\n`;
const selecting = '  workloadSelector:\n    labels:\n      app: cart\n';

export const rule = defineRule({
  id: 'istio/sidecar-in-ambient',
  severity: 'warning',
  summary: 'A Sidecar is for pods in ambient mode, which have none.',
  why:
    'A Sidecar configures the proxy beside a container. In ambient mode there is none, and neither ztunnel nor a waypoint reads it: hosts that ' +
    'it leaves out are reached all the same, and its listeners and limits are not there.',
  todo:
    'Remove it. What is to be shut off belongs into an AuthorizationPolicy, or, for what leaves the mesh, into an egress gateway and a ' +
    'NetworkPolicy; ztunnel needs no list of hosts to stay small.',
  kinds: ['Sidecar.networking.istio.io'],
  equivalents: ['IST0167'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0167/',
  since: '0.1.0',
  noFix: 'removing a resource is more than a text edit: a kustomization may name its file',
  examples: {
    bad: [
      {
        title: 'A namespace in ambient mode',
        files: { 'namespace.yaml': namespace, 'sidecar.yaml': sidecar() },
        findings: [
          {
            at: 'sidecar.yaml:4:9',
            text: 'default',
            message:
              'Sidecar shop/default is for namespace shop, whose pods are in ambient mode and have no sidecar to configure. It does nothing. Remove it.',
          },
        ],
      },
      {
        title: 'A workload in ambient mode',
        files: {
          'namespace.yaml': namespace,
          'cart.yaml': workload('{ app: cart }'),
          'sidecar.yaml': sidecar(selecting),
        },
        findings: [
          {
            at: 'sidecar.yaml:9:12',
            text: 'cart',
            message:
              'Sidecar shop/default selects Deployment shop/cart, whose pods are in ambient mode and have no sidecar to configure. It does nothing. Remove it.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'A workload of that namespace with a sidecar',
        files: {
          'namespace.yaml': namespace,
          'cart.yaml': workload('{ app: cart, sidecar.istio.io/inject: "true" }'),
          'sidecar.yaml': sidecar(selecting),
        },
      },
      {
        title: 'A namespace with sidecars',
        files: {
          'namespace.yaml': namespace.replace('istio.io/dataplane-mode: ambient', 'istio-injection: enabled'),
          'sidecar.yaml': sidecar(),
        },
      },
    ],
  },
  *check(subject, view) {
    const target = policyTarget(subject, view);
    if (target.is === 'all') {
      const { titlePlace } = subject;
      const namespace = subject.namespace ?? UNSET_NAMESPACE;
      // In the root namespace it is for all the others.
      if (titlePlace === undefined || target.reach === 'mesh' || ambientNamespace(subject, view) !== 'yes') return;
      const hasSidecar = (joins: string | undefined): boolean => joins !== undefined && joins !== 'no';
      if (view.index.workloadsIn(namespace).some((workload) => hasSidecar(view.membership(workload)?.sidecar.joins))) return;
      yield {
        place: { node: titlePlace },
        message: `${subject.title} is for namespace ${namespace}, whose pods are in ambient mode and have no sidecar to configure. It does nothing. Remove it.`,
        related: view
          .namespaceLabel(namespace, 'istio.io/dataplane-mode')
          .evidence.map((node) => ({ place: { node }, message: 'This puts the namespace into ambient mode.' })),
      };
    }
    if (target.is !== 'selected') return;
    const { certain, possible } = selectedWorkloads(subject, target.selector, target.reach, view);
    const [first, ...others] = certain;
    if (first === undefined || possible.length > 0) return;
    if (!certain.every((workload) => isAmbient(workload, view))) return;
    const label = target.selector.get(target.selector.keys()[0] ?? '');
    const node = label.is === 'known' ? label.node : subject.titlePlace;
    if (node === undefined) return;
    const more = others.length === 0 ? '' : ` and ${others.length} more`;
    yield {
      place: { node },
      message: `${subject.title} selects ${first.title}${more}, whose pods are in ambient mode and have no sidecar to configure. It does nothing. Remove it.`,
      related: certain.slice(0, RELATED_LIMIT).flatMap((workload) => {
        const place = workload.titlePlace;
        const ambient = view.membership(workload)?.ambient;
        const reason = ambient?.joins === 'yes' ? `: ${ambient.reason}` : '';
        return place === undefined ? [] : [{ place: { node: place }, message: `${workload.title} is in ambient mode${reason}.` }];
      }),
    };
  },
});

/** By its labels, or, for a Pod that was read from a cluster, by what the CNI agent wrote. */
function isAmbient(workload: Resource, view: MeshView): boolean {
  if (view.membership(workload)?.ambient.joins === 'yes') return true;
  const redirection = workload.kind === 'Pod' ? workload.annotations.get('ambient.istio.io/redirection') : undefined;
  return redirection?.is === 'known' && redirection.value === 'enabled';
}
