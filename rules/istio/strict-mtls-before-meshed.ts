import { defineRule, RELATED_LIMIT } from '../../engine/findings/rule';
import type { Finding, Fix } from '../../engine/findings/rule';
import { maySelect, scopeOf, strictHolds } from '../../engine/mesh/istio/strict-servers';
import type { PolicyScope } from '../../engine/mesh/istio/strict-servers';
import { PEER_AUTHENTICATION } from '../../engine/mesh/mtls';
import { unmeshedClients } from '../../engine/mesh/unmeshed';
import type { UnmeshedClient } from '../../engine/mesh/unmeshed';
import type { Resource } from '../../engine/resources/resource';
import { replaceScalar } from '../../engine/yaml/edit';
import { entriesOf, lookup } from '../../engine/yaml/tree';
import type { ScalarNode, YamlNode } from '../../engine/yaml/tree';

const namespace = (name: string, label?: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n${label === undefined ? '' : `  labels:\n    ${label}\n`}`;

const SHOP = namespace('shop', 'istio-injection: enabled');

const pod = (app: string, label?: string, rest = ''): string =>
  `template:\n  metadata:\n    labels:\n      app: ${app}\n${label === undefined ? '' : `      ${label}\n`}  spec:\n    containers:\n      - name: app\n        image: example/${app}:1\n${rest}`;

const indented = (text: string, by: number): string => text.replace(/^(?=.)/gm, ' '.repeat(by));

const deployment = (name: string, label?: string, rest?: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name.replace(/.*\//, '')}\n  namespace: ${name.replace(/\/.*/, '')}\nspec:\n${indented(pod(name.replace(/.*\//, ''), label, rest), 2)}`;

const policy = (where: string, spec: string): string =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n  namespace: ${where}\nspec:\n${spec}`;

const STRICT = '  mtls:\n    mode: STRICT\n';
const PORT = '        ports:\n          - containerPort: 8080\n';
const SELECTED = '  selector:\n    matchLabels:\n      app: cart\n';
const OPT_OUT = 'sidecar.istio.io/inject: "false"';
const REPORT = `apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: report\n  namespace: shop\nspec:\n  schedule: "0 4 * * *"\n  jobTemplate:\n    spec:\n${indented(pod('report', OPT_OUT), 6)}`;
const MIGRATION = `apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  namespace: shop\n  annotations:\n    helm.sh/hook: pre-upgrade\nspec:\n${indented(pod('migrate', OPT_OUT), 2)}`;

export const rule = defineRule({
  id: 'istio/strict-mtls-before-meshed',
  severity: 'warning',
  summary: 'STRICT mutual TLS while workloads that may be clients are outside the mesh.',
  why:
    'Under `STRICT` a pod of the mesh accepts nothing but mutual TLS with a certificate of the mesh. A client without a proxy of Istio has ' +
    'none: its plaintext is not answered with an error, its connection is reset (ztunnel closes it). That hits Jobs and CronJobs with ' +
    'injection turned off, namespaces that nobody labelled yet, pods on the host network, ingress controllers and Prometheus without a ' +
    'sidecar, and pods that Linkerd meshes. Clients inside the mesh use mutual TLS under `PERMISSIVE` as well, so that `STRICT` changes nothing for them.\n\n' +
    'Counted is what the environment shows, or what Istio does by default: an unlabelled Namespace gets no sidecars unless ' +
    '`enableNamespacesByDefault` is on. Workloads of a Namespace that no file defines are not counted, nor are control planes, operators, ' +
    "CNI agents, ztunnel, injectors, the meshes' own gateways, the pods of kube-system and the Jobs of chart hooks: none of them calls " +
    'applications. A `STRICT` that more specific policies or ports take away from every pod of its scope is not reported.',
  todo:
    'Keep the order: mesh every client, watch on `PERMISSIVE` until no plaintext arrives (`connection_security_policy="none"` in ' +
    '`istio_requests_total`), then set `STRICT`. A client that has to stay outside needs an exception: a PeerAuthentication with a ' +
    '`selector`, and `PERMISSIVE` under `portLevelMtls` for the port of the container that it calls.',
  kinds: [PEER_AUTHENTICATION],
  equivalents: [],
  docs: 'https://istio.io/latest/docs/tasks/security/authentication/mtls-migration/',
  since: '0.1.0',
  fix: 'sets PERMISSIVE',
  examples: {
    bad: [
      {
        title: 'The whole mesh, with a namespace that is not part of it yet',
        files: {
          'mesh.yaml': policy('istio-system', STRICT),
          'shop.yaml': `${SHOP}---\n${deployment('shop/cart')}`,
          'legacy.yaml': `${namespace('legacy')}---\n${deployment('legacy/api')}`,
        },
        findings: [
          {
            at: 'mesh.yaml:8:11',
            text: 'STRICT',
            message:
              "STRICT makes all pods of the mesh refuse plaintext, and 1 workload that may call them is outside the mesh: Deployment legacy/api. Its connections will be reset. Mesh it first, keep PERMISSIVE until it is in, then set STRICT; or except the port that it needs, in a policy with a selector. This assumes Istio's defaults for injection and istio-system as the root namespace.",
          },
        ],
      },
      {
        title: 'A namespace, with a CronJob and a host network outside the mesh',
        files: {
          'shop.yaml': `${SHOP}---\n${policy('shop', STRICT)}---\n${deployment('shop/cart')}---\n${REPORT}`,
          'agent.yaml': deployment('nodes/agent', undefined, '    hostNetwork: true\n'),
        },
        findings: [
          {
            at: 'shop.yaml:15:11',
            text: 'STRICT',
            message:
              'STRICT makes the pods of namespace shop refuse plaintext, and 2 workloads that may call them are outside the mesh: Deployment nodes/agent and CronJob shop/report. Their connections will be reset. Mesh them first, keep PERMISSIVE until they are in, then set STRICT; or except the port that they need, in a policy with a selector.',
          },
        ],
      },
      {
        title: 'One workload, and an ingress controller without a sidecar',
        files: {
          'shop.yaml': `${SHOP}---\n${policy('shop', `${SELECTED}${STRICT}`)}---\n${deployment('shop/cart')}`,
          'ingress.yaml': `${namespace('ingress-nginx')}---\n${deployment('ingress-nginx/ingress-nginx-controller')}`,
        },
        findings: [
          {
            at: 'shop.yaml:18:11',
            text: 'STRICT',
            message:
              "STRICT makes the selected pods refuse plaintext, and 1 workload that may call them is outside the mesh: Deployment ingress-nginx/ingress-nginx-controller. Its connections will be reset. Mesh it first, keep PERMISSIVE until it is in, then set STRICT; or except the port that it needs. This assumes Istio's defaults for injection.",
          },
        ],
      },
      {
        title: 'One port, in ambient mode, and a client that Linkerd meshes',
        files: {
          'shop.yaml': `${namespace('shop', 'istio.io/dataplane-mode: ambient')}---\n${policy('shop', `${SELECTED}  portLevelMtls:\n    8080:\n      mode: "STRICT"\n`)}---\n${deployment('shop/cart', undefined, PORT)}`,
          'pay.yaml': `${namespace('pay').replace('\n  name', '\n  annotations:\n    linkerd.io/inject: enabled\n  name')}---\n${deployment('pay/api')}`,
        },
        findings: [
          {
            at: 'shop.yaml:19:13',
            text: '"STRICT"',
            message:
              "STRICT makes the selected pods refuse plaintext on port 8080, and 1 workload that may call them is outside the mesh: Deployment pay/api. Its connections will be reset. Mesh it first, keep PERMISSIVE until it is in, then set STRICT. This assumes Istio's defaults for injection.",
          },
        ],
      },
    ],
    good: [
      {
        title: 'Everything is meshed',
        files: {
          'mesh.yaml': policy('istio-system', STRICT),
          'shop.yaml': `${SHOP}---\n${deployment('shop/cart')}`,
          'pay.yaml': `${namespace('pay', 'istio.io/dataplane-mode: ambient')}---\n${deployment('pay/api')}`,
        },
      },
      {
        title: 'PERMISSIVE while the last clients join',
        files: {
          'shop.yaml': `${SHOP}---\n${policy('shop', STRICT.replace('STRICT', 'PERMISSIVE'))}---\n${deployment('shop/cart')}---\n${REPORT}`,
        },
      },
      {
        title: 'The one workload, and the one port, that are called from outside are excepted',
        files: {
          'mesh.yaml': policy('istio-system', STRICT),
          'shop.yaml': `${SHOP}---\n${policy('shop', `${SELECTED}  portLevelMtls:\n    8080:\n      mode: PERMISSIVE\n`).replace('default', 'cart')}---\n${deployment('shop/cart', undefined, PORT)}`,
          'pay.yaml': `${namespace('pay', 'istio-injection: enabled')}---\n${policy('pay', STRICT.replace('STRICT', 'PERMISSIVE'))}---\n${deployment('pay/api')}`,
          'legacy.yaml': `${namespace('legacy')}---\n${deployment('legacy/api')}`,
        },
      },
      {
        title: 'Only the control plane and the Job of a hook are outside',
        files: {
          'mesh.yaml': `${namespace('istio-system')}---\n${policy('istio-system', STRICT)}---\n${deployment('istio-system/istiod')}`,
          'shop.yaml': `${SHOP}---\n${deployment('shop/cart')}---\n${MIGRATION}`,
        },
      },
      {
        title: 'Whether a client is meshed is unknown, since its Namespace is defined elsewhere',
        files: {
          'mesh.yaml': policy('istio-system', STRICT),
          'shop.yaml': `${SHOP}---\n${deployment('shop/cart')}`,
          'legacy.yaml': deployment('legacy/api'),
        },
      },
    ],
  },
  *check(subject, view) {
    const words = strictWords(subject);
    const scope = words.length === 0 ? undefined : scopeOf(subject, view);
    if (scope === undefined) return;
    // Pods do not call themselves, and whatever else is selected stands in for them.
    const clients = unmeshedClients(view).filter(({ workload }) => !maySelect(subject, scope, workload));
    if (clients.length === 0) return;
    for (const { node, port } of words) {
      // Istio refuses ports in a policy without a selector.
      if (port !== undefined && scope.level !== 'workload') continue;
      if (strictHolds(subject, scope, port, view)) yield finding(node, scope, port, clients);
    }
  },
});

interface StrictWord {
  readonly node: ScalarNode;
  /** Of `portLevelMtls`; undefined for `mtls.mode`. */
  readonly port: number | undefined;
}

function strictWords(subject: Resource): readonly StrictWord[] {
  return [
    ...wordAt(subject.at('spec', 'mtls', 'mode'), undefined),
    ...entriesOf(subject.at('spec', 'portLevelMtls')).flatMap(({ key, value }) =>
      wordAt(lookup(value, 'mode'), Number(key.value)),
    ),
  ];
}

function wordAt(node: YamlNode | undefined, port: number | undefined): readonly StrictWord[] {
  return node?.type === 'scalar' && node.value === 'STRICT' ? [{ node, port }] : [];
}

function finding(node: ScalarNode, scope: PolicyScope, port: number | undefined, clients: readonly UnmeshedClient[]): Finding {
  const one = clients.length === 1;
  const outside = one
    ? '1 workload that may call them is outside the mesh'
    : `${clients.length} workloads that may call them are outside the mesh`;
  const result = one ? 'Its connections will be reset.' : 'Their connections will be reset.';
  const order = `Mesh ${one ? 'it' : 'them'} first, keep PERMISSIVE until ${one ? 'it is' : 'they are'} in, then set STRICT`;
  const needed = `except the port that ${one ? 'it needs' : 'they need'}`;
  // An exception for a port stands in a policy with a selector: at a port's own STRICT there is none to make.
  const except =
    port !== undefined ? '' : scope.level === 'workload' ? `; or ${needed}` : `; or ${needed}, in a policy with a selector`;
  return {
    place: { node },
    // No file shows that a custom resource's pods come to be at all.
    ...(clients.every(({ controller }) => controller !== undefined) ? { severity: 'info' as const } : {}),
    message: `${whatStrictDoes(scope, port)}, and ${outside}: ${listed(clients)}. ${result} ${order}${except}.${assumptions(scope, clients)}`,
    related: clients.slice(0, RELATED_LIMIT).flatMap(({ workload, reason }) => {
      const place = workload.titlePlace;
      return place === undefined
        ? []
        : [{ place: { node: place }, message: `${workload.title} is outside the mesh: ${reason}.` }];
    }),
    fixes: node.madeBy === undefined ? [acceptPlaintext(node)] : [],
  };
}

function whatStrictDoes(scope: PolicyScope, port: number | undefined): string {
  switch (scope.level) {
    case 'mesh':
      return 'STRICT makes all pods of the mesh refuse plaintext';
    case 'namespace':
      return `STRICT makes the pods of ${scope.namespace === undefined ? 'its namespace' : `namespace ${scope.namespace}`} refuse plaintext`;
    case 'workload':
      return `STRICT makes the selected pods refuse plaintext${port === undefined ? '' : ` on port ${port}`}`;
  }
}

/** So many are named in the message; all that fit are related places. */
const NAMED = 3;

function listed(clients: readonly UnmeshedClient[]): string {
  const titles = clients.slice(0, NAMED).map(({ workload }) => workload.title);
  if (clients.length > NAMED) titles.push(`${clients.length - NAMED} more`);
  const last = titles.pop() ?? '';
  return titles.length === 0 ? last : `${titles.join(', ')} and ${last}`;
}

function assumptions(scope: PolicyScope, clients: readonly UnmeshedClient[]): string {
  const assumed: string[] = [];
  const clauses = new Set<string>();
  // There may be thousands of them, and hardly one with a clause.
  for (const { controller } of clients) if (controller !== undefined) clauses.add(controller);
  if (clients.some(({ basis }) => basis === 'assumed')) assumed.push("Istio's defaults for injection");
  if (scope.level === 'mesh' && scope.rootAssumed) assumed.push(`${scope.root} as the root namespace`);
  for (const clause of clauses) assumed.push(`that ${clause}`);
  return assumed.length === 0 ? '' : ` This assumes ${assumed.join(' and ')}.`;
}

/** Not safe: it lets plaintext in that somebody wanted out. */
function acceptPlaintext(node: ScalarNode): Fix {
  return { title: 'Accept plaintext until all are meshed', safe: false, edits: () => [replaceScalar(node, 'PERMISSIVE')] };
}
