import { defineRule } from '../../engine/findings/rule';
import { INSTALLATION_SUBJECTS, leadingInstallation, meshInstallations } from '../../engine/mesh/installations';
import { joined } from '../../engine/mesh/joined';
import { isObserved } from './observability-signs';
import { showsApplications } from './shown-applications';

const RELEASE =
  'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: linkerd-control-plane\n  namespace: linkerd\nspec:\n  chart:\n    spec:\n      chart: linkerd-control-plane\n      version: 2026.8.3\n      sourceRef:\n        kind: HelmRepository\n        name: linkerd\n';
const SHOP =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  annotations:\n    linkerd.io/inject: enabled\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: cart\n    spec:\n      containers:\n        - name: cart\n          image: example/cart:1\n';
const VIZ = RELEASE.replaceAll('linkerd-control-plane', 'linkerd-viz');

export const rule = defineRule({
  id: 'adoption/mesh-unobserved',
  severity: 'hint',
  summary: 'A mesh is installed, and nothing here reads what its proxies measure.',
  why:
    'Observability is among the first reasons to install a mesh, and a default install is only half of it. The proxies count requests, ' +
    'errors and latency and forget them with the pod: something has to scrape, keep, show and watch the numbers. Traces need a ' +
    'provider, and applications that pass the headers on. Istio installs no Prometheus, and Linkerd’s is in an extension of its own, with no ' +
    'room for more than hours.\n\n' +
    'It is reported once an environment, at the control plane, where workloads join the mesh and no sign of the kind is here: no ' +
    'Prometheus, agent or collector, no resource of an operator for one, no chart or tracing provider, no variable or annotation of a workload ' +
    'that speaks of one, and no folder or file that is named so. What the platform brings by itself no file shows.',
  todo:
    'Scrape the proxies with what you have (Prometheus or an OpenTelemetry collector), import the mesh’s dashboards, set alerts on success rate ' +
    'and latency, and set a provider for traces. If the platform does so already, suppress the finding and say where.',
  kinds: INSTALLATION_SUBJECTS,
  equivalents: [],
  docs: 'https://istio.io/latest/docs/ops/best-practices/observability/',
  since: '0.1.0',
  noFix: 'what to observe with is a choice that no edit makes',
  examples: {
    bad: [
      {
        title: 'Linkerd without its extension, and nothing in its place',
        files: { 'linkerd.yaml': RELEASE, 'shop.yaml': SHOP },
        findings: [
          {
            at: 'linkerd.yaml:9:14',
            text: 'linkerd-control-plane',
            message:
              'Linkerd is installed here, and nothing in these files reads what its proxies measure: there is no Prometheus or other collector, no tracing, no dashboard and no alert. The numbers are gone with each pod. Scrape the proxies, and set alerts on success rate and latency; if the platform does so, suppress this and say where.',
          },
        ],
      },
    ],
    good: [
      { title: 'Linkerd’s extension', files: { 'linkerd.yaml': RELEASE, 'viz.yaml': VIZ, 'shop.yaml': SHOP } },
      {
        title: 'Monitoring in a folder of its own',
        files: {
          'clusters/a/linkerd.yaml': RELEASE,
          'clusters/a/shop.yaml': SHOP,
          'monitoring/namespace.yaml': 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: metrics\n',
        },
      },
    ],
  },
  *check(subject, view) {
    const installation = leadingInstallation(subject, view);
    // Of two meshes one finding is enough.
    if (installation === undefined || meshInstallations(view)[0]?.mesh !== installation.mesh) return;
    const members = joined(view);
    if (members.istio.length + members.linkerd.length === 0 || isObserved(view) || !showsApplications(view)) return;
    yield {
      place: { node: installation.node },
      message:
        `${installation.mesh === 'istio' ? 'Istio' : 'Linkerd'} is installed here, and nothing in these files reads what its proxies ` +
        'measure: there is no Prometheus or other collector, no tracing, no dashboard and no alert. The numbers are gone with each pod. ' +
        'Scrape the proxies, and set alerts on success rate and latency; if the platform does so, suppress this and say where.',
    };
  },
});
