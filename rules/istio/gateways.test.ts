import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../../engine/findings/collect';
import type { Rule } from '../../engine/findings/rule';
import { applyEdits, coveredText, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule as certificateOnSeveral } from './certificate-on-several-gateways';
import { rule as conflictingGateways } from './conflicting-gateways';
import { rule as portNotOnService } from './gateway-port-not-on-service';
import { rule as secretNotFound } from './gateway-secret-not-found';
import { rule as secretUnusable } from './gateway-secret-unusable';
import { rule as withoutWorkload } from './gateway-without-workload';

function findingsOf(rule: Rule, files: Files): readonly LocatedFinding[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found;
}

const brief = (found: readonly LocatedFinding[]): string[] =>
  found.map(({ reported: { severity, resource, equivalents } }) => [severity, resource?.name ?? '', ...equivalents].join(' '));

interface Server {
  readonly port?: number | string;
  readonly protocol?: string;
  readonly hosts?: string;
  readonly rest?: string;
}
const server = ({ port = 443, protocol = 'HTTPS', hosts = 'shop.example.com', rest = '' }: Server = {}): string =>
  `    - port: { number: ${port}, name: p, protocol: ${protocol} }\n      hosts: [${hosts}]\n${rest}`;
const tls = (text: string): string => `      tls: { ${text} }\n`;
const gateway = (name: string, selector: string, ...servers: readonly string[]): string =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  selector: { ${selector} }\n  servers:\n${servers.join('')}`;
const pod = (labels: string, where = 'edge', spec = ''): string =>
  `apiVersion: v1\nkind: Pod\nmetadata:\n  name: proxy\n  namespace: ${where}\n  labels: { ${labels} }\nspec:\n${spec}  containers: [{ name: istio-proxy, image: istio/proxyv2:1.31.0 }]\n`;
const service = (selector: string, ports: string, where = 'edge'): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: edge\n  namespace: ${where}\nspec:\n  selector: { ${selector} }\n  ports: ${ports}\n`;
const secret = (name: string, where = 'edge', body = ''): string =>
  `apiVersion: v1\nkind: Secret\nmetadata:\n  name: ${name}\n  namespace: ${where}\n${body}`;
const INGRESS = 'istio: ingressgateway';
const COMPLETE: Files = { '.mesh-lint.yaml': 'environments:\n  all:\n    include: ["**"]\n    complete: true\n' };

