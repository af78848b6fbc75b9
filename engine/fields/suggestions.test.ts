import { describe, expect, it } from 'vitest';
import { Graph } from '../incremental/graph';
import { Repository } from '../environments/repository';
import { suggestionsAt } from './suggestions';
import type { Suggestions } from './suggestions';

/** What is suggested at `|` in a file. */
function at(text: string): Suggestions | undefined {
  const offset = text.lastIndexOf('|');
  const repository = new Repository(new Graph());
  repository.setText('a.yaml', text.slice(0, offset) + text.slice(offset + 1));
  return suggestionsAt(repository, 'a.yaml', offset);
}
const labels = (text: string): string[] => (at(text)?.items ?? []).map(({ label }) => label);
const inserts = (text: string): string[] => (at(text)?.items ?? []).map(({ insert }) => insert);

const PEER = 'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: default\n';
const ROUTE = 'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n';
const RULE = 'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: cart\n';

describe('fields', () => {
  it('of a map, as they are written', () => {
    expect(inserts(`${PEER}spec:\n  |`)).toEqual(['selector:', 'mtls:', 'portLevelMtls:']);
    expect(inserts(`${PEER}spec:\n  mtls:\n    m|`)).toEqual(['mode: ']);
  });

  it('without those that are there', () => {
    expect(labels(`${PEER}spec:\n  mtls:\n    mode: STRICT\n  |\n  selector: {}\n`)).toEqual(['portLevelMtls']);
  });

  it('without those for which the API leaves no room', () => {
    const loadBalancer = `${RULE}spec:\n  trafficPolicy:\n    loadBalancer:\n`;
    expect(labels(`${loadBalancer}      |`)).toEqual(expect.arrayContaining(['simple', 'consistentHash']));
    expect(labels(`${loadBalancer}      simple: RANDOM\n      |`)).not.toContain('consistentHash');
  });

  it('deprecated ones last', () => {
    const items = at(`${ROUTE}spec:\n  http:\n    - |`)?.items ?? [];
    const flags = items.map(({ isDeprecated }) => isDeprecated);
    expect(items.find(({ label }) => label === 'mirrorPercent')?.isDeprecated).toBe(true);
    expect(flags).toEqual([...flags].sort((a, b) => Number(a) - Number(b)));
  });

  it('in place of a key keep its colon', () => {
    const found = at(`${PEER}spec:\n  mt|l: {}\n`);
    expect(found).toMatchObject({ before: 2, behind: 1 });
    expect(found?.items.map(({ insert }) => insert)).toContain('mtls');
  });

  it('of the resource itself', () => {
    expect(labels(`${PEER}|`)).toEqual(['spec']);
    expect(labels(`${PEER}  |\nspec: {}\n`)).toEqual(['namespace', 'labels', 'annotations']);
  });

  it('that an author names are none', () => {
    expect(at(`${PEER}spec:\n  portLevelMtls:\n    |`)).toBeUndefined();
    expect(labels(`${PEER}spec:\n  portLevelMtls:\n    8080:\n      |`)).toEqual(['mode']);
  });

  it('in the second document of a file', () => {
    expect(labels(`${ROUTE}spec:\n  hosts: [cart]\n---\n${PEER}spec:\n  |`)).toEqual(['selector', 'mtls', 'portLevelMtls']);
  });

  it('by an older version of the API', () => {
    expect(labels(`${PEER.replace('/v1', '/v1beta1')}spec:\n  |`)).toContain('mtls');
  });
});

describe('words', () => {
  it('of a field, with its default', () => {
    const items = at(`${PEER}spec:\n  mtls:\n    mode: |`)?.items ?? [];
    expect(items.map(({ label }) => label)).toEqual(['UNSET', 'DISABLE', 'PERMISSIVE', 'STRICT']);
    expect(items.filter(({ isDefault }) => isDefault).map(({ label }) => label)).toEqual(['UNSET']);
  });

  it('in place of one that is there', () => {
    expect(at(`${PEER}spec:\n  mtls:\n    mode: ST|RICT\n`)).toMatchObject({ before: 2, behind: 4 });
  });

  it('true and false', () => {
    expect(labels(`${ROUTE}spec:\n  http:\n    - retries:\n        retryRemoteLocalities: |`)).toEqual(['true', 'false']);
  });

  it('the versions of the API', () => {
    expect(labels('kind: PeerAuthentication\napiVersion: security.istio.io/|')).toEqual([
      'security.istio.io/v1',
      'security.istio.io/v1beta1',
    ]);
  });

  it('not those that have another name today', () => {
    const found = labels(`${RULE}spec:\n  trafficPolicy:\n    loadBalancer:\n      simple: |`);
    expect(found).toContain('LEAST_REQUEST');
    expect(found).not.toContain('LEAST_CONN');
  });

  it.each(['spec:\n  hosts:\n    - |', 'metadata:\n  name: |', 'spec:\n  http:\n    - timeout: |'])('none at %j', (rest) => {
    expect(at(`apiVersion: networking.istio.io/v1\nkind: VirtualService\n${rest}`)).toBeUndefined();
  });
});

describe('silence', () => {
  it.each([
    ['in another kind', 'apiVersion: v1\nkind: Service\nspec:\n  |'],
    ['in a kind of another group', 'apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nspec:\n  |'],
    ['without a kind', 'spec:\n  |'],
    ['below a field that is not known', `${PEER}spec:\n  nothing:\n    |`],
    ['in a flow map', `${PEER}spec: { | }`],
    ['where the kind is a template', 'apiVersion: security.istio.io/v1\nkind: {{ .Values.kind }}\nspec:\n  |'],
  ])('%s', (_title, text) => {
    expect(at(text)).toBeUndefined();
  });
});
