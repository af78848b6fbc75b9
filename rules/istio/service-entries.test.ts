import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../../engine/findings/collect';
import type { Rule } from '../../engine/findings/rule';
import { startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule as protocolConflict } from './service-entry-protocol-conflict';
import { rule as withoutAddress } from './service-entry-without-address';

function findingsOf(rule: Rule, files: Files): readonly LocatedFinding[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found;
}

const entry = (name: string, ports: string, rest = ''): string =>
  `apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: ${name}\n  namespace: ${name}\nspec:\n  hosts: [api.example.com]\n  ports: ${ports}\n${rest}`;

describe('service-entry-without-address', () => {
  const mesh = (text: string): string =>
    `apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: istio\n  namespace: istio-system\ndata:\n  mesh: |\n    ${text}\n`;
  const tcp = entry('shop', '[{ number: 22, name: tcp, protocol: TCP }]');

  it.each<[string, Files, string[]]>([
    ['TCP', { 'e.yaml': tcp }, ['e.yaml:8:46']],
    ['TCP in small letters', { 'e.yaml': entry('shop', '[{ number: 22, name: tcp, protocol: tcp }]') }, ['e.yaml:8:46']],
    ['no protocol', { 'e.yaml': entry('shop', '[{ number: 22, name: tcp }]') }, ['e.yaml:8:21']],
    ['an empty protocol', { 'e.yaml': entry('shop', '[{ number: 22, protocol: "" }]') }, ['e.yaml:8:35']],
    [
      'one of two ports',
      { 'e.yaml': entry('shop', '[{ number: 80, protocol: HTTP }, { number: 22, protocol: TCP }]') },
      ['e.yaml:8:67'],
    ],
    ['no addresses in a list', { 'e.yaml': `${tcp}  addresses: []\n` }, ['e.yaml:8:46']],
    [
      'a mesh without DNS capture',
      { 'e.yaml': tcp, 'm.yaml': mesh('defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "false" } }') },
      ['e.yaml:8:46'],
    ],
    ['an address', { 'e.yaml': `${tcp}  addresses: [192.0.2.1]\n` }, []],
    [
      'an address that istiod gave it',
      { 'e.yaml': `${tcp}status:\n  addresses: [{ host: api.example.com, value: 240.240.0.1 }]\n` },
      [],
    ],
    ['HTTPS', { 'e.yaml': entry('shop', '[{ number: 443, protocol: HTTPS }]') }, []],
    ['a protocol that a variable holds', { 'e.yaml': entry('shop', '[{ number: 22, protocol: "${P}" }]') }, []],
    ['addresses that a variable holds', { 'e.yaml': `${tcp}  addresses: "\${A}"\n` }, []],
    [
      'a mesh with DNS capture',
      { 'e.yaml': tcp, 'm.yaml': mesh('defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true" } }') },
      [],
    ],
    [
      'a mesh that a variable decides',
      { 'e.yaml': tcp, 'm.yaml': mesh('defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "${DNS}" } }') },
      [],
    ],
    [
      'an IstioOperator with DNS capture',
      {
        'e.yaml': tcp,
        'o.yaml':
          'apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nmetadata:\n  name: o\nspec:\n  meshConfig: { defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: "true" } } }\n',
      },
      [],
    ],
  ])('%s', (_title, files, expected) => {
    expect(findingsOf(withoutAddress, files).map(startOf)).toEqual(expected);
  });
});

describe('service-entry-protocol-conflict', () => {
  const http = '[{ number: 8080, name: a, protocol: HTTP }]';
  const https = '[{ number: 8080, name: a, protocol: HTTPS }]';
  const scoped = (names: string): string => `  exportTo: [${names}]\n`;

  it.each<[string, string, number]>([
    ['everywhere', `${entry('one', http)}---\n${entry('two', https)}`, 2],
    ['one of them everywhere', `${entry('one', http)}---\n${entry('two', https, scoped('"."'))}`, 2],
    ['a namespace of both', `${entry('one', http, scoped('"."'))}---\n${entry('two', https, scoped('one'))}`, 2],
    ['no protocol and HTTP', `${entry('one', http)}---\n${entry('two', '[{ number: 8080, name: a }]')}`, 2],
    [
      'no protocol and TCP',
      `${entry('one', '[{ number: 8080, name: a, protocol: TCP }]')}---\n${entry('two', '[{ number: 8080, name: a }]')}`,
      0,
    ],
    ['each in its own namespace', `${entry('one', http, scoped('"."'))}---\n${entry('two', https, scoped('"."'))}`, 0],
    ['nobody', `${entry('one', http, scoped('"~"'))}---\n${entry('two', https)}`, 0],
    ['other ports', `${entry('one', http)}---\n${entry('two', '[{ number: 8443, name: a, protocol: HTTPS }]')}`, 0],
    ['a scope that a variable holds', `${entry('one', http, scoped('"${WHO}"'))}---\n${entry('two', https, scoped('"."'))}`, 0],
    ['a protocol that a variable holds', `${entry('one', http)}---\n${entry('two', '[{ number: 8080, protocol: "${P}" }]')}`, 0],
  ])('%s', (_title, text, count) => {
    expect(findingsOf(protocolConflict, { 'e.yaml': text })).toHaveLength(count);
  });

  it('takes two definitions of one entry for alternatives', () => {
    expect(findingsOf(protocolConflict, { 'a.yaml': entry('one', http), 'b.yaml': entry('one', https) })).toEqual([]);
  });
});
