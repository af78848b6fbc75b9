import { usedOfKind } from '../../engine/decision/applications';
import { defineRule, RELATED_LIMIT } from '../../engine/findings/rule';
import { infrastructureRole } from '../../engine/mesh/infrastructure';
import { INSTALLATION_SUBJECTS, leadingInstallation } from '../../engine/mesh/installations';
import { joined } from '../../engine/mesh/joined';
import { ISTIO_KINDS } from '../../engine/mesh/istio/in-use';
import { meshConfigs } from '../../engine/mesh/istio/mesh-config';
import { PEER_AUTHENTICATION } from '../../engine/mesh/mtls';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { isSet, itemsOf, lookup, stringOf } from '../../engine/yaml/tree';
import { LINKERD_COST, SIDECAR_COST } from './ambient-costs.data';
import { showsApplications } from './shown-applications';

const RELEASE =
  'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: istiod\n  namespace: istio-system\nspec:\n  chart:\n    spec:\n      chart: istiod\n      version: 1.30.2\n      sourceRef:\n        kind: HelmRepository\n        name: istio\n';
const SHOP =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: cart\n    spec:\n      containers:\n        - name: cart\n          image: example/cart:1\n';
const STRICT =
  'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n  namespace: istio-system\nspec:\n  mtls:\n    mode: STRICT\n';
const ROUTE =
  'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  hosts: [cart]\n  http:\n    - timeout: 2s\n      route:\n        - destination:\n            host: cart\n';

const range = ({ least, most }: { readonly least: number; readonly most: number }): string => `${least}–${most} MB`;

export const rule = defineRule({
  id: 'adoption/istio-features-unused',
  severity: 'hint',
  summary: 'Istio runs with sidecars, and nothing that only Istio does is used.',
  why:
    'What sets Istio apart is what its resources configure: routing by header, faults, mirroring, JWT, policies by path, gateways, Wasm. ' +
    'Where no file uses any of that, mutual TLS and metrics are what is left, and Linkerd’s proxies and Istio’s own ambient mode give both for ' +
    `less: guides put a sidecar of Istio at ${range(SIDECAR_COST.megabytes)} of memory a pod and Linkerd’s proxy at ` +
    `${range(LINKERD_COST.megabytes)} (BirJob, "Istio vs Linkerd"). kubernetes.ae advises against Istio for features that are never used.\n\n` +
    'A PeerAuthentication counts as no such feature. It is reported once an environment, at the control plane, and only where the files ' +
    'show what runs there.',
  todo:
    'If the features are to come, name them under `team.features` or `team.needs` in `.mesh-lint.yaml`. If not, consider ambient mode, which leaves ' +
    'the rest of Istio as it is.',
  kinds: INSTALLATION_SUBJECTS,
  equivalents: [],
  docs: 'https://istio.io/latest/docs/overview/dataplane-modes/',
  since: '0.1.0',
  noFix: 'what the mesh is for is not in the files',
  examples: {
    bad: [
      {
        title: 'Mutual TLS and nothing else',
        files: { 'istio.yaml': RELEASE, 'mtls.yaml': STRICT, 'shop.yaml': SHOP },
        findings: [
          {
            at: 'istio.yaml:9:14',
            text: 'istiod',
            message:
              'Istio is installed with sidecars for 1 workload, and no file here uses what only Istio does: no routing, gateway, authorization, telemetry or extension. For mutual TLS and metrics alone, ambient mode or Linkerd take less: guides put a sidecar of Istio at 50–100 MB of memory a pod and Linkerd’s proxy at 10–20 MB. If the features are to come, name them under team: in .mesh-lint.yaml.',
          },
        ],
      },
    ],
    good: [
      { title: 'A route', files: { 'istio.yaml': RELEASE, 'shop.yaml': SHOP, 'route.yaml': ROUTE } },
      {
        title: 'Ambient mode',
        files: {
          'istio.yaml': RELEASE,
          'shop.yaml': SHOP.replace('istio-injection: enabled', 'istio.io/dataplane-mode: ambient'),
        },
      },
      {
        title: 'Features that are to come',
        files: {
          'istio.yaml': RELEASE,
          'shop.yaml': SHOP,
          '.mesh-lint.yaml': 'team:\n  features: [mirroring]\n',
        },
      },
    ],
  },
  *check(subject, view) {
    const installation = leadingInstallation(subject, view);
    if (installation?.mesh !== 'istio') return;
    const { team } = view.configuration();
    if ((team.needs?.length ?? 0) + (team.features?.length ?? 0) > 0 || team.multicluster === true) return;
    const sidecars = joined(view).istio.filter((workload) => view.membership(workload)?.sidecar.joins === 'yes');
    if (sidecars.length === 0 || usesIstio(view) || !showsApplications(view)) return;
    yield {
      place: { node: installation.node },
      message:
        `Istio is installed with sidecars for ${sidecars.length} ${sidecars.length === 1 ? 'workload' : 'workloads'}, and no file ` +
        'here uses what only Istio does: no routing, gateway, authorization, telemetry or extension. For mutual TLS and metrics alone, ' +
        `ambient mode or Linkerd take less: guides put a sidecar of Istio at ${range(SIDECAR_COST.megabytes)} of memory a pod and ` +
        `Linkerd’s proxy at ${range(LINKERD_COST.megabytes)}. If the features are to come, name them under team: in .mesh-lint.yaml.`,
      related: sidecars.slice(0, RELATED_LIMIT).flatMap((workload) => {
        const title = workload.titlePlace;
        return title === undefined ? [] : [{ place: { node: title }, message: `${workload.title} gets a sidecar.` }];
      }),
    };
  },
});

