import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import type { Files } from '../../../test/support/lint';
import { resolveHost } from './host-resolution';
import { portsOf } from './hosts';

const KIND = 'VirtualService.networking.istio.io';

const meta = (namespace: string): string => (namespace === '' ? '' : `, namespace: ${namespace}`);
const service = (name: string, namespace = 'shop', more = ''): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}${meta(namespace)}${more} }\nspec: { ports: [{ port: 80, name: http }] }\n`;
const entry = (host: string, namespace = 'shop', exportTo = ''): string =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: entry${meta(namespace)} }\nspec: { hosts: ["${host}"]${exportTo}, ports: [{ number: 443, name: tls }] }\n`;
const route = (namespace = 'shop', exportTo = ''): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: route${meta(namespace)} }\nspec: { hosts: [a]${exportTo} }\n`;

/** What a host leads to that the VirtualService names: who gives it, or why nobody does. */
function resolved(host: string, files: Files): string {
  return ask(files, (view) => {
    const [virtualService] = view.ofKind(KIND);
    if (virtualService === undefined) throw new Error('there is no VirtualService');
    const answer = resolveHost(view, virtualService, host);
    if (answer.is === 'found' || answer.is === 'withheld')
      return `${answer.is}: ${answer.definitions.map(({ resource }) => resource.title).join(', ')}`;
    if (answer.is === 'abbreviated') return `abbreviated: ${answer.service.title}`;
    return answer.is === 'missing' ? `missing: ${answer.basis}` : answer.is;
  });
}

const EXPORT_TO = ', annotations: { networking.istio.io/exportTo: "hello1,hello2,." }';

/** Expectations are those of istioctl's own cases for hosts of destinations (facts 1.4, virtualservice.DestinationHost), made smaller. */
describe('resolveHost', () => {
  it.each<readonly [string, string, Files, string]>([
    ['a short name in its own namespace', 'cart', { 'a.yaml': service('cart'), 'b.yaml': route() }, 'found: Service shop/cart'],
    [
      'not in another',
      'cart',
      { 'a.yaml': service('cart', 'pay'), 'b.yaml': service('web'), 'c.yaml': route() },
      'missing: shown',
    ],
    [
      'a full name',
      'cart.pay.svc.cluster.local',
      { 'a.yaml': service('cart', 'pay'), 'b.yaml': route() },
      'found: Service pay/cart',
    ],
    ['unset namespaces', 'cart', { 'a.yaml': service('cart', ''), 'b.yaml': route('') }, 'found: Service cart'],
    ['a namespace that may be it', 'cart', { 'a.yaml': service('cart', ''), 'b.yaml': route() }, 'found: Service cart'],
    [
      'an external host',
      'api.example.com',
      { 'a.yaml': entry('api.example.com', 'pay'), 'b.yaml': route() },
      'found: ServiceEntry pay/entry',
    ],
    [
      'a wildcard',
      'a.eu.example.com',
      { 'a.yaml': entry('*.eu.example.com'), 'b.yaml': route() },
      'found: ServiceEntry shop/entry',
    ],
    ['a wider wildcard', 'a.eu.example.com', { 'a.yaml': entry('*.com'), 'b.yaml': route() }, 'found: ServiceEntry shop/entry'],
    [
      'a wildcard by its text',
      '*.eu.example.com',
      { 'a.yaml': entry('*.eu.example.com'), 'b.yaml': route() },
      'found: ServiceEntry shop/entry',
    ],
    ['not what a wildcard starts with', 'example.com', { 'a.yaml': entry('*.example.com'), 'b.yaml': route() }, 'missing: shown'],
    [
      'an external host, beside none of its like',
      'example.com',
      { 'a.yaml': entry('*.example.com', 'pay'), 'b.yaml': route() },
      'missing: unseen',
    ],
    ['a partial wildcard', 'my-api.com', { 'a.yaml': entry('*api.com'), 'b.yaml': route() }, 'found: ServiceEntry shop/entry'],
    [
      'a ServiceEntry for a Service',
      'cart',
      { 'a.yaml': entry('cart.shop.svc.cluster.local', 'pay'), 'b.yaml': route() },
      'found: ServiceEntry pay/entry',
    ],
    [
      'kept to its namespace',
      'api.example.com',
      { 'a.yaml': entry('api.example.com', 'pay', ', exportTo: ["."]'), 'b.yaml': route() },
      'withheld: ServiceEntry pay/entry',
    ],
    [
      'exported to this one',
      'api.example.com',
      { 'a.yaml': entry('api.example.com', 'pay', ', exportTo: [shop]'), 'b.yaml': route() },
      'found: ServiceEntry pay/entry',
    ],
    [
      'a Service kept to others',
      'hello.hello.svc.cluster.local',
      { 'a.yaml': service('hello', 'hello', EXPORT_TO), 'b.yaml': route() },
      'withheld: Service hello/hello',
    ],
    [
      'a Service exported here',
      'hello.hello.svc.cluster.local',
      { 'a.yaml': service('hello', 'hello', EXPORT_TO), 'b.yaml': route('hello2') },
      'found: Service hello/hello',
    ],
    [
      'readers elsewhere',
      'hello',
      { 'a.yaml': service('hello', 'hello', EXPORT_TO), 'b.yaml': route('hello', ', exportTo: [bogus]') },
      'withheld: Service hello/hello',
    ],
    ['a short form', 'cart.shop', { 'a.yaml': service('cart'), 'b.yaml': route() }, 'abbreviated: Service shop/cart'],
    ['a short form of nothing', 'cart.shop', { 'a.yaml': entry('a.example.com'), 'b.yaml': route() }, 'missing: shown'],
    ['nothing of its kind in the namespace', 'cart', { 'a.yaml': service('web', 'pay'), 'b.yaml': route() }, 'missing: unseen'],
    ['nothing of its kind at all', 'cart', { 'b.yaml': route() }, 'open'],
    ['nothing but a ServiceEntry', 'cart', { 'a.yaml': entry('a.example.com'), 'b.yaml': route() }, 'missing: unseen'],
    [
      'a complete environment',
      'cart',
      { '.mesh-lint.yaml': 'environments:\n  all:\n    root: .\n    complete: true\n', 'b.yaml': route() },
      'missing: shown',
    ],
    ['a cluster of another domain', 'cart.shop.svc.corp.example', { 'a.yaml': service('web'), 'b.yaml': route() }, 'open'],
    [
      'the API server',
      'kubernetes.default.svc.cluster.local',
      { 'a.yaml': service('web', 'default'), 'b.yaml': route() },
      'open',
    ],
    ['istiod', 'istiod.istio-system.svc.cluster.local', { 'a.yaml': service('web', 'istio-system'), 'b.yaml': route() }, 'open'],
    [
      'a namespace that Kubernetes fills',
      'dns.kube-system.svc.cluster.local',
      { 'a.yaml': service('web', 'kube-system'), 'b.yaml': route() },
      'missing: unseen',
    ],
    [
      'a Service that a Gateway gets',
      'web-istio',
      {
        'a.yaml': service('cart'),
        'g.yaml':
          'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: { name: web, namespace: shop }\nspec: { gatewayClassName: istio }\n',
        'b.yaml': route(),
      },
      'found: Gateway shop/web',
    ],
    [
      'a Service of Knative',
      'fn',
      {
        'a.yaml': service('cart'),
        'g.yaml': 'apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: { name: fn, namespace: shop }\nspec: {}\n',
        'b.yaml': route(),
      },
      'found: Service shop/fn',
    ],
    [
      'a chart that fills the namespace',
      'db',
      {
        'a.yaml': service('cart'),
        'h.yaml':
          'apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: db, namespace: shop }\nspec: { chart: { spec: { chart: postgresql, sourceRef: { kind: HelmRepository, name: x } } } }\n',
        'b.yaml': route(),
      },
      'missing: unseen',
    ],
    ['a Service whose name is a variable', 'cart', { 'a.yaml': service('"{{ name }}"'), 'b.yaml': route() }, 'open'],
  ])('%s', (_title, host, files, answer) => {
    expect(resolved(host, files)).toBe(answer);
  });

  it('looks in other parts of the repository before it misses something', () => {
    const files = {
      'one/a.yaml': service('web'),
      'one/b.yaml': route(),
      'two/a.yaml': `${service('web')}---\n${service('cart')}`,
    };
    const inOne = (more: Files): string[] => {
      const answers: string[] = [];
      ask({ 'probe.yaml': '', 'one/p.yaml': PROBE, ...files, ...more }, (view) => {
        const [virtualService] = view.ofKind(KIND);
        if (virtualService !== undefined) answers.push(resolveHost(view, virtualService, 'cart').is);
      });
      return answers;
    };
    expect(inOne({})).toEqual(['open']);
    expect(inOne({ 'two/a.yaml': service('web') })).toEqual(['missing']);
  });
});

const PROBE = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: probe\n';

describe('portsOf', () => {
  const portsIn = (text: string): { ports: string[]; open: boolean } =>
    ask({ 'a.yaml': text }, (view) => {
      const [resource] = [...view.ofKind('Service'), ...view.ofKind('ServiceEntry.networking.istio.io')];
      if (resource === undefined) throw new Error('there is none');
      const { ports, open } = portsOf({ resource, is: 'yes' });
      return { ports: ports.map(({ number, name }) => `${number} ${name ?? '-'}`), open };
    });
  it.each([
    [service('cart'), { ports: ['80 http'], open: false }],
    [entry('a.example.com'), { ports: ['443 tls'], open: false }],
    [
      'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { ports: [{ port: 80 }, { port: "{{ p }}" }] }\n',
      { ports: ['80 -'], open: true },
    ],
    ['apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: {}\n', { ports: [], open: false }],
    [
      'apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { type: ExternalName, externalName: b.example }\n',
      { ports: [], open: true },
    ],
  ])('%s', (text, answer) => {
    expect(portsIn(text)).toEqual(answer);
  });
});
