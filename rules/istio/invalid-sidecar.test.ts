import { describe, expect, it } from 'vitest';
import { istioDocument, refusals } from '../../test/support/istio-validation';
import { rule } from './invalid-sidecar';

const says = (spec: string): string[] => refusals(rule, istioDocument('Sidecar', spec));
const ingress = (rest: string, port = 'port: { number: 80, protocol: HTTP }'): string[] =>
  says(`ingress: [{ ${port}, ${rest} }]`);

describe('what a Sidecar says', () => {
  it.each([
    ['{}', ['spec | The Sidecar says nothing.']],
    ['{ workloadSelector: { labels: { app: a } } }', ['spec | The Sidecar says nothing.']],
    ['{ outboundTrafficPolicy: { mode: REGISTRY_ONLY } }', []],
    ['{ inboundConnectionPool: { tcp: { maxConnections: -1 } } }', ['-1 | -1 is negative.']],
    ['{ workloadSelector: {}, outboundTrafficPolicy: {} }', ['warning: workloadSelector | The selector names no labels.']],
    [
      '{ workloadSelector: { labels: { "a*": b, "": c } }, outboundTrafficPolicy: {} }',
      ['"a*" | "a*" has a wildcard.', '"" | A label of the selector has an empty key.'],
    ],
  ])('%s', (spec, expected) => {
    expect(says(spec)).toEqual(expected);
  });
});

describe('ingress', () => {
  it.each([
    ['defaultEndpoint: 127.0.0.1:8080', []],
    ['defaultEndpoint: "[::1]:8080"', []],
    ['defaultEndpoint: ":8080"', []],
    ['defaultEndpoint: unix:///a', []],
    ['defaultEndpoint: 10.0.0.1:8080', ['10.0.0.1:8080 | "10.0.0.1:8080" is not where an application of the pod can listen.']],
    ['defaultEndpoint: 127.0.0.1', ['127.0.0.1 | "127.0.0.1" is not where an application of the pod can listen.']],
    ['bind: a.com', ['a.com | "a.com" is no address.']],
    ['tls: { mode: SIMPLE, serverCertificate: /a, privateKey: /b }', ['tls | A listener of protocol HTTP has "tls".']],
    ['connectionPool: { http: { maxRetries: 1 } }', []],
  ])('%s', (rest, expected) => {
    expect(ingress(rest)).toEqual(expected);
  });

  it.each([
    ['port: { number: 0, protocol: HTTP }', ['0 | 0 is no port.']],
    ['port: { protocol: HTTP }', ['port | The port has no number.']],
    ['port: { number: 80 }', ['port | The port names no protocol.']],
    ['port: { number: 80, protocol: HTTP, name: a_b }', ['a_b | The name of the port "a_b" is no DNS label.']],
    [
      'port: { number: 80, protocol: HTTP, targetPort: 81 }',
      ['targetPort | "targetPort" is set, and Istio does not map ports here.'],
    ],
    [
      'port: { number: 80, protocol: TCP }, connectionPool: { http: {} }',
      ['warning: http | Limits for HTTP are set on a port of protocol TCP.'],
    ],
  ])('%s', (port, expected) => {
    expect(ingress('captureMode: DEFAULT', port)).toEqual(expected);
  });

  it.each([
    ['{ mode: SIMPLE, serverCertificate: /a, privateKey: /b }', []],
    ['{ mode: ISTIO_MUTUAL }', ["ISTIO_MUTUAL | A sidecar's listener cannot have mode ISTIO_MUTUAL."]],
    ['{ mode: SIMPLE, credentialName: a }', ['credentialName | A sidecar\'s listener cannot have "credentialName".']],
    [
      '{ mode: SIMPLE, serverCertificate: /a, privateKey: /b, subjectAltNames: [a] }',
      ['subjectAltNames | A sidecar\'s listener cannot have "subjectAltNames".'],
    ],
  ])('tls: %s', (tls, expected) => {
    expect(ingress(`tls: ${tls}`, 'port: { number: 443, protocol: HTTPS }')).toEqual(expected);
  });

  it('ports that are taken', () => {
    expect(says('ingress: [{ port: { number: 80, protocol: HTTP } }, { port: { number: 80, protocol: TCP } }]')).toEqual([
      '80 | Two listeners are on port 80.',
    ]);
  });
});

describe('egress', () => {
  it.each([
    ['[{ hosts: ["./*", istio-system/a.b.c, "*/*.d.com", "~/*"] }]', []],
    ['[{ hosts: [] }]', ['hosts | The listener knows no hosts.']],
    ['[{ hosts: [a.com] }]', ['a.com | "a.com" names no namespace.']],
    ['[{ hosts: [n_s/a.com] }]', ['n_s/a.com | "n_s/a.com" begins with what is no namespace.']],
    ['[{ hosts: ["ns/*a.com"] }]', ['"ns/*a.com" | "ns/*a.com" has a wildcard that is not all of the first label.']],
    ['[{ hosts: ["ns/"] }]', ['"ns/" | "ns/" is of a host that is empty.']],
    ['[{ hosts: ["./*", "./*"] }]', ['warning: "./*" | "./*" is there twice.']],
    ['[{ hosts: ["./*"] }, { hosts: ["*/*"] }]', ['hosts | Two listeners are for all ports.']],
    [
      '[{ hosts: ["./*"] }, { port: { number: 80, protocol: HTTP }, hosts: ["*/*"] }]',
      ['hosts | The listener for all ports stands before others.'],
    ],
    [
      '[{ port: { number: 80, protocol: HTTP }, hosts: ["./*"] }, { port: { number: 80, protocol: TCP }, hosts: ["./*"] }]',
      ['80 | Two listeners are on port 80.'],
    ],
    ['[{ port: { number: 0, protocol: HTTP }, bind: unix:///a, hosts: ["./*"] }]', []],
    ['[{ port: { number: 0, protocol: HTTP }, hosts: ["./*"] }]', ['number | The port is 0, and the listener is on no socket.']],
    [
      '[{ port: { number: 0 }, bind: unix:///a, captureMode: IPTABLES, hosts: ["./*"] }]',
      ['captureMode | Iptables cannot catch what is sent to a socket.'],
    ],
    [
      '[{ bind: unix:///a, hosts: ["./*"] }, { bind: unix:///a, hosts: ["./*"] }]',
      ['unix:///a | Two listeners are on "unix:///a".'],
    ],
  ])('%s', (listeners, expected) => {
    expect(says(`egress: ${listeners}`)).toEqual(expected);
  });
});

describe('the way out', () => {
  it.each([
    ['{ mode: ALLOW_ANY, egressProxy: { host: a.com, port: { number: 80 } } }', []],
    [
      '{ mode: REGISTRY_ONLY, egressProxy: { host: a.com, port: { number: 80 } } }',
      ['egressProxy | "egressProxy" is set, and traffic for unknown hosts is not let through.'],
    ],
    [
      '{ mode: ALLOW_ANY, egressProxy: { host: "*.a.com", port: { number: 80 } } }',
      ['"*.a.com" | The proxy "*.a.com" is no host.'],
    ],
    ['{ mode: ALLOW_ANY, egressProxy: { host: a.com } }', ['egressProxy | The proxy has no port.']],
    ['{ mode: "${MODE}", egressProxy: { host: a.com, port: { number: 80 } } }', []],
  ])('%s', (policy, expected) => {
    expect(says(`outboundTrafficPolicy: ${policy}`)).toEqual(expected);
  });
});