describe('conflicting-gateways', () => {
  const pair = (one: Server, other: Server, first = INGRESS, second = INGRESS): string =>
    `${gateway('alpha', first, server(one))}---\n${gateway('beta', second, server(other))}`;

  it.each<[string, string, string[]]>([
    ['TCP and HTTP', pair({ protocol: 'TCP' }, { protocol: 'HTTP' }), ['error alpha IST0145', 'error beta IST0145']],
    ['passed on by name', pair({ protocol: 'TLS' }, { protocol: 'TLS' }), ['error alpha IST0145', 'error beta IST0145']],
    ['plain HTTP', pair({ protocol: 'HTTP' }, { protocol: 'HTTP2' }), ['info alpha IST0145', 'info beta IST0145']],
    ['a protocol that a variable holds', pair({ protocol: '"${P}"' }, {}), ['warning alpha IST0145', 'warning beta IST0145']],
    [
      'the scope of hosts written or not',
      pair({ hosts: '"*/shop.example.com"' }, {}),
      ['error alpha IST0145', 'error beta IST0145'],
    ],
    [
      'one of several hosts',
      pair({ hosts: 'a.example.com, shop.example.com' }, {}),
      ['error alpha IST0145', 'error beta IST0145'],
    ],
  ])('%s', (_title, text, expected) => {
    expect(brief(findingsOf(conflictingGateways, { 'g.yaml': text }))).toEqual(expected);
  });

  it.each<[string, string]>([
    ['other ports', pair({ port: 443 }, { port: 8443 })],
    ['no port', pair({ port: '' }, { port: '' })],
    ['other hosts', pair({}, { hosts: 'other.example.com' })],
    ['a wildcard over the host, which SNI tells apart', pair({}, { hosts: '"*.example.com"' })],
    ['other addresses', pair({ rest: '      bind: 192.0.2.1\n' }, { rest: '      bind: 192.0.2.2\n' })],
    ['other pods', pair({}, {}, INGRESS, 'istio: egressgateway')],
    ['a selector that a variable holds', pair({}, {}, INGRESS, 'istio: "${GATEWAY}"')],
    [
      'control planes of other revisions',
      pair({}, {})
        .replace('name: alpha', 'name: alpha\n  labels: { istio.io/rev: a }')
        .replace('name: beta', 'name: beta\n  labels: { istio.io/rev: b }'),
    ],
  ])('is silent on %s', (_title, text) => {
    expect(findingsOf(conflictingGateways, { 'g.yaml': text })).toEqual([]);
  });

  it('takes two definitions of one Gateway for alternatives', () => {
    const files = { 'a.yaml': gateway('alpha', INGRESS, server()), 'b.yaml': gateway('alpha', INGRESS, server()) };
    expect(findingsOf(conflictingGateways, files)).toEqual([]);
  });

  it('is less sure of a selector that narrows another one, until a pod has both', () => {
    const text = pair({}, {}, INGRESS, `${INGRESS}, app: web`);
    expect(brief(findingsOf(conflictingGateways, { 'g.yaml': text }))).toEqual(['warning alpha', 'warning beta']);
    const shown = { 'g.yaml': text, 'p.yaml': pod(`${INGRESS}, app: web`) };
    expect(brief(findingsOf(conflictingGateways, shown))).toEqual(['error alpha IST0145', 'error beta IST0145']);
  });

  it('finds a pod that two selectors pick by different labels, of which istioctl knows nothing', () => {
    const files = { 'g.yaml': pair({}, {}, INGRESS, 'app: web'), 'p.yaml': pod(`${INGRESS}, app: web`) };
    expect(brief(findingsOf(conflictingGateways, files))).toEqual(['error alpha', 'error beta']);
  });

  it('is one finding a server, however many others there are', () => {
    const files = { 'g.yaml': ['a', 'b', 'c'].map((name) => gateway(name, INGRESS, server())).join('---\n') };
    const found = findingsOf(conflictingGateways, files);
    expect(found.map(({ reported }) => reported.related.length)).toEqual([2, 2, 2]);
  });
});

describe('certificate-on-several-gateways', () => {
  const serving = (name: string, text: string, selector = INGRESS): string =>
    gateway(name, selector, server({ hosts: `${name}.example.com`, rest: tls(text) }));

  it.each<[string, string, string[]]>([
    [
      'files',
      `${serving('a', 'serverCertificate: /c, privateKey: /k')}---\n${serving('b', 'serverCertificate: /c, privateKey: /k')}`,
      ['warning a IST0138', 'warning b IST0138'],
    ],
    [
      'a list, which istioctl does not read',
      `${serving('a', 'credentialNames: [one, two]')}---\n${serving('b', 'credentialName: two')}`,
      ['warning a', 'warning b'],
    ],
    [
      'a selector that picks all pods of the other',
      `${serving('a', 'credentialName: x')}---\n${serving('b', 'credentialName: x', `${INGRESS}, app: web`)}`,
      ['warning a IST0138', 'warning b'],
    ],
  ])('%s', (_title, text, expected) => {
    expect(brief(findingsOf(certificateOnSeveral, { 'g.yaml': text }))).toEqual(expected);
  });

  it.each<[string, string]>([
    [
      'other keys',
      `${serving('a', 'serverCertificate: /c, privateKey: /k')}---\n${serving('b', 'serverCertificate: /c, privateKey: /l')}`,
    ],
    ['other pods', `${serving('a', 'credentialName: x')}---\n${serving('b', 'credentialName: x', 'istio: inside')}`],
    [
      'two servers of one Gateway',
      gateway(
        'a',
        INGRESS,
        server({ rest: tls('credentialName: x') }),
        server({ hosts: 'b.example.com', rest: tls('credentialName: x') }),
      ),
    ],
    ['no certificate', `${serving('a', 'mode: PASSTHROUGH')}---\n${serving('b', 'mode: PASSTHROUGH')}`],
  ])('is silent on %s', (_title, text) => {
    expect(findingsOf(certificateOnSeveral, { 'g.yaml': text })).toEqual([]);
  });
});

