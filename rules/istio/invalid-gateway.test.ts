import { describe, expect, it } from 'vitest';
import { istioDocument, refusals } from '../../test/support/istio-validation';
import { rule } from './invalid-gateway';

const says = (spec: string): string[] => refusals(rule, istioDocument('Gateway', spec));
const HTTP = 'port: { number: 80, name: http, protocol: HTTP }';
const HTTPS = 'port: { number: 443, name: https, protocol: HTTPS }';
const server = (rest: string): string[] => says(`servers: [{ ${rest} }]`);

describe('servers', () => {
  it.each([
    ['servers: []', ['servers | The Gateway serves nothing.']],
    ['selector: { istio: ingressgateway }', ['spec | The Gateway serves nothing.']],
    [
      'servers: [{ port: { number: 80, name: a, protocol: HTTP }, hosts: ["*"] }, { port: { number: 81, name: a, protocol: HTTP }, hosts: ["*"] }]',
      ['a | Two servers have a port of the name "a".'],
    ],
  ])('%s', (spec, expected) => {
    expect(says(spec)).toEqual(expected);
  });

  it('a name without dots', () => {
    const text = istioDocument('Gateway', `{ servers: [{ ${HTTP}, hosts: ["*"] }] }`).replace('name: a', 'name: a.b');
    expect(refusals(rule, text)).toEqual(['a.b | The name "a.b" has more than letters, digits and hyphens.']);
  });

  it('a spec at all', () => {
    expect(refusals(rule, 'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: a\n')).toEqual([
      'a | The Gateway serves nothing.',
    ]);
  });
});

describe('hosts', () => {
  it.each([
    ['["*", "*.a.com", ns/a.com, ./b.com, "*/c.com", 10.0.0.1]', []],
    ['[]', ['hosts | The server has no hosts.']],
    ['[shop]', ['shop | The host "shop" is a short name.']],
    ['["*a.com"]', ['"*a.com" | The host "*a.com" has a wildcard that is not all of the first label.']],
    ['[n_s/a.com]', ['n_s/a.com | The host "n_s/a.com" begins with what is no namespace.']],
    ['[a..com]', ['a..com | The host "a..com" has two dots in a row, or one at its start.']],
  ])('%s', (hosts, expected) => {
    expect(server(`${HTTP}, hosts: ${hosts}`)).toEqual(expected);
  });
});

describe('ports and addresses', () => {
  it.each([
    ['port: { number: 0, name: a, protocol: HTTP }', ['0 | 0 is no port.']],
    ['port: { number: 80, name: a, protocol: ADP }', ['ADP | "ADP" is no protocol that Istio knows.']],
    ['port: { number: 80, name: a, protocol: grpc-web }', []],
    ['port: { number: 80, name: "", protocol: HTTP }', ['"" | The port has an empty name.']],
    [
      'port: { number: 80, name: a, protocol: HTTP, targetPort: 81 }',
      ['targetPort | "targetPort" is set, and Istio does not map ports here.'],
    ],
    [`${HTTP}, bind: 0.0.0.0`, []],
    [`${HTTP}, bind: localhost`, ['localhost | "localhost" is no address.']],
    ['port: { number: 0, name: a, protocol: HTTP }, bind: unix:///a', []],
    [`${HTTP}, bind: unix:///a`, ['number | The server listens on a socket, and has a port.']],
    ['port: { number: 0, name: a, protocol: HTTP }, bind: unix://a', ['unix://a | "unix://a" is no absolute path.']],
  ])('%s', (rest, expected) => {
    expect(server(`${rest}, hosts: ["*"]`)).toEqual(expected);
  });
});

