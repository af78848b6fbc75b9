import { expect, it } from 'vitest';
import { coveredText, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './ambiguous-destination-port';

function told(files: Files): string[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found.map((finding) => `${finding.reported.severity} ${coveredText(files, finding)}`);
}

const service = (ports: string, namespace = 'shop'): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: cart, namespace: ${namespace} }\nspec: { ports: [${ports}] }\n`;
const to = (destination: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: web, namespace: shop }\nspec: { hosts: [web], http: [{ route: [{ destination: ${destination} }] }] }\n`;
const TWO = '{ port: 80 }, { port: 443 }';
const entry =
  'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: e, namespace: shop }\nspec: { hosts: [api.example.com], ports: [{ number: 80 }, { number: 443 }] }\n';

const bound = (gateways: string): string => to('{ host: cart }').replace('hosts: [web]', `hosts: [web], gateways: ${gateways}`);
const gateway = (port: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: g, namespace: shop }\nspec: { servers: [{ port: { number: ${port} } }] }\n`;

it.each<readonly [string, Files, readonly string[]]>([
  ['no port of two', { 'a.yaml': service(TWO), 'b.yaml': to('{ host: cart }') }, ['warning cart']],
  [
    'no port of two, of a ServiceEntry',
    { 'a.yaml': entry, 'b.yaml': to('{ host: api.example.com }') },
    ['warning api.example.com'],
  ],
  [
    'a mirror',
    {
      'a.yaml': service(TWO),
      'b.yaml': to('{ host: cart, port: { number: 80 } }').replace('}] }]', '}], mirror: { host: cart } }]'),
    },
    ['warning cart'],
  ],
  ['a port', { 'a.yaml': service(TWO), 'b.yaml': to('{ host: cart, port: { number: 80 } }') }, []],
  [
    'a port that a template writes',
    { 'a.yaml': service(TWO), 'b.yaml': to('{ host: cart, port: { number: "{{ port }}" } }') },
    [],
  ],
  ['one port', { 'a.yaml': service('{ port: 80 }'), 'b.yaml': to('{ host: cart }') }, []],
  [
    'one port of an alternative',
    { 'a.yaml': service(TWO), 'c.yaml': service('{ port: 80 }'), 'b.yaml': to('{ host: cart }') },
    [],
  ],
  ['a Service of another namespace', { 'a.yaml': service(TWO, 'pay'), 'b.yaml': to('{ host: cart }') }, []],
  [
    'a Service that may be of another namespace',
    { 'a.yaml': service(TWO).replace(', namespace: shop', ''), 'b.yaml': to('{ host: cart }') },
    [],
  ],
  ['a gateway on another port', { 'a.yaml': service(TWO), 'b.yaml': bound('[g]'), 'g.yaml': gateway('8080') }, ['error cart']],
  [
    'a gateway on one of the ports',
    { 'a.yaml': service(TWO), 'b.yaml': bound('[g]'), 'g.yaml': gateway('443') },
    ['warning cart'],
  ],
  [
    'a gateway on another port, and the mesh',
    { 'a.yaml': service(TWO), 'b.yaml': bound('[g, mesh]'), 'g.yaml': gateway('8080') },
    ['warning cart'],
  ],
  [
    'a gateway that no file shows',
    { 'a.yaml': service(TWO), 'b.yaml': bound('[g, h]'), 'g.yaml': gateway('8080') },
    ['warning cart'],
  ],
  [
    'a gateway on a port that a template writes',
    { 'a.yaml': service(TWO), 'b.yaml': bound('[g]'), 'g.yaml': gateway('"{{ port }}"') },
    ['warning cart'],
  ],
])('%s', (_title, files, expected) => {
  expect(told(files)).toEqual(expected);
});
