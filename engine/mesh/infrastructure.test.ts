import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import { infrastructureRole, isNeverClient } from './infrastructure';
import type { InfrastructureRole } from './infrastructure';
import { KNOWN_INFRASTRUCTURE } from './infrastructure.data';

interface Written {
  readonly kind?: 'Deployment' | 'DaemonSet' | 'Service';
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: string;
  /** Of the pods, or what a Service selects. */
  readonly podLabels?: string;
  readonly podAnnotations?: string;
  /** `name=image`, or an image alone. */
  readonly containers?: readonly string[];
}

function roleOf(written: Written): InfrastructureRole | undefined {
  const { kind = 'Deployment', name = 'cart', namespace = 'shop', labels = '', podLabels = '', podAnnotations = '' } = written;
  const containers = (written.containers ?? ['example/app:1']).map((text, i) => {
    const [first = '', image] = text.split('=');
    return `        - { name: ${image === undefined ? `c${i}` : first}, image: "${image ?? first}" }\n`;
  });
  const header = `kind: ${kind}\nmetadata:\n  name: ${name}\n  namespace: ${namespace}\n  labels: {${labels}}\nspec:\n`;
  const text =
    kind === 'Service'
      ? `apiVersion: v1\n${header}  selector: {${podLabels}}\n  ports: [{ port: 80 }]\n`
      : `apiVersion: apps/v1\n${header}  template:\n    metadata:\n      labels: {${podLabels}}\n      annotations: {${podAnnotations}}\n    spec:\n      containers:\n${containers.join('')}`;
  const workspace = workspaceOf({ 'a.yaml': text }, []);
  const view = workspace.view(workspace.environmentNames()[0] ?? '');
  const [resource] = view?.environment().resources ?? [];
  expect(resource?.name).toBe(name);
  return resource === undefined ? undefined : infrastructureRole(resource);
}

describe('roles of workloads', () => {
  it.each<[string, Written, InfrastructureRole]>([
    ['istiod of a revision, by label', { name: 'istiod-1-28', podLabels: 'app: istiod, istio: pilot' }, 'istio-control-plane'],
    ['istiod, by image', { name: 'control', containers: ['discovery=docker.io/istio/pilot:1.28.0'] }, 'istio-control-plane'],
    [
      'istiod, by its newest registry',
      { containers: ['registry.istio.io/release/pilot:1.30.3-distroless'] },
      'istio-control-plane',
    ],
    ['the old operator', { name: 'istio-operator' }, 'istio-control-plane'],
    ['the CNI agent', { kind: 'DaemonSet', podLabels: 'k8s-app: istio-cni-node' }, 'istio-cni'],
    ['the CNI agent, by image', { containers: ['gcr.io/istio-release/install-cni:1.28.0'] }, 'istio-cni'],
    ['ztunnel', { kind: 'DaemonSet', podLabels: 'app: ztunnel' }, 'ztunnel'],
    ['ztunnel, by image', { containers: ['istio-proxy=docker.io/istio/ztunnel:1.28.0'] }, 'ztunnel'],
    ["Cilium's ztunnel", { name: 'ztunnel-cilium', containers: ['istio-proxy=quay.io/cilium/ztunnel:v1'] }, 'cilium'],
    ['an ingress gateway', { podLabels: 'istio: ingressgateway' }, 'istio-gateway'],
    ['a gateway under its own name', { name: 'edge', containers: ['istio-proxy=auto'] }, 'istio-gateway'],
    ['a rendered gateway', { name: 'edge', containers: ['istio-proxy=docker.io/istio/proxyv2:1.28.0'] }, 'istio-gateway'],
    ['a gateway, by its template', { podAnnotations: 'inject.istio.io/templates: gateway' }, 'istio-gateway'],
    ['a gateway of the Gateway API', { podLabels: 'gateway.networking.k8s.io/gateway-name: edge' }, 'istio-gateway'],
    ['Linkerd', { podLabels: 'linkerd.io/control-plane-component: destination' }, 'linkerd-control-plane'],
    ["Linkerd's CNI agent", { podLabels: 'linkerd.io/cni-resource: "true"' }, 'linkerd-cni'],
    ["Linkerd's dashboard", { name: 'web', podLabels: 'linkerd.io/extension: viz' }, 'linkerd-extension'],
    ['Cilium', { kind: 'DaemonSet', podLabels: 'k8s-app: cilium' }, 'cilium'],
    ["Cilium's operator", { containers: ['quay.io/cilium/operator-generic:v1.20.0@sha256:abc'] }, 'cilium'],
    ['Calico', { kind: 'DaemonSet', name: 'calico-node' }, 'cni'],
    ["Vault's injector", { podLabels: 'app.kubernetes.io/name: vault-agent-injector' }, 'injector'],
    [
      'Prometheus, by image, with its reloader',
      { containers: ['quay.io/prometheus/prometheus:v3', 'quay.io/prometheus-operator/prometheus-config-reloader:v0'] },
      'observability',
    ],
    ['Kiali', { labels: 'app.kubernetes.io/part-of: kiali' }, 'observability'],
    ['nginx', { podLabels: 'app.kubernetes.io/name: ingress-nginx' }, 'ingress-controller'],
    ['Traefik, by its official image', { containers: ['traefik:v3.1'] }, 'ingress-controller'],
    ['Traefik, with the library spelt out', { containers: ['docker.io/library/traefik:v3.1'] }, 'ingress-controller'],
    [
      "Contour's Envoys",
      { name: 'envoy', containers: ['ghcr.io/projectcontour/contour:v1', 'docker.io/envoyproxy/envoy:v1'] },
      'ingress-controller',
    ],
    [
      "nginx's certificate Job",
      { name: 'ingress-nginx-admission-create', podLabels: 'app.kubernetes.io/name: ingress-nginx' },
      'operator',
    ],
    ['Flux', { name: 'source-controller', labels: 'app.kubernetes.io/part-of: flux' }, 'operator'],
    ['Argo CD, behind a registry with a port', { containers: ['mirror.corp:5000/argoproj/argocd:v2'] }, 'operator'],
    [
      "cert-manager's webhook",
      { name: 'webhook', podLabels: 'app: webhook', containers: ['quay.io/jetstack/cert-manager-webhook:v1'] },
      'operator',
    ],
    ['whatever runs in kube-system', { namespace: 'kube-system' }, 'kube-system'],
    ['Cilium in kube-system', { namespace: 'kube-system', name: 'cilium' }, 'cilium'],
  ])('%s', (_title, written, role) => {
    expect(roleOf(written)).toBe(role);
  });
});