/** Istio's kinds but for PeerAuthentication, and what drives Istio from outside of them. */
const FEATURE_KINDS = [
  ...ISTIO_KINDS.filter((kind) => kind !== PEER_AUTHENTICATION),
  'Canary.flagger.app',
  'Kiali.kiali.io',
  'ServiceExport.multicluster.x-k8s.io',
];
const ROUTES = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'].map((kind) => `${kind}.gateway.networking.k8s.io`);

/** Whether anything in an environment uses Istio beyond mutual TLS; what a template hides may be a use. */
function usesIstio(view: MeshView): boolean {
  return (
    FEATURE_KINDS.some((kind) => usedOfKind(view, kind).length > 0) ||
    view.ofKind('Gateway.gateway.networking.k8s.io').some((gateway) => mayBe(gateway, isOfIstio, 'gatewayClassName')) ||
    view.ofKind('Ingress.networking.k8s.io').some(isIngressOfIstio) ||
    ROUTES.some((kind) => view.ofKind(kind).some(routesInMesh)) ||
    view
      .ofKind('Rollout.argoproj.io')
      .some((rollout) => isSet(rollout.at('spec', 'strategy', 'canary', 'trafficRouting', 'istio'))) ||
    view.index
      .grouped('istio gateways', 'workloads', (workload) => (infrastructureRole(workload) === 'istio-gateway' ? GATEWAYS : []))
      .get('gateways').length > 0 ||
    view.ofKind('Secret').some((secret) => !secret.isSkimmed && secret.labels.keys().includes('istio/multiCluster')) ||
    meshConfigs(view).some((config) => isSet(lookup(config, 'extensionProviders')))
  );
}

const GATEWAYS: readonly string[] = ['gateways'];

const isOfIstio = (text: string): boolean => text.startsWith('istio');

function mayBe(resource: Resource, fits: (text: string) => boolean, field: string): boolean {
  const text = stringOf(resource.at('spec', field));
  return text === undefined || fits(text);
}

/** An Ingress that istiod serves, by class or by the annotation that came before it. */
function isIngressOfIstio(ingress: Resource): boolean {
  const annotation = ingress.annotations.get('kubernetes.io/ingress.class');
  if (annotation.is === 'known') return isOfIstio(annotation.value);
  return isSet(ingress.at('spec', 'ingressClassName')) && mayBe(ingress, isOfIstio, 'ingressClassName');
}

function routesInMesh(route: Resource): boolean {
  return itemsOf(route.at('spec', 'parentRefs')).some((parent) => (stringOf(lookup(parent, 'kind')) ?? 'Gateway') !== 'Gateway');
}
