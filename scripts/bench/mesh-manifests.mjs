/** Manifests of kinds that the engine reads: an app with its policies, in the way of the mesh that its namespace is in. */
import { Comment, Flow } from './emit.mjs';

/** @typedef {'istio' | 'ambient' | 'linkerd' | 'cilium' | 'none'} Mesh */
/** @typedef {{ name: string, namespace: string, mesh: Mesh, port: number }} App */

const ISTIO_SECURITY = 'security.istio.io/v1';
const ISTIO_NETWORKING = 'networking.istio.io/v1';

const labelsOf = (name) => ({ 'app.kubernetes.io/name': name, 'app.kubernetes.io/part-of': 'shop' });
const hostOf = ({ name, namespace }) => `${name}.${namespace}.svc.cluster.local`;

const NAMESPACE_SETTINGS = {
  istio: { labels: { 'istio-injection': 'enabled' } },
  ambient: { labels: { 'istio.io/dataplane-mode': 'ambient' } },
  linkerd: { annotations: { 'linkerd.io/inject': 'enabled' } },
  cilium: { labels: { 'istio-injection': 'disabled' } },
  none: { labels: { 'istio-injection': 'disabled' } },
};

export function namespace(name, mesh, { labels = {}, annotations = {} } = {}) {
  const settings = NAMESPACE_SETTINGS[mesh];
  const metadata = { name, labels: { team: name.replace(/-\d+$/, ''), ...settings.labels, ...labels } };
  const all = { ...settings.annotations, ...annotations };
  if (Object.keys(all).length > 0) metadata.annotations = all;
  return { apiVersion: 'v1', kind: 'Namespace', metadata };
}

/**
 * @param {App} app
 * @param {{ annotations?: object, podLabels?: object }} more `annotations` stand on the Deployment itself
 */
export function deployment(app, random, { annotations, podLabels = {} } = {}) {
  const { name, namespace: home, port } = app;
  const probe = (path) => ({ httpGet: { path, port: 'http' }, initialDelaySeconds: random.integer(1, 9), periodSeconds: 10 });
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: home, labels: labelsOf(name), annotations },
    spec: {
      replicas: random.integer(1, 6),
      revisionHistoryLimit: 3,
      selector: { matchLabels: { 'app.kubernetes.io/name': name } },
      template: {
        metadata: {
          labels: { ...labelsOf(name), version: 'v1', ...podLabels },
          annotations: { 'prometheus.io/scrape': 'true', 'prometheus.io/port': String(port) },
        },
        spec: {
          serviceAccountName: name,
          containers: [
            {
              name: 'main',
              image: `registry.example/shop/${name}:${random.integer(1, 4)}.${random.integer(0, 30)}.${random.integer(0, 9)}`,
              ...(random.oneIn(3) ? { args: new Flow([`--listen=:${port}`, '--log-format=json']) } : {}),
              ports: [{ name: 'http', containerPort: port }],
              ...(random.oneIn(4) ? { note: new Comment('Kept in step with the values of the load test.') } : {}),
              env: [
                { name: 'LOG_LEVEL', value: random.pick(['info', 'warn', 'debug']) },
                { name: 'UPSTREAM', value: `http://catalog.${home}:8080` },
                { name: 'TOKEN', valueFrom: { secretKeyRef: { name: `${name}-token`, key: 'token' } } },
              ],
              resources: {
                requests: { cpu: `${random.integer(1, 9) * 50}m`, memory: `${random.integer(1, 8) * 64}Mi` },
                limits: { memory: `${random.integer(8, 16) * 64}Mi` },
              },
              readinessProbe: probe('/ready'),
              livenessProbe: probe('/live'),
            },
          ],
        },
      },
    },
  };
}

export function service({ name, namespace: home, port }) {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: home, labels: labelsOf(name) },
    spec: {
      selector: { 'app.kubernetes.io/name': name },
      ports: [{ name: 'http', port: 80, targetPort: port, protocol: 'TCP' }],
    },
  };
}

/** PERMISSIVE or STRICT for all pods of a namespace. */
export function peerAuthentication(home, mode) {
  return {
    apiVersion: ISTIO_SECURITY,
    kind: 'PeerAuthentication',
    metadata: { name: 'default', namespace: home },
    spec: { mtls: { mode } },
  };
}

/**
 * The policies of one app.
 * @param {App} app
 * @param {App} caller another app of the same namespace
 * @returns {object[]}
 */
