import fc from 'fast-check';
import { expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import type { Workspace } from '../../engine/workspace';
import { rule as ambiguousDestinationPort } from './ambiguous-destination-port';
import { rule as claimsWithoutAuthentication } from './claims-without-authentication';
import { rule as conflictingMeshHosts } from './conflicting-mesh-hosts';
import { rule as hostNotOnGateway } from './host-not-on-gateway';
import { rule as routesBypassedAtGateway } from './routes-bypassed-at-gateway';
import { rule as ruleForUnknownHost } from './rule-for-unknown-host';
import { rule as subsetWithoutPods } from './subset-without-pods';
import { rule as unknownDestination } from './unknown-destination';
import { rule as unknownGateway } from './unknown-gateway';
import { rule as unknownSubset } from './unknown-subset';

/** The rules that ask what other resources there are. */
const RULES = [
  ambiguousDestinationPort,
  claimsWithoutAuthentication,
  conflictingMeshHosts,
  hostNotOnGateway,
  routesBypassedAtGateway,
  ruleForUnknownHost,
  subsetWithoutPods,
  unknownDestination,
  unknownGateway,
  unknownSubset,
];

const istio = (kind: string, metadata: string, spec: string, group = 'networking'): string =>
  `apiVersion: ${group}.istio.io/v1\nkind: ${kind}\nmetadata: { ${metadata} }\nspec: { ${spec} }\n`;
const service = (name: string, namespace: string, more = ''): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { selector: { app: ${name} }, ports: [{ port: 80 }${more}] }\n`;
const pod = (labels: string, namespace: string): string =>
  `apiVersion: v1\nkind: Pod\nmetadata: { name: p, namespace: ${namespace}, labels: { ${labels} } }\nspec: { containers: [] }\n`;

const PIECES = [
  service('cart', 'a'),
  service('cart', 'a', ', { port: 443 }'),
  service('pay', 'b'),
  service('pay', 'a').replace('namespace: a', 'annotations: { networking.istio.io/exportTo: b }, namespace: a'),
  pod('app: cart, version: v1', 'a'),
  pod('istio: public', 'a'),
  istio(
    'DestinationRule',
    'name: r, namespace: a',
    'host: cart, subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }]',
  ),
  istio('DestinationRule', 'name: all, namespace: b', 'host: "*.local", subsets: [{ name: v3 }]'),
  istio('DestinationRule', 'name: x, namespace: b', 'host: pay.a'),
  istio('ServiceEntry', 'name: e, namespace: b', 'hosts: ["*.example.com"], exportTo: ["."]'),
  istio('ServiceEntry', 'name: f, namespace: a', 'hosts: [api.example.com], ports: [{ number: 443 }]'),
  istio(
    'Gateway',
    'name: g, namespace: a',
    'selector: { istio: public }, servers: [{ port: { number: 80 }, hosts: [cart.example.com] }]',
  ),
  istio('RequestAuthentication', 'name: ra, namespace: a', 'selector: { matchLabels: { istio: public } }', 'security'),
  istio(
    'VirtualService',
    'name: v, namespace: a',
    'hosts: [cart], http: [{ route: [{ destination: { host: cart, subset: v2 } }, { destination: { host: pay.b.svc.cluster.local } }] }]',
  ),
  istio(
    'VirtualService',
    'name: w, namespace: b',
    'hosts: [cart.a.svc.cluster.local], exportTo: ["."], http: [{ route: [{ destination: { host: api.example.com, port: { number: 8443 } } }] }]',
  ),
  istio(
    'VirtualService',
    'name: x, namespace: b',
    'hosts: [shop.example.com], gateways: [a/g], http: [{ match: [{ headers: { "@request.auth.claims.x": { exact: y } } }], route: [{ destination: { host: cart.a.svc.cluster.local } }] }]',
  ),
  istio(
    'VirtualService',
    'name: y, namespace: a',
    'hosts: ["*.example.com"], gateways: [g, gone], http: [{ route: [{ destination: { host: pay, subset: v3 } }] }]',
  ),
];
const PATHS = ['a.yaml', 'b.yaml', 'c.yaml', 'one/a.yaml', 'one/b.yaml', 'two/a.yaml'];

const edit = fc.record({
  path: fc.constantFrom(...PATHS),
  pieces: fc.option(fc.array(fc.nat(PIECES.length - 1), { maxLength: 5 })),
});

const findingsOf = (workspace: Workspace): unknown[] => workspace.findings().map(({ reported }) => reported);

it('after any edits the findings are those of a fresh start', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 2, maxLength: 8 }), (edits) => {
      const files = new Map<string, string>();
      const workspace = workspaceOf({}, RULES);
      for (const { path, pieces } of edits) {
        const text = pieces?.map((piece) => PIECES[piece] ?? '').join('---\n');
        if (text === undefined) {
          files.delete(path);
          workspace.remove(path);
        } else {
          files.set(path, text);
          workspace.set(path, text);
        }
        expect(findingsOf(workspace)).toEqual(findingsOf(workspaceOf(Object.fromEntries(files), RULES)));
        expect(workspace.faults()).toEqual([]);
      }
    }),
    { numRuns: 60 },
  );
});