describe('roles of Services', () => {
  it.each<[string, Written, InfrastructureRole | undefined]>([
    ['by name', { kind: 'Service', name: 'istiod' }, 'istio-control-plane'],
    ['by its own label', { kind: 'Service', name: 'webhook-receiver', labels: 'app.kubernetes.io/part-of: flux' }, 'operator'],
    ['by what it selects', { kind: 'Service', name: 'tracing', podLabels: 'app: jaeger' }, 'observability'],
    ['a gateway by what it selects', { kind: 'Service', name: 'edge', podLabels: 'istio: ingressgateway' }, 'istio-gateway'],
    ['in kube-system', { kind: 'Service', name: 'kube-dns', namespace: 'kube-system' }, 'kube-system'],
    ['an application', { kind: 'Service', podLabels: 'app: cart' }, undefined],
  ])('%s', (_title, written, role) => {
    expect(roleOf(written)).toBe(role);
  });
});

describe('applications', () => {
  it.each<[string, Written]>([
    ['with nothing special', {}],
    ['with a collector beside it', { containers: ['example/app:1', 'otel/opentelemetry-collector:0.150.0'] }],
    ['that tunes its sidecar', { containers: ['app=example/app:1', 'istio-proxy=auto'] }],
    [
      'with an injected sidecar in its manifest',
      { containers: ['app=example/app:1', 'istio-proxy=docker.io/istio/proxyv2:1.28.0'] },
    ],
    ["that Linkerd's injector has labelled", { podLabels: 'linkerd.io/control-plane-ns: linkerd' }],
    ['an Envoy of its own', { name: 'edge', containers: ['envoyproxy/envoy:v1.30.0'] }],
    ['whose image only ends like a known one', { containers: ['example.com/team/istio/pilot:1'] }],
    ['whose image path says nothing without its registry', { containers: ['example.com/release/pilot:1'] }],
    ['with a name that one project has in common with many', { name: 'notification-controller' }],
    ['with a templated label', { podLabels: 'app: "{{ .Values.app }}"' }],
    ['in the root namespace', { namespace: 'istio-system', name: 'ratelimit' }],
  ])('%s', (_title, written) => {
    expect(roleOf(written)).toBeUndefined();
  });
});

it('takes ingress controllers and scrapers alone for clients', () => {
  const roles = new Set(KNOWN_INFRASTRUCTURE.map(({ role }) => role));
  expect([...roles].filter((role) => !isNeverClient(role)).sort()).toEqual(['ingress-controller', 'observability']);
  expect(isNeverClient('kube-system')).toBe(true);
});

it('names nothing twice', () => {
  const marks = KNOWN_INFRASTRUCTURE.flatMap(({ labels = {}, names = [], images = [] }) => [
    ...Object.entries(labels).flatMap(([key, values]) =>
      values.length === 0 ? [key] : values.map((value) => `${key}=${value}`),
    ),
    ...names.map((name) => `name ${name}`),
    ...images.map((image) => `image ${image}`),
  ]);
  expect(marks.filter((mark, i) => marks.indexOf(mark) !== i)).toEqual([]);
});
