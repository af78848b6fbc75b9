import { describe, expect, it } from 'vitest';
import { istioDocument, refusals } from '../../test/support/istio-validation';
import { rule } from './invalid-service-entry';

const says = (spec: string, metadata?: string): string[] => refusals(rule, istioDocument('ServiceEntry', spec, metadata));
const TLS = 'ports: [{ number: 443, name: tls, protocol: TLS }]';

describe('hosts, addresses and ports', () => {
  it.each([
    [`hosts: [a.com, "*.b.com"]\n${TLS}`, []],
    [
      `hosts: [a_b]\n${TLS}`,
      ['a_b | The host "a_b" has the part "a_b", which is no DNS label (letters, digits and hyphens inside, up to 63).'],
    ],
    [`hosts: ["*a.com"]\n${TLS}`, ['warning: "*a.com" | The wildcard of "*a.com" stands for a part of a label.']],
    [`hosts: [a.com]\naddresses: [10.0.0.0/8, ten]\n${TLS}`, ['ten | "ten" is no address.']],
    ['hosts: [a.com]\nports: [{ number: 1, name: a_b }]', ['a_b | The name of the port "a_b" is no DNS label.']],
    ['hosts: [a.com]\nports: [{ number: 1, name: a, protocol: SPDY }]', ['SPDY | "SPDY" is no protocol that Istio knows.']],
    ['hosts: [a.com]\nports: [{ number: 1, name: a, protocol: http }, { number: 2, name: b }]', []],
    [`hosts: [a.com]\n${TLS}\nexportTo: ["~"]`, []],
    [`hosts: [a.com]\n${TLS}\nexportTo: ["~", .]`, ['"~" | "~" means no namespace, and others are named beside it.']],
    [
      `hosts: [a.com]\n${TLS}\nworkloadSelector: {}\nresolution: STATIC`,
      ['warning: workloadSelector | The selector names no labels.'],
    ],
  ])('%s', (spec, expected) => {
    expect(says(spec)).toEqual(expected);
  });
});

describe('resolution', () => {
  it.each([
    [`hosts: [a.com]\nresolution: STATIC\n${TLS}\nendpoints: [{ address: 10.0.0.1, ports: { tls: 8443 } }]`, []],
    [
      `hosts: [a.com]\nresolution: STATIC\n${TLS}\nendpoints: [{ address: b.com }]`,
      ['b.com | Resolution STATIC takes addresses, and "b.com" is a name.'],
    ],
    [
      `hosts: [a.com]\nresolution: STATIC\n${TLS}\nendpoints: [{ address: 10.0.0.1, ports: { http: 80 } }]`,
      ['http | The endpoint maps port "http", which the service does not have.'],
    ],
    [`hosts: [a.com]\nresolution: STATIC\n${TLS}\nendpoints: [{ address: unix:///a }]`, []],
    [
      'hosts: [a.com]\nresolution: STATIC\nports: [{ number: 1, name: a, protocol: HTTP }, { number: 2, name: b, protocol: HTTP }]\nendpoints: [{ address: unix:///a }]',
      ['unix:///a | An endpoint is a socket, and the service has 2 ports.'],
    ],
    [`hosts: [a.com]\nresolution: DNS\n${TLS}`, []],
    [
      `hosts: ["*.a.com"]\nresolution: DNS\n${TLS}`,
      ['"*.a.com" | Resolution DNS has no endpoints to ask for, and the host "*.a.com" is a wildcard.'],
    ],
    [`hosts: ["*.a.com"]\nresolution: DNS\n${TLS}\nendpoints: [{ address: b.com }]`, []],
    [
      `hosts: [a.com]\nresolution: DNS\n${TLS}\nendpoints: [{ address: unix:///a }]`,
      ['unix:///a | DNS cannot be asked for "unix:///a".'],
    ],
    [
      `hosts: [a.com]\nresolution: NONE\n${TLS}\nworkloadSelector: { labels: { a: b } }`,
      [
        'warning: workloadSelector | Workloads are selected, and resolution NONE sends traffic to the address that the client asked for.',
      ],
    ],
    [
      'hosts: [a.com, b.com]\nresolution: DNS\nports: [{ number: 1, name: a, protocol: TCP }]',
      ['TCP | Several hosts share a port of protocol TCP, by which they cannot be told apart.'],
    ],
    [
      'hosts: [a.com, b.com]\nresolution: DNS\nports: [{ number: 1, name: a, protocol: HTTP }, { number: 2, name: b, protocol: TLS }]',
      [],
    ],
    ['hosts: [a.com, b.com]\nports: [{ number: 1, name: a, protocol: TCP }]', []],
    [
      'hosts: [a.com, b.com]\nresolution: DNS\naddresses: [10.0.0.1]\nports: [{ number: 1, name: a, protocol: TCP }]',
      [
        'warning: 10.0.0.1 | An address is given for 2 hosts with a port of protocol TCP.',
        'TCP | Several hosts share a port of protocol TCP, by which they cannot be told apart.',
      ],
    ],
    [`hosts: ["*.a.com"]\nresolution: DYNAMIC_DNS\n${TLS}`, []],
    [
      `hosts: [a.com]\nresolution: DYNAMIC_DNS\n${TLS}`,
      ['a.com | Resolution DYNAMIC_DNS is for wildcards, and "a.com" is none.'],
    ],
    [
      `hosts: ["*.a.com"]\nresolution: DYNAMIC_DNS\naddresses: [10.0.0.1]\n${TLS}`,
      ['addresses | "addresses" are given, and DYNAMIC_DNS asks DNS for the name of each request.'],
    ],
    [
      'hosts: ["*.a.com"]\nresolution: DYNAMIC_DNS\nports: [{ number: 1, name: a, protocol: MONGO }]',
      ['MONGO | A port of protocol MONGO carries no name that DYNAMIC_DNS could ask for.'],
    ],
    [`hosts: [a.com]\nresolution: "\${RESOLUTION}"\n${TLS}\nendpoints: [{ address: b.com }]`, []],
  ])('%s', (spec, expected) => {
    expect(says(spec)).toEqual(expected);
  });

  it('a waypoint that there cannot be', () => {
    expect(
      says(
        `hosts: ["*.a.com"]\nlocation: MESH_INTERNAL\nresolution: DYNAMIC_DNS\n${TLS}`,
        '  labels: { istio.io/use-waypoint: w }\n',
      ),
    ).toEqual(['istio.io/use-waypoint | A waypoint is asked for, and DYNAMIC_DNS within the mesh has none.']);
  });
});

describe('endpoints', () => {
  const endpoint = (endpoint: string): string[] => says(`hosts: [a.com]\nresolution: DNS\n${TLS}\nendpoints: [${endpoint}]`);

  it.each([
    ['{ address: b.com, labels: { a: b } }', []],
    ['{ network: west }', ['warning: network | The workload has a network and no address.']],
    ['{ address: "" }', ['"" | The address is empty.']],
    [
      '{ address: b.com, labels: { "-a": b } }',
      ['"-a" | The label "-a" may hold letters, digits, and inside of it hyphens, underscores and dots.'],
    ],
  ])('%s', (spec, expected) => {
    expect(endpoint(spec)).toEqual(expected);
  });
});
