import { defineRule, RELATED_LIMIT } from '../../engine/findings/rule';
import { allMeshed, hasUnseenCallers } from '../../engine/mesh/all-meshed';
import { scopeOf } from '../../engine/mesh/istio/strict-servers';
import type { PolicyScope } from '../../engine/mesh/istio/strict-servers';
import { PEER_AUTHENTICATION } from '../../engine/mesh/mtls';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { replaceScalar } from '../../engine/yaml/edit';
import { showsClients } from './shown-applications';

const namespace = (name: string, label = 'istio-injection: enabled'): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n  labels:\n    ${label}\n`;
const deployment = (where: string, name: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: ${where}\nspec:\n  template:\n    metadata:\n      labels:\n        app: ${name}\n    spec:\n      containers:\n        - name: ${name}\n          image: example/${name}:1\n`;
const policy = (where: string): string =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n  namespace: ${where}\nspec:\n  mtls:\n    mode: PERMISSIVE\n`;

export const rule = defineRule({
  id: 'adoption/permissive-left-on',
  severity: 'hint',
  summary: 'PERMISSIVE mutual TLS is still on, though every workload here is in the mesh.',
  why:
    '`PERMISSIVE` is there for the way into the mesh: pods accept mutual TLS and plaintext, so that clients can follow one by one. Between ' +
    'pods of the mesh it changes nothing, they use mutual TLS either way. What it leaves open is the door for everybody else: plaintext from ' +
    'any pod that reaches the address is let in, with no identity that an AuthorizationPolicy could ask for.\n\n' +
    'It is reported where the files show that the way is done: every workload of the environment that could be a client is in the mesh, ' +
    'and nothing points to a caller from outside, such as an Ingress, a NodePort or a load balancer of its own, a Gateway that is not ' +
    'Istio’s, a ServiceMonitor, a webhook or a chart of anything but a mesh. Clients that other repositories deploy are not seen.',
  todo:
    'Look for plaintext that still arrives (`istio_requests_total` and `istio_tcp_connections_opened_total` with ' +
    '`connection_security_policy="none"`), and set `STRICT` when there is none. If it has to stay, suppress the finding with the reason.',
  kinds: [PEER_AUTHENTICATION],
  equivalents: [],
  docs: 'https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/',
  since: '0.1.0',
  fix: 'sets STRICT',
  examples: {
    bad: [
      {
        title: 'A namespace whose workloads are all in the mesh',
        files: { 'shop.yaml': [namespace('shop'), policy('shop'), deployment('shop', 'cart')].join('---\n') },
        findings: [
          {
            at: 'shop.yaml:15:11',
            text: 'PERMISSIVE',
            message:
              'PERMISSIVE lets the pods of namespace shop accept plaintext, and nothing here shows a client that needs it: the 1 workload of this environment is in the mesh. Whoever reaches a pod gets in without a certificate. When no plaintext arrives any more (connection_security_policy="none" in istio_requests_total), set STRICT.',
          },
        ],
      },
      {
        title: 'The whole mesh, in both modes',
        files: {
          'mesh.yaml': policy('istio-system'),
          'shop.yaml': [namespace('shop'), deployment('shop', 'cart')].join('---\n'),
          'pay.yaml': [namespace('pay', 'istio.io/dataplane-mode: ambient'), deployment('pay', 'api')].join('---\n'),
        },
        findings: [
          {
            at: 'mesh.yaml:8:11',
            text: 'PERMISSIVE',
            message:
              'PERMISSIVE lets all pods of the mesh accept plaintext, and nothing here shows a client that needs it: all 2 workloads of this environment are in the mesh. Whoever reaches a pod gets in without a certificate. When no plaintext arrives any more (connection_security_policy="none" in istio_requests_total), set STRICT. This assumes istio-system as the root namespace.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'A client that is not in the mesh yet',
        files: {
          'shop.yaml': [namespace('shop'), policy('shop'), deployment('shop', 'cart')].join('---\n'),
          'legacy.yaml': [namespace('legacy', 'team: old'), deployment('legacy', 'batch')].join('---\n'),
        },
      },
      {
        title: 'An ingress, whose controller may have no sidecar',
        files: {
          'shop.yaml': [namespace('shop'), policy('shop'), deployment('shop', 'cart')].join('---\n'),
          'ingress.yaml':
            'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata:\n  name: shop\n  namespace: shop\nspec:\n  defaultBackend:\n    service:\n      name: cart\n      port:\n        number: 80\n',
        },
      },
      {
        title: 'STRICT already',
        files: {
          'shop.yaml': [namespace('shop'), policy('shop').replace('PERMISSIVE', 'STRICT'), deployment('shop', 'cart')].join(
            '---\n',
          ),
        },
      },
    ],
  },
  *check(subject, view) {
    const mode = subject.at('spec', 'mtls', 'mode');
    if (mode?.type !== 'scalar' || mode.value !== 'PERMISSIVE') return;
    const scope = scopeOf(subject, view);
    // One for some workloads is an exception that somebody has thought of.
    if (scope === undefined || scope.level === 'workload') return;
    const meshed = allMeshed(view);
    if (meshed === undefined) return;
    const served = meshed.filter((workload) => decides(subject, workload, view));
    const namespaces = new Set(served.map((workload) => workload.namespace ?? ''));
    if (served.length === 0 || !showsClients(view) || [...namespaces].some((name) => hasUnseenCallers(view, name))) return;
    yield {
      place: { node: mode },
      message: messageFor(scope, meshed.length),
      related: served.slice(0, RELATED_LIMIT).flatMap((workload) => {
        const title = workload.titlePlace;
        return title === undefined ? [] : [{ place: { node: title }, message: `${workload.title} accepts plaintext.` }];
      }),
      fixes:
        mode.madeBy === undefined
          ? [{ title: 'Demand mutual TLS', safe: false, edits: () => [replaceScalar(mode, 'STRICT')] }]
          : [],
    };
  },
});

/** Whether the workload accepts plaintext because of this policy, and no narrower one says otherwise. */
function decides(policy: Resource, workload: Resource, view: MeshView): boolean {
  const { mode, setBy } = view.mtls(workload).otherPorts;
  return mode === 'PERMISSIVE' && setBy.some((setter) => setter.policy === policy);
}

function messageFor(scope: PolicyScope, workloads: number): string {
  const whose =
    scope.level === 'mesh'
      ? 'all pods of the mesh'
      : `the pods of ${scope.level === 'namespace' && scope.namespace !== undefined ? `namespace ${scope.namespace}` : 'its namespace'}`;
  const all = workloads === 1 ? 'the 1 workload of this environment is' : `all ${workloads} workloads of this environment are`;
  const assumed = scope.level === 'mesh' && scope.rootAssumed ? ` This assumes ${scope.root} as the root namespace.` : '';
  return (
    `PERMISSIVE lets ${whose} accept plaintext, and nothing here shows a client that needs it: ${all} in the mesh. ` +
    'Whoever reaches a pod gets in without a certificate. When no plaintext arrives any more ' +
    `(connection_security_policy="none" in istio_requests_total), set STRICT.${assumed}`
  );
}
