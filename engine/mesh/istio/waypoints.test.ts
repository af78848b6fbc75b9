import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import type { Files } from '../../../test/support/lint';
import { joined, marked, namespace, service, workload } from '../../../test/support/mesh-samples';
import { absent, known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { chooseWaypoint } from './waypoint-choice';
import type { WaypointChoice } from './waypoint-choice';
import { waypointOf, waypointOfNamespace } from './waypoints';

const shown = (choice: WaypointChoice): string => {
  const by = choice.decidedBy === 'own-label' ? 'own' : choice.decidedBy === 'namespace-label' ? 'Namespace' : choice.decidedBy;
  if (choice.is !== 'named') return `${choice.is} by ${by}`;
  const { namespace: where } = choice;
  return `${where.is === 'known' ? where.value : where.is}/${choice.name} by ${by}`;
};

describe('the label of the object by that of its Namespace', () => {
  const labels = (value: Tristate<string>): { waypoint: Tristate<string>; namespace: Tristate<string> } => ({
    waypoint: value,
    namespace: absent,
  });
  const shared = [absent, known('ns'), known('none'), known(''), unknown];
  // Namespace:   absent    ns      none      ""       unknown
  it.each<[string, Tristate<string>, string[]]>([
    [
      'absent',
      absent,
      ['none by no-label', 'shop/ns by Namespace', 'none by Namespace', 'none by Namespace', 'unknown by Namespace'],
    ],
    ['own', known('own'), shared.map(() => 'shop/own by own')],
    ['none', known('none'), shared.map(() => 'none by own')],
    ['empty', known(''), shared.map(() => 'none by own')],
    ['unknown', unknown, shared.map(() => 'unknown by own')],
  ])('%s', (_, own, expected) => {
    const choices = shared.map((value) => chooseWaypoint({ own: labels(own), shared: labels(value), home: known('shop') }));
    expect(choices.map(shown)).toEqual(expected);
  });

  it.each<[Tristate<string>, Tristate<string>, string]>([
    [absent, known('shop'), 'shop/wp'],
    [known('infra'), known('shop'), 'infra/wp'],
    [known('infra'), unknown, 'infra/wp'],
    [unknown, known('shop'), 'unknown/wp'],
    [absent, unknown, 'unknown/wp'],
    [absent, absent, 'absent/wp'],
  ])('istio.io/use-waypoint-namespace %o in %o: %s', (label, home, expected) => {
    const named = { waypoint: known('wp'), namespace: label };
    expect(shown(chooseWaypoint({ own: named, shared: labels(absent), home }))).toBe(`${expected} by own`);
    expect(shown(chooseWaypoint({ own: labels(absent), shared: named, home }))).toBe(`${expected} by Namespace`);
    // The namespace that stands beside another label, or beside none, is not read.
    expect(shown(chooseWaypoint({ own: { ...named, waypoint: absent }, shared: labels(known('ns')), home: known('shop') }))).toBe(
      'shop/ns by Namespace',
    );
  });
});

const HBONE = '{ name: mesh, port: 15008, protocol: HBONE }';
const gateway = (where: string, { name = 'wp', labels = '', listener = HBONE, of = 'istio-waypoint' } = {}): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata:\n  name: ${name}\n  namespace: ${where}\n  labels: { ${labels} }\nspec:\n  gatewayClassName: ${of}\n  listeners:\n    - ${listener}\n`;
const gatewayClass = (labels: string): string =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: GatewayClass\nmetadata: { name: istio-waypoint, labels: { ${labels} } }\nspec: { controllerName: istio.io/mesh-controller }\n`;
const admitting = (allowed: string): string =>
  `{ name: mesh, port: 15008, protocol: HBONE, allowedRoutes: { namespaces: ${allowed} } }`;
const labelled = (text: string, labels: string): string => text.replace('metadata:\n', `metadata:\n  labels: { ${labels} }\n`);

const shop = { in: 'shop' };
const OWN = 'istio.io/use-waypoint: wp';
const OTHER = `${OWN}, istio.io/use-waypoint-namespace: infra`;
const cart = labelled(service('cart', shop), OWN);
const pods = workload('cart', { ...shop, label: OWN });

/** `yes`, or what stands in the way and whether that is sure; the labels that decide are in `shown`. */
function served(kind: string, ...documents: readonly string[]): string {
  return servedIn({ 'a.yaml': joined(...documents) }, kind);
}

function servedIn(files: Files, kind: string): string {
  return ask(files, (view) => {
    const [of] = view.ofKind(kind);
    const waypoint = of && waypointOf(of, view);
    if (waypoint === undefined) return 'nothing';
    const { choice, gateway: found, obstacle } = waypoint;
    if (choice.is !== 'named') return shown(choice);
    return obstacle === undefined ? `yes, ${found?.title ?? ''}` : `${obstacle.serves}: ${obstacle.why}`;
  });
}

describe('which traffic a waypoint takes', () => {
  // The Gateway's label, else that of its class, else Services.
  it.each<[string, string, string, string, string]>([
    ['', '', 'nothing says it', 'yes', 'no: traffic'],
    ['istio.io/waypoint-for: service', '', 'service', 'yes', 'no: traffic'],
    ['istio.io/waypoint-for: workload', '', 'workload', 'no: traffic', 'yes'],
    ['istio.io/waypoint-for: all', '', 'all', 'yes', 'yes'],
    ['istio.io/waypoint-for: none', '', 'none', 'no: traffic', 'no: traffic'],
    ['istio.io/waypoint-for: Service', '', 'another value', 'no: traffic', 'no: traffic'],
    ['istio.io/waypoint-for: "{{ x }}"', '', 'a template', 'unknown: traffic', 'unknown: traffic'],
    ['', 'istio.io/waypoint-for: workload', 'the class: workload', 'no: traffic', 'yes'],
    ['istio.io/waypoint-for: all', 'istio.io/waypoint-for: none', 'the Gateway rather than the class', 'yes', 'yes'],
  ])('%s%s (%s)', (own, ofClass, _, toService, toPods) => {
    const documents = [gateway('shop', { labels: own }), gatewayClass(ofClass)];
    const short = (answer: string): string => answer.replace(/^yes, .*/, 'yes');
    expect(short(served('Service', cart, ...documents))).toBe(toService);
    expect(short(served('Deployment.apps', pods, ...documents))).toBe(toPods);
  });
});

describe('whom a waypoint lets attach', () => {
  const foreign = labelled(service('cart', shop), OTHER);
  it.each<[string, string, string]>([
    ['nothing', HBONE, 'no: not-admitted'],
    ['Same', admitting('{ from: Same }'), 'no: not-admitted'],
    ['All', admitting('{ from: All }'), 'yes, Gateway infra/wp'],
    ['a value that a template hides', admitting('{ from: "{{ x }}" }'), 'unknown: not-admitted'],
    ['another value', admitting('{ from: Any }'), 'unknown: not-admitted'],
    [
      'the name',
      admitting('{ from: Selector, selector: { matchLabels: { kubernetes.io/metadata.name: shop } } }'),
      'yes, Gateway infra/wp',
    ],
    [
      'another name',
      admitting('{ from: Selector, selector: { matchLabels: { kubernetes.io/metadata.name: pay } } }'),
      'no: not-admitted',
    ],
    ['a label', admitting('{ from: Selector, selector: { matchLabels: { team: a } } }'), 'yes, Gateway infra/wp'],
    ['another label', admitting('{ from: Selector, selector: { matchLabels: { team: b } } }'), 'no: not-admitted'],
    [
      'In',
      admitting('{ from: Selector, selector: { matchExpressions: [{ key: team, operator: In, values: [b, a] }] } }'),
      'yes, Gateway infra/wp',
    ],
    [
      'NotIn',
      admitting('{ from: Selector, selector: { matchExpressions: [{ key: team, operator: NotIn, values: [a] }] } }'),
      'no: not-admitted',
    ],
    [
      'NotIn of what is absent',
      admitting('{ from: Selector, selector: { matchExpressions: [{ key: tier, operator: NotIn, values: [a] }] } }'),
      'yes, Gateway infra/wp',
    ],
    [
      'Exists',
      admitting('{ from: Selector, selector: { matchExpressions: [{ key: tier, operator: Exists }] } }'),
      'no: not-admitted',
    ],
    [
      'DoesNotExist',
      admitting('{ from: Selector, selector: { matchExpressions: [{ key: tier, operator: DoesNotExist }] } }'),
      'yes, Gateway infra/wp',
    ],
    [
      'another operator',
      admitting('{ from: Selector, selector: { matchExpressions: [{ key: team, operator: Has }] } }'),
      'unknown: not-admitted',
    ],
    ['no selector', admitting('{ from: Selector }'), 'no: not-admitted'],
    ['an empty selector', admitting('{ from: Selector, selector: {} }'), 'yes, Gateway infra/wp'],
  ])('from another namespace by %s', (_, listener, expected) => {
    expect(served('Service', marked('shop', 'labels', 'team: a'), foreign, gateway('infra', { listener }))).toBe(expected);
  });

  it('is unknown by the labels of a Namespace that no file defines', () => {
    const listener = admitting('{ from: Selector, selector: { matchLabels: { team: a } } }');
    expect(served('Service', foreign, gateway('infra', { listener }))).toBe('unknown: not-admitted');
  });

  it('is its own namespace without a word', () => {
    expect(served('Service', cart, gateway('shop'))).toBe('yes, Gateway shop/wp');
  });
});

describe('a waypoint that is named', () => {
  it.each<[string, string, readonly string[], string]>([
    ['and not shown', 'Service', [cart], 'unknown: not-here'],
    [
      'of a namespace that a template hides',
      'Service',
      [labelled(service('cart', shop), `${OWN}, istio.io/use-waypoint-namespace: "{{ x }}"`)],
      'unknown: hidden-namespace',
    ],
    ['and shown in another namespace alone', 'Service', [cart, gateway('pay')], 'unknown: not-here'],
    ['and is a Gateway of another class', 'Service', [cart, gateway('shop', { of: 'istio' })], 'unknown: class'],
    [
      'and has no tunnel, which is for its own namespace',
      'Service',
      [cart, gateway('shop', { listener: '{ name: web, port: 80, protocol: HTTP }' })],
      'yes, Gateway shop/wp',
    ],
    [
      'of another namespace and has no tunnel at the port of tunnels',
      'Service',
      [
        labelled(service('cart', shop), OTHER),
        gateway('infra', { listener: admitting('{ from: All }').replace('15008', '15009') }),
      ],
      'no: not-admitted',
    ],
    [
      'and has listeners that a template hides',
      'Service',
      [labelled(service('cart', shop), OTHER), gateway('infra', { listener: '"{{ x }}"' })],
      'unknown: not-admitted',
    ],
    [
      'by a headless Service',
      'Service',
      [cart.replace('spec:\n', 'spec:\n  clusterIP: None\n'), gateway('shop')],
      'no: headless',
    ],
    [
      'by the Namespace',
      'Service',
      [marked('shop', 'labels', OWN), service('cart', shop), gateway('shop')],
      'yes, Gateway shop/wp',
    ],
    [
      'by the Namespace, and not by a Service that opts out',
      'Service',
      [marked('shop', 'labels', OWN), labelled(service('cart', shop), 'istio.io/use-waypoint: none'), gateway('shop')],
      'none by own',
    ],
    ['by nobody', 'Service', [namespace('shop'), service('cart', shop), gateway('shop')], 'none by no-label'],
    ['perhaps by a Namespace that no file defines', 'Service', [service('cart', shop)], 'unknown by Namespace'],
    [
      'by the Namespace for pods, which it does not serve',
      'Deployment.apps',
      [marked('shop', 'labels', OWN), workload('cart', shop), gateway('shop')],
      'no: traffic',
    ],
    [
      'by pods of a waypoint',
      'Deployment.apps',
      [
        marked('shop', 'labels', OWN),
        workload('wp', { ...shop, label: 'gateway.networking.k8s.io/gateway-name: wp' }),
        gateway('shop'),
      ],
      'none by gateway-itself',
    ],
    [
      'by the Service of an east-west gateway',
      'Service',
      [marked('shop', 'labels', OWN), labelled(service('ew', shop), 'gateway.istio.io/managed: istio.io-eastwest-controller')],
      'none by gateway-itself',
    ],
    [
      'by the Service of an ingress gateway, which may have one',
      'Service',
      [
        marked('shop', 'labels', OWN),
        labelled(service('edge', shop), 'gateway.istio.io/managed: istio.io-gateway-controller'),
        gateway('shop'),
      ],
      'yes, Gateway shop/wp',
    ],
    ['by nothing at all', 'Service', [labelled(service('cart', shop), 'istio.io/use-waypoint: ""')], 'none by own'],
    [
      'of no namespace',
      'Service',
      [labelled(service('cart', shop), `${OWN}, istio.io/use-waypoint-namespace: ""`)],
      'none by own',
    ],
    [
      'by a manifest without a namespace',
      'Service',
      [labelled(service('cart'), OWN), gateway('').replace('  namespace: \n', '')],
      'yes, Gateway wp',
    ],
    ['by a kind that has none', 'Gateway.gateway.networking.k8s.io', [gateway('shop')], 'nothing'],
  ])('%s', (_, kind, documents, expected) => {
    expect(served(kind, ...documents)).toBe(expected);
  });

  it('is missing where the files show the whole cluster', () => {
    const files = {
      '.mesh-lint.yaml': 'environments:\n  all:\n    complete: true\n',
      'a.yaml': cart,
    };
    expect(servedIn(files, 'Service')).toBe('no: not-here');
  });

  it('is open where alternatives of its Gateway differ', () => {
    const files = {
      'a.yaml': cart,
      'b.yaml': gateway('shop'),
      'c.yaml': gateway('shop', { labels: 'istio.io/waypoint-for: none' }),
    };
    expect(servedIn(files, 'Service')).toBe('unknown: alternatives');
    expect(servedIn({ ...files, 'c.yaml': gateway('shop') }, 'Service')).toBe('yes, Gateway shop/wp');
  });

  it('is named by labels that are evidence', () => {
    const files = { 'a.yaml': joined(marked('shop', 'labels', OWN), service('cart', shop), service('own', shop)) };
    const keys = ask(files, (view) =>
      view.ofKind('Service').map((of) => waypointOf(of, view)?.evidence.map((node) => node.key?.value)),
    );
    expect(keys).toEqual([['istio.io/use-waypoint'], ['istio.io/use-waypoint']]);
  });
});

describe('a ServiceEntry', () => {
  const entry = (labels: string): string =>
    `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: e, namespace: shop, labels: { ${labels} } }\nspec: { hosts: [a.example.com] }\n`;
  const open = gateway('infra', { listener: admitting('{ from: All }') });
  const mesh =
    'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata: { name: mesh }\nspec: { meshConfig: { serviceEntryVisibility: { defaultVisibility: NAMESPACE } } }\n';
  it.each<[string, readonly string[], string]>([
    ['with a waypoint of another namespace', [entry(OTHER)], 'yes, Gateway infra/wp'],
    ['that may be for its own namespace', [entry(OTHER), mesh], 'unknown: visibility'],
    ['that may be for its own namespace, with a waypoint there', [entry(OWN), mesh], 'yes, Gateway shop/wp'],
  ])('%s', (_, documents, expected) => {
    expect(served('ServiceEntry.networking.istio.io', ...documents, open, gateway('shop'))).toBe(expected);
  });
});

describe('the listener that lets attach', () => {
  const bound = (annotation: string, listener: string): string =>
    gateway('infra', { listener }).replace(
      '  labels:',
      `  annotations: { ambient.istio.io/waypoint-inbound-binding: "${annotation}" }\n  labels:`,
    );
  const all = (rest: string): string => `{ name: in, ${rest}, allowedRoutes: { namespaces: { from: All } } }`;
  it.each<[string, string, string, string]>([
    ['of the protocol', 'PROXY', all('port: 15088, protocol: istio.io/PROXY'), 'yes, Gateway infra/wp'],
    ['of the port', 'PROXY/15088', all('port: 15088, protocol: TCP'), 'yes, Gateway infra/wp'],
    ['of the port, without a protocol', 'NONE/15088', all('port: 15088, protocol: TCP'), 'yes, Gateway infra/wp'],
    ['of another port', 'PROXY/15089', all('port: 15088, protocol: TCP'), 'no: not-admitted'],
    ['of another protocol', 'NONE', all('port: 15088, protocol: istio.io/PROXY'), 'no: not-admitted'],
    ['of the tunnel, where the binding is none', 'UDP/15088', all('port: 15008, protocol: HBONE'), 'yes, Gateway infra/wp'],
    ['of a binding that a template hides', '{{ x }}', all('port: 15008, protocol: HBONE'), 'unknown: not-admitted'],
  ])('%s', (_, annotation, listener, expected) => {
    expect(served('Service', labelled(service('cart', shop), OTHER), bound(annotation, listener))).toBe(expected);
  });
});

describe('a canary', () => {
  const CANARY = 'istio.io/use-waypoint-canary: next';
  const canaried = (text: string, labels: string, weight = ''): string =>
    labelled(text, labels).replace(
      'metadata:\n',
      `metadata:\n${weight === '' ? '' : `  annotations: { istio.io/use-waypoint-canary-weight: "${weight}" }\n`}`,
    );
  const plain = service('cart', shop);
  const canary = (...documents: readonly string[]): string | undefined =>
    ask({ 'a.yaml': joined(...documents) }, (view) => {
      const [of] = view.ofKind('Service');
      const found = of && waypointOf(of, view)?.canary;
      return (
        found && `${found.weight} % ${found.namespace.is === 'known' ? found.namespace.value : found.namespace.is}/${found.name}`
      );
    });
  const ns = (labels: string, weight = ''): string => canaried(namespace('shop'), labels, weight);

  it.each<[string, readonly string[], string | undefined]>([
    ['with a weight', [canaried(plain, `${OWN}, ${CANARY}`, '20')], '20 % shop/next'],
    ['with all of it', [canaried(plain, `${OWN}, ${CANARY}`, '100')], '100 % shop/next'],
    ['without a weight', [canaried(plain, `${OWN}, ${CANARY}`)], undefined],
    ['with none of it', [canaried(plain, `${OWN}, ${CANARY}`, '0')], undefined],
    ['with more than all', [canaried(plain, `${OWN}, ${CANARY}`, '101')], undefined],
    ['with a weight that is no number', [canaried(plain, `${OWN}, ${CANARY}`, 'half')], undefined],
    [
      'of another namespace',
      [canaried(plain, `${OWN}, ${CANARY}, istio.io/use-waypoint-canary-namespace: infra`, '20')],
      '20 % infra/next',
    ],
    ['that is the waypoint itself', [canaried(plain, `${OWN}, istio.io/use-waypoint-canary: wp`, '20')], undefined],
    ['without a waypoint', [canaried(plain, CANARY, '20'), ns('a: b')], undefined],
    ['that is none', [canaried(plain, `${OWN}, istio.io/use-waypoint-canary: none`, '20')], undefined],
    ['of the Namespace, as the waypoint is', [plain, ns(`${OWN}, ${CANARY}`, '30')], '30 % shop/next'],
    [
      'of the Service beside the waypoint of the Namespace',
      [canaried(plain, CANARY, '20'), ns(`${OWN}, ${CANARY}x`, '30')],
      '20 % shop/next',
    ],
    [
      'of the Namespace with the weight of the Service',
      [canaried(plain, 'a: b', '20'), ns(`${OWN}, ${CANARY}`)],
      '20 % shop/next',
    ],
    ['of the Namespace beside the waypoint of the Service', [canaried(plain, OWN), ns(CANARY, '30')], undefined],
    [
      'that takes no traffic to Services',
      [canaried(plain, `${OWN}, ${CANARY}`, '20'), gateway('shop', { name: 'next', labels: 'istio.io/waypoint-for: none' })],
      undefined,
    ],
    [
      'of a waypoint that takes none',
      [canaried(plain, `${OWN}, ${CANARY}`, '20'), gateway('shop', { labels: 'istio.io/waypoint-for: none' })],
      undefined,
    ],
  ])('%s', (_, documents, expected) => {
    expect(canary(...documents)).toBe(expected);
  });
});

it('of a Namespace is that of the Services in it', () => {
  const answer = (...documents: readonly string[]): string =>
    ask({ 'a.yaml': joined(...documents) }, (view) => {
      const [of] = view.index.named('Namespace', '', 'shop');
      const { choice, obstacle } = waypointOfNamespace(of!, view);
      return `${shown(choice)}${obstacle === undefined ? '' : `, ${obstacle.why}`}`;
    });
  expect(answer(marked('shop', 'labels', OWN), gateway('shop'))).toBe('shop/wp by own');
  expect(answer(marked('shop', 'labels', OWN))).toBe('shop/wp by own, not-here');
  expect(answer(namespace('shop'))).toBe('none by no-label');
});