export function policies(app, caller, random) {
  switch (app.mesh) {
    case 'istio':
      return [
        authorizationPolicy(app, caller, { selector: { matchLabels: { 'app.kubernetes.io/name': app.name } } }),
        destinationRule(app, random),
        virtualService(app, random),
      ];
    case 'ambient':
      return [
        authorizationPolicy(app, caller, { targetRefs: [{ kind: 'Service', group: '', name: app.name }] }),
        httpRoute(app, 'gateway.networking.k8s.io/v1', random),
      ];
    case 'linkerd':
      return [...linkerdServer(app, caller), httpRoute(app, 'policy.linkerd.io/v1beta3', random)];
    case 'cilium':
      return [ciliumPolicy(app, caller)];
    default:
      return [];
  }
}

function authorizationPolicy({ name, namespace: home }, caller, target) {
  return {
    apiVersion: ISTIO_SECURITY,
    kind: 'AuthorizationPolicy',
    metadata: { name, namespace: home },
    spec: {
      ...target,
      action: 'ALLOW',
      rules: [
        {
          from: [{ source: { principals: [`cluster.local/ns/${home}/sa/${caller.name}`] } }],
          to: [{ operation: { methods: new Flow(['GET', 'POST']), paths: ['/api/*'] } }],
        },
      ],
    },
  };
}

function destinationRule(app, random) {
  return {
    apiVersion: ISTIO_NETWORKING,
    kind: 'DestinationRule',
    metadata: { name: app.name, namespace: app.namespace },
    spec: {
      host: hostOf(app),
      trafficPolicy: {
        connectionPool: { http: { http1MaxPendingRequests: random.integer(1, 9) * 16 } },
        outlierDetection: { consecutive5xxErrors: 5, interval: '10s', baseEjectionTime: '30s' },
      },
      subsets: [{ name: 'v1', labels: { version: 'v1' } }],
    },
  };
}

function virtualService(app, random) {
  const destination = { host: hostOf(app), subset: 'v1' };
  return {
    apiVersion: ISTIO_NETWORKING,
    kind: 'VirtualService',
    metadata: { name: app.name, namespace: app.namespace },
    spec: {
      hosts: [hostOf(app)],
      http: [
        {
          name: 'retried',
          match: [{ uri: { prefix: '/api/' } }],
          retries: { attempts: random.integer(1, 4), perTryTimeout: '2s', retryOn: '5xx' },
          route: [{ destination }],
        },
        { name: 'others', route: [{ destination }] },
      ],
    },
  };
}

function httpRoute(app, apiVersion, random) {
  return {
    apiVersion,
    kind: 'HTTPRoute',
    metadata: { name: app.name, namespace: app.namespace },
    spec: {
      parentRefs: [{ kind: 'Service', group: apiVersion.startsWith('policy') ? 'core' : '', name: app.name, port: 80 }],
      rules: [
        {
          matches: [{ path: { type: 'PathPrefix', value: '/api' } }],
          timeouts: { request: `${random.integer(1, 20)}s` },
          backendRefs: [{ name: app.name, port: 80 }],
        },
      ],
    },
  };
}

function linkerdServer({ name, namespace: home }, caller) {
  return [
    {
      apiVersion: 'policy.linkerd.io/v1beta3',
      kind: 'Server',
      metadata: { name, namespace: home },
      spec: { podSelector: { matchLabels: { 'app.kubernetes.io/name': name } }, port: 'http', proxyProtocol: 'HTTP/1' },
    },
    {
      apiVersion: 'policy.linkerd.io/v1beta1',
      kind: 'ServerAuthorization',
      metadata: { name, namespace: home },
      spec: { server: { name }, client: { meshTLS: { serviceAccounts: [{ name: caller.name, namespace: home }] } } },
    },
  ];
}

function ciliumPolicy({ name, namespace: home, port }, caller) {
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name, namespace: home },
    spec: {
      endpointSelector: { matchLabels: { 'app.kubernetes.io/name': name } },
      ingress: [
        {
          fromEndpoints: [{ matchLabels: { 'app.kubernetes.io/name': caller.name } }],
          toPorts: [{ ports: [{ port: String(port), protocol: 'TCP' }], rules: { http: [{ method: 'GET', path: '/api/.*' }] } }],
        },
      ],
    },
  };
}
