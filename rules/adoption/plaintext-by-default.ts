import { defineRule, RELATED_LIMIT } from '../../engine/findings/rule';
import { allMeshed, hasUnseenCallers } from '../../engine/mesh/all-meshed';
import { INSTALLATION_SUBJECTS, leadingInstallation } from '../../engine/mesh/installations';
import { DEFAULT_ROOT } from '../../engine/mesh/istio/peer-authentication';
import { PEER_AUTHENTICATION } from '../../engine/mesh/mtls';
import { showsClients } from './shown-applications';

const RELEASE =
  'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: istiod\n  namespace: istio-system\nspec:\n  chart:\n    spec:\n      chart: istiod\n      version: 1.30.2\n      sourceRef:\n        kind: HelmRepository\n        name: istio\n';
const SHOP =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: cart\n    spec:\n      containers:\n        - name: cart\n          image: example/cart:1\n';
const POLICY =
  'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n  namespace: istio-system\nspec:\n  mtls:\n    mode: STRICT\n';

export const rule = defineRule({
  id: 'adoption/plaintext-by-default',
  severity: 'hint',
  summary: 'Every workload is in the mesh, and no policy stops plaintext.',
  why:
    'Istio uses mutual TLS between its proxies without being asked, and that is often taken for a guarantee. It is none: where no ' +
    'PeerAuthentication says `STRICT`, pods accept plaintext from everybody else as well (`PERMISSIVE` is the default), and an attacker in ' +
    'the cluster needs no certificate. The default is meant for the time in which workloads join one by one.\n\n' +
    'It is reported once an environment, at the control plane, where the files show that this time is over: every workload that could be a ' +
    'client is in the mesh, and nothing points to a caller from outside, as in ' +
    '[adoption/permissive-left-on](permissive-left-on.md). Clients that other repositories deploy are not seen.',
  todo:
    'Look for plaintext that still arrives (`connection_security_policy="none"` in `istio_requests_total` and ' +
    '`istio_tcp_connections_opened_total`). When there is none, put a PeerAuthentication with `mtls.mode: STRICT` into the root namespace, one ' +
    'namespace at a time if that feels safer.',
  kinds: INSTALLATION_SUBJECTS,
  equivalents: [],
  docs: 'https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/',
  since: '0.1.0',
  noFix: 'the policy is a resource of its own, and whether plaintext still arrives only traffic can tell',
  examples: {
    bad: [
      {
        title: 'A mesh without a PeerAuthentication',
        files: { 'istio.yaml': RELEASE, 'shop.yaml': SHOP },
        findings: [
          {
            at: 'istio.yaml:9:14',
            text: 'istiod',
            message:
              'The 1 workload of this environment is in the mesh, and no PeerAuthentication stops plaintext: by default pods accept it beside mutual TLS, from whoever reaches them. When none arrives any more (connection_security_policy="none" in istio_requests_total), set STRICT in the root namespace istio-system.',
          },
        ],
      },
    ],
    good: [
      { title: 'STRICT', files: { 'istio.yaml': RELEASE, 'shop.yaml': SHOP, 'mtls.yaml': POLICY } },
      {
        title: 'A workload that is still outside',
        files: {
          'istio.yaml': RELEASE,
          'shop.yaml': SHOP,
          'old.yaml': SHOP.replaceAll('shop', 'old').replace('enabled', 'disabled'),
        },
      },
    ],
  },
  *check(subject, view) {
    const installation = leadingInstallation(subject, view);
    if (installation?.mesh !== 'istio' || view.ofKind(PEER_AUTHENTICATION).length > 0) return;
    const meshed = allMeshed(view);
    if (meshed === undefined || meshed.length === 0 || !showsClients(view)) return;
    const namespaces = new Set(meshed.map((workload) => workload.namespace ?? ''));
    if ([...namespaces].some((name) => hasUnseenCallers(view, name))) return;
    const root = view.rootNamespace();
    const all =
      meshed.length === 1 ? 'The 1 workload of this environment is' : `All ${meshed.length} workloads of this environment are`;
    const where = root.is === 'known' ? root.value : DEFAULT_ROOT;
    yield {
      place: { node: installation.node },
      message:
        `${all} in the mesh, and no PeerAuthentication stops plaintext: by default pods accept it beside mutual TLS, from whoever ` +
        'reaches them. When none arrives any more (connection_security_policy="none" in istio_requests_total), set STRICT ' +
        `in the root namespace${root.is === 'unknown' ? '' : ` ${where}`}.`,
      related: meshed.slice(0, RELATED_LIMIT).flatMap((workload) => {
        const title = workload.titlePlace;
        return title === undefined ? [] : [{ place: { node: title }, message: `${workload.title} accepts plaintext.` }];
      }),
    };
  },
});