describe('gateway-without-workload', () => {
  it.each<[string, Files, string[]]>([
    ['a gateway elsewhere than the Gateway', { 'p.yaml': pod('app: web', 'far') }, []],
    ['pods whose labels a variable holds', { 'p.yaml': pod('app: "${APP}"') }, []],
    ['nothing at all', {}, ['info g IST0101']],
    ['other gateways', { 'p.yaml': pod(INGRESS) }, ['warning g IST0101']],
    ['everything shown', COMPLETE, ['error g IST0101']],
    [
      'a chart that makes gateways',
      {
        'r.yaml':
          'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata:\n  name: web\nspec:\n  chart:\n    spec:\n      chart: gateway\n      sourceRef: { kind: HelmRepository, name: istio }\n',
      },
      [],
    ],
  ])('with %s', (_title, files, expected) => {
    expect(brief(findingsOf(withoutWorkload, { ...files, 'g.yaml': gateway('g', 'app: web', server()) }))).toEqual(expected);
  });

  it.each<[string, string]>([
    ['no labels, which pick every pod', ''],
    ['a variable', 'app: "${APP}"'],
    ['the gateway of the default installation', 'istio: egressgateway'],
    ['its other label', `app: istio-ingressgateway, ${INGRESS}`],
    ['pods that the Gateway API makes', 'gateway.networking.k8s.io/gateway-name: web'],
  ])('is silent on a selector with %s', (_title, selector) => {
    expect(findingsOf(withoutWorkload, { 'g.yaml': gateway('g', selector, server()) })).toEqual([]);
  });

  it('asks for the default gateway as for any other where the files show gateways', () => {
    const files = { 'p.yaml': pod('istio: edge'), 'g.yaml': gateway('g', INGRESS, server()) };
    expect(brief(findingsOf(withoutWorkload, files))).toEqual(['warning g IST0101']);
  });
});

describe('gateway-port-not-on-service', () => {
  const serving = (port: number, ports: string, spec = ''): Files => ({
    'p.yaml': `${pod('app: web', 'edge', spec)}---\n${service('app: web', ports)}`,
    'g.yaml': gateway('g', 'app: web', server({ port })),
  });

  it.each<[string, Files, string[]]>([
    ['neither side', serving(8004, '[{ port: 80, targetPort: 8003, protocol: TCP }]'), ['warning g IST0162']],
    ['the port of the Service', serving(80, '[{ port: 80, targetPort: 8003 }]'), []],
    ['the port of the pods', serving(8003, '[{ port: 80, targetPort: 8003 }]'), []],
    ['the same on both', serving(8443, '[{ port: 8443 }]'), []],
    ['a name for the port of the pods', serving(80, '[{ port: 80, targetPort: web }]'), []],
    ['UDP', serving(443, '[{ port: 443, protocol: UDP }, { port: 80 }]'), ['warning g IST0162']],
    ['a port that a variable holds', serving(8004, '[{ port: 80, targetPort: "${PORT}" }, "${MORE}"]'), []],
    ['the network of the node', serving(8004, '[{ port: 80 }]', '  hostNetwork: true\n'), []],
  ])('%s', (_title, files, expected) => {
    expect(brief(findingsOf(portNotOnService, files))).toEqual(expected);
  });

  it('leaves out Services of other namespaces, and says a port once', () => {
    const files = {
      'p.yaml': `${pod('app: web')}---\n${service('app: web', '[{ port: 80 }]', 'shop')}`,
      'g.yaml': gateway('g', 'app: web', server({ port: 80 }), server({ port: 80, hosts: 'b.example.com' })),
    };
    expect(brief(findingsOf(portNotOnService, files))).toEqual(['info g IST0162']);
  });
});

