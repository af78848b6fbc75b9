import { describe, expect, it } from 'vitest';
import { coveredText, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './rule-for-unknown-host';

/** Severity, text and codes of what is found. */
function told(files: Files): string[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found.map((finding) =>
    [finding.reported.severity, coveredText(files, finding), ...finding.reported.equivalents].join(' '),
  );
}

const service = (name: string, namespace = 'shop', more = ''): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: ${namespace}${more} }\nspec: { ports: [{ port: 80 }] }\n`;
const entry = (host: string, namespace = 'shop'): string =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: { name: e, namespace: ${namespace} }\nspec: { hosts: ["${host}"] }\n`;
const destinationRule = (host: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: r, namespace: shop }\nspec: { host: ${host} }\n`;
const CODES = 'IST0174 KIA0202';
const EXPORT_TO = ', annotations: { networking.istio.io/exportTo: "." }';

describe('a DestinationRule', () => {
  it.each<readonly [string, string, string, readonly string[]]>([
    ['for a Service', service('cart'), 'cart', []],
    ['for a Service by its full name', service('cart', 'pay'), 'cart.pay.svc.cluster.local', []],
    ['for a ServiceEntry', entry('a.example.com'), 'a.example.com', []],
    ['for no Service of a namespace that is here', service('cart'), 'carts', [`warning carts ${CODES}`]],
    [
      'for a Service of a namespace that is not',
      service('cart'),
      'cart.pay.svc.cluster.local',
      [`info cart.pay.svc.cluster.local ${CODES}`],
    ],
    [
      'for a Service that is kept to its namespace',
      service('cart', 'pay', EXPORT_TO),
      'cart.pay.svc.cluster.local',
      [`warning cart.pay.svc.cluster.local ${CODES}`],
    ],
    ['for the short form of a name', service('cart'), 'cart.shop', [`warning cart.shop ${CODES}`]],
    ['for an external host', entry('a.example.com'), 'b.example.com', [`warning b.example.com ${CODES}`]],
    [
      'for an external host, where nothing of its kind is beside it',
      entry('a.example.com', 'pay'),
      'b.example.com',
      [`info b.example.com ${CODES}`],
    ],
    ['for all hosts', service('cart'), '"*"', []],
    ['for all hosts of clusters', service('cart'), '"*.local"', []],
    ['for all Services', service('cart'), '"*.svc.cluster.local"', []],
    ['for all Services of a namespace', service('cart'), '"*.shop.svc.cluster.local"', []],
    [
      'for all Services of one that is not here',
      service('cart'),
      '"*.pay.svc.cluster.local"',
      [`info "*.pay.svc.cluster.local" ${CODES}`],
    ],
    ['for a wildcard over a ServiceEntry', entry('a.example.com'), '"*.example.com"', []],
    ['for the wildcard of a ServiceEntry', entry('*.example.com'), '"*.example.com"', []],
    ['for a wildcard within that of a ServiceEntry', entry('*.example.com'), '"*.eu.example.com"', []],
    ['for a wildcard over nothing', entry('a.example.com'), '"*.example.org"', [`info "*.example.org" ${CODES}`]],
    ['whose host a template writes', service('cart'), '"{{ host }}"', []],
    ['where nothing of its kind is', 'apiVersion: v1\nkind: Namespace\nmetadata: { name: shop }\n', 'cart', []],
  ])('%s', (_title, there, host, expected) => {
    expect(told({ 'a.yaml': there, 'b.yaml': destinationRule(host) })).toEqual(expected);
  });

  it.each([
    ['REGISTRY_ONLY', 'warning'],
    ['ALLOW_ANY', 'info'],
  ])('for an external host, where outbound traffic is %s', (mode, severity) => {
    const mesh = `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: istio, namespace: istio-system }\ndata:\n  mesh: |\n    outboundTrafficPolicy:\n      mode: ${mode}\n`;
    const files = { 'a.yaml': entry('a.example.com', 'pay'), 'b.yaml': destinationRule('b.example.com'), 'mesh.yaml': mesh };
    expect(told(files)).toEqual([`${severity} b.example.com ${CODES}`]);
  });
});