describe('TLS and protocols', () => {
  it.each([
    [`${HTTPS}, tls: { mode: SIMPLE, credentialName: a }`, []],
    [HTTPS, ['protocol | The server of protocol HTTPS has no "tls".']],
    [`${HTTPS}, tls: "{{ .Values.tls }}"`, []],
    [`${HTTP}, tls: { httpsRedirect: true }`, []],
    [
      `${HTTP}, tls: { mode: SIMPLE, credentialName: a }`,
      ['mode | A server of protocol HTTP has "tls" with more than httpsRedirect.'],
    ],
    ['port: { number: 1, name: a, protocol: TCP }, tls: { mode: PASSTHROUGH }', ['tls | A server of protocol TCP has "tls".']],
    [
      `${HTTPS}, tls: { mode: SIMPLE, credentialName: a, httpsRedirect: true }`,
      ['warning: httpsRedirect | A server of protocol HTTPS has "httpsRedirect".'],
    ],
    ['port: { number: 443, name: tls, protocol: TLS }, tls: { mode: PASSTHROUGH }', []],
    [
      'port: { number: 443, name: tls, protocol: TLS }, tls: { mode: AUTO_PASSTHROUGH, credentialName: a }',
      ['warning: credentialName | "credentialName" is set, and mode AUTO_PASSTHROUGH hands TLS on without ending it.'],
    ],
    [`${HTTPS}, tls: { mode: SIMPLE }`, ['SIMPLE | Mode SIMPLE needs a certificate, and "serverCertificate" is not set.']],
    [`${HTTPS}, tls: { mode: SIMPLE, serverCertificate: /a, privateKey: /b }`, []],
    [
      `${HTTPS}, tls: { mode: MUTUAL, serverCertificate: /a, privateKey: /b }`,
      ['MUTUAL | Mode MUTUAL needs a certificate, and "caCertificates" is not set.'],
    ],
    [`${HTTPS}, tls: { mode: MUTUAL, credentialName: a }`, []],
    [`${HTTPS}, tls: { mode: SIMPLE, credentialNames: [a, b] }`, []],
    [`${HTTPS}, tls: { mode: SIMPLE, tlsCertificates: [{ serverCertificate: /a, privateKey: /b }] }`, []],
    [
      `${HTTPS}, tls: { mode: SIMPLE, tlsCertificates: [{ serverCertificate: /a }] }`,
      ['serverCertificate | Mode SIMPLE needs a certificate, and "privateKey" is not set.'],
    ],
    [
      `${HTTPS}, tls: { mode: SIMPLE, credentialName: a, serverCertificate: /b }`,
      ['serverCertificate | The certificate comes from "credentialName", and "serverCertificate" names another one.'],
    ],
    [`${HTTPS}, tls: { mode: ISTIO_MUTUAL }`, []],
    [
      `${HTTPS}, tls: { mode: ISTIO_MUTUAL, credentialName: a }`,
      ['credentialName | ISTIO_MUTUAL uses the certificates of the mesh, and "credentialName" names another one.'],
    ],
    [
      `${HTTPS}, tls: { mode: SIMPLE, serverCertificate: /a, privateKey: /b, caCrl: /c }`,
      ['caCrl | "caCrl" lists revoked certificates of clients, and SIMPLE asks clients for none.'],
    ],
    [`${HTTPS}, tls: { mode: MUTUAL, credentialName: a, caCrl: /c }`, ['caCrl | "caCrl" stands beside a credential.']],
    [
      `${HTTPS}, tls: { mode: SIMPLE, credentialName: a, minProtocolVersion: TLSV1_1 }`,
      ["warning: TLSV1_1 | TLS 1.1 is named, and Envoy's own list of ciphers has none for it."],
    ],
    [`${HTTPS}, tls: { mode: SIMPLE, credentialName: a, minProtocolVersion: TLSV1_1, cipherSuites: [ECDHE-RSA-AES128-SHA] }`, []],
    [
      `${HTTPS}, tls: { mode: SIMPLE, credentialName: a, cipherSuites: [TLS_RSA, AES128-SHA, AES128-SHA] }`,
      [
        `warning: TLS_RSA | "TLS_RSA" is none of the cipher suites that Istio's API lists.`,
        'warning: AES128-SHA | The cipher suite "AES128-SHA" is there twice.',
      ],
    ],
  ])('%s', (rest, expected) => {
    expect(server(`${rest}, hosts: ["*"]`)).toEqual(expected);
  });
});
