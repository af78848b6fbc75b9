import { describe, expect, it } from 'vitest';
import { istioKind, istioKinds, ISTIO_KINDS } from '../../schemas/istio';
import type { KindSchema } from '../../schemas/istio/schema';
import { Graph } from '../incremental/graph';
import { Repository } from '../environments/repository';
import { describedFields, SchemaTree } from '../mesh/istio/validation/schema-lookup';
import { fieldAt } from './at';
import { fieldText } from './field';

function kind(name: string): KindSchema {
  const found = istioKind(ISTIO_KINDS.find((one) => one.startsWith(`${name}.`)) ?? '');
  if (found === undefined) throw new Error(name);
  return found;
}
const text = (of: string, path: string): ReturnType<typeof fieldText> => fieldText(kind(of), path.split('.'));

describe('a field', () => {
  it.each([
    ['PeerAuthentication', 'spec.mtls.mode', 'spec.mtls.mode', 'one of', 'UNSET'],
    ['PeerAuthentication', 'spec.portLevelMtls', 'spec.portLevelMtls', 'map of objects by key', undefined],
    ['PeerAuthentication', 'spec.portLevelMtls.8080.mode', 'spec.portLevelMtls.8080.mode', 'one of', 'UNSET'],
    ['VirtualService', 'spec.hosts', 'spec.hosts', 'list of text', undefined],
    ['VirtualService', 'spec.hosts.0', 'spec.hosts[]', 'text', undefined],
    ['VirtualService', 'spec.http', 'spec.http', 'list of objects', undefined],
    ['VirtualService', 'spec.http.2.match.0.uri', 'spec.http[].match[].uri', 'object', undefined],
    ['VirtualService', 'spec.http.0.route.0.weight', 'spec.http[].route[].weight', 'whole number', undefined],
    ['WasmPlugin', 'spec.match.0.ports.0.number', 'spec.match[].ports[].number', 'whole number from 1 to 65535', undefined],
    ['WasmPlugin', 'spec.pluginConfig', 'spec.pluginConfig', 'any object', undefined],
    ['EnvoyFilter', 'spec.targetRefs', 'spec.targetRefs', 'list of objects, at most 16', undefined],
  ])('%s %s', (of, path, name, type, byDefault) => {
    expect(text(of, path)).toMatchObject({ name, type, default: byDefault });
  });

  it('has its words, and says whether it must be there', () => {
    expect(text('PeerAuthentication', 'spec.mtls.mode')?.values).toEqual(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']);
    expect(text('ServiceEntry', 'spec.hosts')?.isRequired).toBe(true);
    expect(text('ServiceEntry', 'spec.addresses')?.isRequired).toBe(false);
  });

  it('leads to the nearest heading of the page', () => {
    expect(text('PeerAuthentication', 'spec.mtls.mode')?.docs).toBe(
      'https://istio.io/latest/docs/reference/config/security/peer_authentication/#PeerAuthentication-MutualTLS-Mode',
    );
    expect(text('PeerAuthentication', 'spec.selector.matchLabels')?.docs).toMatch(
      /^https:\/\/istio\.io\/latest\/docs\/reference\//,
    );
  });

  it('says what takes the place of a deprecated one', () => {
    expect(text('VirtualService', 'spec.http.0.mirrorPercent')?.instead).toContain('mirrorPercentage');
    expect(text('VirtualService', 'spec.http.0.mirrorPercentage')?.instead).toBeUndefined();
  });

  it.each(['spec.nothing', 'spec.mtls.mode.more', 'nothing', 'spec.__proto__', 'spec.constructor', ''])(
    'none at "%s"',
    (path) => {
      expect(text('PeerAuthentication', path)).toBeUndefined();
    },
  );
});

it.each(istioKinds.map((one) => [one.kind, one] as const))('every field of %s says what it is for', (_, one) => {
  const silent = [...describedFields(new SchemaTree(one))]
    .filter(([path]) => path.startsWith('.spec') && !path.endsWith('[]') && !path.endsWith('{}'))
    .filter(([, field]) => (field.description ?? '') === '')
    .map(([path]) => path);
  expect(silent).toEqual([]);
});

describe('at a position', () => {
  const TEXT = `apiVersion: v1
kind: ConfigMap
metadata:
  name: other
spec:
  mtls: 1
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata:
  name: default
spec:
  mtls:
    mode: STRICT
  portLevelMtls:
    8080:
      mode: DISABLE
  more: 1
`;
  const repository = new Repository(new Graph());
  repository.setText('a.yaml', TEXT);
  const on = (needle: string, nth = 0): string | undefined => {
    let offset = TEXT.indexOf(needle);
    for (let i = 0; i < nth; i++) offset = TEXT.indexOf(needle, offset + 1);
    const found = fieldAt(repository, 'a.yaml', offset + 1);
    return found && `${found.field.name} ${found.node.source.slice(found.node.start, found.node.end)}`;
  };

  it('of a key and of a value', () => {
    expect(on('mode')).toBe('spec.mtls.mode mode');
    expect(on('STRICT')).toBe('spec.mtls.mode STRICT');
    expect(on('mtls', 1)).toBe('spec.mtls mtls');
    expect(on('8080')).toBe('spec.portLevelMtls.8080 8080');
    expect(on('spec', 1)).toBe('spec spec');
  });

  it('of the kind, what the resource is for', () => {
    expect(on('PeerAuthentication')).toBe('PeerAuthentication PeerAuthentication');
  });

  it.each([
    ['another kind', () => on('mtls')],
    ['an unknown field', () => on('more')],
    ['what every kind has', () => on('default')],
    ['a file that is not there', () => fieldAt(repository, 'b.yaml', 3)],
  ])('none of %s', (_, ask) => {
    expect(ask()).toBeUndefined();
  });
});
