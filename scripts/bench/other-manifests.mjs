/** Manifests of kinds of which the engine reads no more than the name: half of the bytes of an ordinary repository. */

/** A manifest of one of these kinds that belongs to an app. */
export function otherManifest(app, number, random) {
  return random.pick(KINDS)({ ...app, name: `${app.name}-${number}` }, random);
}

const metadata = ({ name, namespace }) => ({ name, namespace });
const RBAC = 'rbac.authorization.k8s.io';

function role(app, random) {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata: metadata(app),
    rules: Array.from({ length: random.integer(1, 5) }, () => ({
      apiGroups: [random.pick(['', 'apps', 'batch'])],
      resources: [random.pick(['configmaps', 'secrets', 'pods', 'jobs', 'deployments']), 'events'],
      verbs: ['get', 'list', 'watch'],
    })),
  };
}

function roleBinding(app) {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: metadata(app),
    roleRef: { apiGroup: RBAC, kind: 'Role', name: app.name },
    subjects: [{ kind: 'ServiceAccount', name: app.name, namespace: app.namespace }],
  };
}

export const serviceAccount = (app) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: metadata(app) });

function networkPolicy(app, random) {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: metadata(app),
    spec: {
      podSelector: { matchLabels: { 'app.kubernetes.io/name': app.name } },
      policyTypes: ['Ingress', 'Egress'],
      ingress: [
        { from: [{ namespaceSelector: { matchLabels: { team: 'edge' } } }], ports: [{ port: app.port, protocol: 'TCP' }] },
      ],
      egress: Array.from({ length: random.integer(1, 6) }, () => ({
        to: [{ ipBlock: { cidr: `10.${random.integer(0, 255)}.${random.integer(0, 255)}.0/24` } }],
      })),
    },
  };
}

function disruptionBudget(app) {
  return {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: metadata(app),
    spec: { maxUnavailable: 1, selector: { matchLabels: { 'app.kubernetes.io/name': app.name } } },
  };
}

function volumeClaim(app, random) {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: metadata(app),
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: `${random.integer(1, 50)}Gi` } } },
  };
}

function alerts(app, random) {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: metadata(app),
    spec: {
      groups: [
        {
          name: app.name,
          rules: Array.from({ length: random.integer(2, 8) }, (_, i) => ({
            alert: `Latency${i}`,
            expr: `histogram_quantile(0.99, sum by (le) (rate(request_seconds_bucket{app="${app.name}"}[5m])))\n  > ${random.integer(1, 40) / 10}\n`,
            for: `${random.integer(1, 15)}m`,
            labels: { severity: random.pick(['page', 'ticket']) },
            annotations: { summary: `Requests to ${app.name} take long – look at the dashboard first.` },
          })),
        },
      ],
    },
  };
}

function externalSecret(app, random) {
  return {
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: metadata(app),
    spec: {
      refreshInterval: '1h',
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'vault' },
      data: Array.from({ length: random.integer(1, 10) }, (_, i) => ({
        secretKey: `key-${i}`,
        remoteRef: { key: `shop/${app.name}`, property: `key-${i}` },
      })),
    },
  };
}

/** It says nothing of a mesh. */
function opaqueConfigMap(app, random) {
  const lines = Array.from({ length: random.integer(5, 25) }, (_, i) => `option.${i} = ${random.integer(0, 1e9)}`);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata(app),
    data: { 'settings.properties': `${lines.join('\n')}\n`, PAGE_SIZE: '50' },
  };
}

/** Prose in deep nesting, as generators of CRDs write it. */
function definition(app, random) {
  const plural = `${app.name.replaceAll('-', '')}s`;
  const property = (depth) => ({
    description: `What the controller makes of this field of ${app.name} when it reconciles.\nDefaults to what the class says.`,
    type: depth > 0 ? 'object' : random.pick(['string', 'integer', 'boolean']),
    ...(depth > 0
      ? {
          properties: Object.fromEntries(
            Array.from({ length: random.integer(2, 4) }, (_, i) => [`field${depth}${i}`, property(depth - 1)]),
          ),
        }
      : {}),
  });
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.shop.example` },
    spec: {
      group: 'shop.example',
      names: { kind: plural, plural },
      scope: 'Namespaced',
      versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: property(random.integer(1, 3)) } }],
    },
  };
}

const KINDS = [
  role,
  roleBinding,
  serviceAccount,
  networkPolicy,
  networkPolicy,
  disruptionBudget,
  volumeClaim,
  alerts,
  externalSecret,
  opaqueConfigMap,
  definition,
];