describe('gateway-secret-not-found', () => {
  const naming = (text: string): string => gateway('g', 'app: web', server({ rest: tls(text) }));

  it.each<[string, Files, string[]]>([
    ['nowhere', {}, ['info g IST0101']],
    ['nowhere, and everything is shown', COMPLETE, ['error g IST0101']],
    ['beside the Gateway', { 's.yaml': secret('cert', 'shop') }, ['warning g IST0101']],
    ['beside the pods', { 's.yaml': secret('cert') }, []],
    [
      'made by an ExternalSecret',
      {
        's.yaml':
          'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata:\n  name: e\n  namespace: edge\nspec:\n  target: { name: cert }\n',
      },
      [],
    ],
    [
      'made by a SealedSecret of its name',
      {
        's.yaml': 'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata:\n  name: cert\n  namespace: edge\nspec: {}\n',
      },
      [],
    ],
    [
      'made under a name that a variable holds',
      {
        's.yaml':
          'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata:\n  name: c\n  namespace: edge\nspec:\n  secretName: "${NAME}"\n',
      },
      [],
    ],
  ])('a Secret %s', (_title, files, expected) => {
    expect(
      brief(
        findingsOf(secretNotFound, {
          ...files,
          'p.yaml': pod('app: web'),
          'g.yaml': naming('mode: SIMPLE, credentialName: cert'),
        }),
      ),
    ).toEqual(expected);
  });

  it.each<[string, string]>([
    ['a mode that needs none', 'mode: PASSTHROUGH, credentialName: cert'],
    ['another scheme', 'mode: SIMPLE, credentialName: "configmap://cert"'],
    ['a variable', 'mode: SIMPLE, credentialName: "${CERT}"'],
    ['no name', 'mode: SIMPLE, credentialName: ""'],
  ])('is silent on %s', (_title, text) => {
    expect(findingsOf(secretNotFound, { 'p.yaml': pod('app: web'), 'g.yaml': naming(text) })).toEqual([]);
  });

  it('is silent where no file shows the pods, since nothing says in which namespace they are', () => {
    expect(findingsOf(secretNotFound, { 'g.yaml': naming('mode: SIMPLE, credentialName: cert') })).toEqual([]);
  });

  it('reads lists of names, and mends one', () => {
    const files = {
      'p.yaml': pod('app: web'),
      's.yaml': secret('shop-cert'),
      'g.yaml': naming('mode: SIMPLE, credentialNames: [shop-cert, shop-crt]'),
    };
    const [only, ...others] = findingsOf(secretNotFound, files);
    expect(others).toEqual([]);
    expect(only === undefined ? '' : coveredText(files, only)).toBe('shop-crt');
    expect(applyEdits(files, only?.fixes[0]?.edits() ?? [])['g.yaml']).toContain('[shop-cert, shop-cert]');
  });
});

describe('gateway-secret-unusable', () => {
  const PAIR =
    'stringData:\n  tls.crt: "-----BEGIN CERTIFICATE-----\\nMAMCAQE=\\n-----END CERTIFICATE-----\\n"\n  tls.key: "-----BEGIN PRIVATE KEY-----\\nMAMCAQE=\\n-----END PRIVATE KEY-----\\n"\n';
  const serving = (mode: string, secrets: string): Files => ({
    'p.yaml': pod('app: web'),
    'g.yaml': gateway('g', 'app: web', server({ rest: tls(`mode: ${mode}, credentialName: cert`) })),
    's.yaml': secrets,
  });

  it.each<[string, Files, string[]]>([
    ['a pair', serving('SIMPLE', secret('cert', 'edge', PAIR)), []],
    ['an empty Secret, which something may fill', serving('SIMPLE', secret('cert')), ['warning g IST0161']],
    ['no pair', serving('SIMPLE', secret('cert', 'edge', 'data: { other: c2hvcA== }\n')), ['error g IST0161']],
    ['clients, and no authority', serving('MUTUAL', secret('cert', 'edge', PAIR)), ['warning g IST0161']],
    ['clients, and the authority beside the pair', serving('MUTUAL', secret('cert', 'edge', `${PAIR}  ca.crt: x\n`)), []],
    [
      'clients, and the authority in a Secret of its own',
      serving('MUTUAL', `${secret('cert', 'edge', PAIR)}---\n${secret('cert-cacert')}`),
      [],
    ],
    ['a Secret of another namespace', serving('SIMPLE', secret('cert', 'shop')), []],
  ])('%s', (_title, files, expected) => {
    expect(brief(findingsOf(secretUnusable, files))).toEqual(expected);
  });

  it('says nothing of alternatives, and never what a Secret holds', () => {
    const files = serving('SIMPLE', secret('cert', 'edge', 'stringData: { tls.crt: hidden-word, tls.key: hidden-word }\n'));
    expect(findingsOf(secretUnusable, files).map(({ reported }) => JSON.stringify(reported).includes('hidden-word'))).toEqual([
      false,
    ]);
    expect(findingsOf(secretUnusable, { ...files, 't.yaml': secret('cert', 'edge', PAIR) })).toEqual([]);
  });
});
