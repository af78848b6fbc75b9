import { describe, expect, it } from 'vitest';
import { coveredText, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './conflicting-mesh-hosts';

/** Severity, text and codes of what is found. */
function told(files: Files): string[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found.map((finding) =>
    [finding.reported.severity, coveredText(files, finding), ...finding.reported.equivalents].join(' '),
  );
}

const virtualService = (name: string, namespace: string, hosts: string, more = ''): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: ${name}${namespace === '' ? '' : `, namespace: ${namespace}`} }\nspec: { hosts: [${hosts}], http: [{ route: [] }]${more} }\n`;
const CODES = 'IST0109 KIA1106';
const both = (a: string, b: string): string[] => [`error ${a} ${CODES}`, `error ${b} ${CODES}`];

/** The first ones are istioctl's own cases (facts 1.4, virtualservice.ConflictingMeshGatewayHosts), made smaller. */
describe('two VirtualServices', () => {
  it.each<readonly [string, string, string, readonly string[]]>([
    ['for one host of a namespace', virtualService('a', 'foo', 'p'), virtualService('b', 'foo', 'p'), both('p', 'p')],
    ['for hosts of one name in two namespaces', virtualService('a', 'foo', 'p'), virtualService('a', 'bar', 'p'), []],
    ['of which one is for a gateway', virtualService('a', 'foo', 'p'), virtualService('b', 'foo', 'p', ', gateways: [x]'), []],
    [
      'of which one is for a gateway and the mesh',
      virtualService('a', 'foo', 'p', ', gateways: [mesh]'),
      virtualService('b', 'bar', 'p.foo.svc.cluster.local, x.com', ', gateways: [x, mesh]'),
      both('p', 'p.foo.svc.cluster.local'),
    ],
    [
      'kept to their own namespaces',
      virtualService('a', 'foo', 'p', ', exportTo: ["."]'),
      virtualService('b', 'bar', 'p.foo.svc.cluster.local', ', exportTo: ["."]'),
      [],
    ],
    [
      'of which one is kept to its namespace',
      virtualService('a', 'foo', 'x.com'),
      virtualService('b', 'bar', 'x.com', ', exportTo: ["."]'),
      both('x.com', 'x.com'),
    ],
    [
      'exported to all in two ways',
      virtualService('a', 'foo', 'p', ', exportTo: ["*"]'),
      virtualService('b', 'bar', 'p.foo.svc.cluster.local'),
      both('p', 'p.foo.svc.cluster.local'),
    ],
    ['that are versions of one', virtualService('a', 'foo', 'p'), virtualService('a', 'foo', 'p'), []],
    ['without namespaces', virtualService('a', '', 'p'), virtualService('b', '', 'p'), both('p', 'p')],
    ['that may be in different namespaces', virtualService('a', '', 'p'), virtualService('b', 'foo', 'p'), []],
    ['without hosts', virtualService('a', 'foo', ''), virtualService('b', 'foo', ''), []],
    [
      'whose gateways a template writes',
      virtualService('a', 'foo', 'p', ', gateways: ["{{ x }}"]'),
      virtualService('b', 'foo', 'p'),
      [],
    ],
    ['whose hosts a template writes', virtualService('a', 'foo', '"{{ x }}"'), virtualService('b', 'foo', '"{{ x }}"'), []],
    // Requests and connections are told apart in the proxy: both hold.
    [
      'for HTTP and for TLS',
      virtualService('a', 'foo', 'p'),
      virtualService('b', 'foo', 'p').replace('http:', 'tls:'),
      both('p', 'p').map((one) => one.replace('error', 'info')),
    ],
    // The narrower host wins: no conflict.
    [
      'for a host and a wildcard over it, of which one is kept to its namespace',
      virtualService('a', 'foo', 'a.x.com'),
      virtualService('b', 'foo', '"*.x.com"', ', exportTo: ["."]'),
      [`info a.x.com ${CODES}`, `info "*.x.com" ${CODES}`],
    ],
    [
      'for a wildcard and a wider one, of which one is kept to its namespace',
      virtualService('a', 'foo', '"*.a.x.com"', ', exportTo: ["."]'),
      virtualService('b', 'bar', '"*.x.com"'),
      [`info "*.a.x.com" ${CODES}`, `info "*.x.com" ${CODES}`],
    ],
    [
      'for a host and a wildcard over another',
      virtualService('a', 'foo', 'x.com'),
      virtualService('b', 'foo', '"*.x.com"', ', exportTo: ["."]'),
      [],
    ],
    ['for a host and a wildcard over it', virtualService('a', 'foo', 'a.x.com'), virtualService('b', 'foo', '"*.x.com"'), []],
  ])('%s', (_title, one, other, expected) => {
    expect(told({ 'a.yaml': one, 'b.yaml': other })).toEqual(expected);
  });

  it('are told of once each, however many there are', () => {
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`f${i}.yaml`, virtualService(`a${i}`, 'foo', 'p')]));
    const found = workspaceOf(files, [rule]).findings();
    expect(found).toHaveLength(30);
    expect(found[0]?.reported.message).toContain(
      'VirtualService foo/a0 and VirtualService foo/a1 and 28 more are all for host p.foo.svc.cluster.local',
    );
  });

  it('in environments of their own', () => {
    expect(
      told({
        'dev/a.yaml': virtualService('a', 'foo', 'p'),
        'dev/x.yaml': virtualService('x', 'foo', 'x'),
        'prod/b.yaml': virtualService('b', 'foo', 'p'),
        'prod/x.yaml': virtualService('x', 'foo', 'x'),
      }),
    ).toEqual([]);
  });
});
