import { describe, expect, it } from 'vitest';
import { Manifest } from '../../yaml/manifest';
import type { YamlNode } from '../../yaml/tree';
import { coversMatch, isShorterPrefix, matchIdentity } from './route-matches';

function node(text: string): YamlNode {
  const { root } = new Manifest('a.yaml', text, false).documents[0] ?? {};
  if (root === undefined) throw new Error('there is no tree');
  return root;
}

const PREFIX = '{ uri: { prefix: /api } }';

describe('coversMatch', () => {
  /** First match wins, so that an earlier match covers a later one when every one of its conditions follows from those of the later. */
  it.each([
    ['{}', PREFIX],
    ['{ name: all, uri: { prefix: / } }', '{ method: { exact: GET } }'],
    [PREFIX, '{ uri: { prefix: /api/v1 } }'],
    [PREFIX, '{ uri: { exact: /api/v1 } }'],
    [PREFIX, '{ uri: { prefix: /api }, headers: { a: { exact: b } } }'],
    ['{ uri: { regex: "/a.*" } }', '{ uri: { regex: "/a.*" }, port: 80 }'],
    ['{ uri: { exact: /a } }', '{ uri: { exact: /a }, method: { exact: GET } }'],
    ['{ headers: { a: {} } }', '{ headers: { a: { prefix: x } } }'],
    ['{ headers: { a: { prefix: x } } }', '{ headers: { a: { exact: xy }, b: { exact: c } } }'],
    ['{ port: 80 }', '{ port: 80, uri: { exact: /a } }'],
    ['{ gateways: [mesh, web] }', '{ gateways: [web] }'],
    ['{ sourceLabels: { app: a } }', '{ sourceLabels: { app: a, version: b } }'],
    ['{ withoutHeaders: { a: { exact: b } } }', '{ withoutHeaders: { a: { exact: b } }, port: 80 }'],
    ['{ uri: { exact: /A }, ignoreUriCase: true }', '{ uri: { exact: /A }, ignoreUriCase: true, port: 80 }'],
    ['{ statPrefix: a, port: 80 }', '{ statPrefix: b, port: 80 }'],
  ])('%s covers %s', (earlier, later) => {
    expect(coversMatch(node(earlier), node(later))).toBe(true);
  });

  it.each([
    [PREFIX, '{}'],
    [PREFIX, '{ uri: { prefix: /ap } }'],
    [PREFIX, '{ uri: { regex: "/api/.*" } }'],
    ['{ uri: { exact: /api } }', PREFIX],
    ['{ uri: { prefix: /api }, method: { exact: GET } }', PREFIX],
    ['{ uri: { prefix: /api }, method: { exact: GET } }', '{ uri: { prefix: /api }, method: { exact: POST } }'],
    ['{ port: 80 }', '{ port: 8080 }'],
    ['{ gateways: [web] }', '{ gateways: [mesh, web] }'],
    ['{ gateways: [web] }', '{ port: 80 }'],
    ['{ sourceLabels: { app: a, version: b } }', '{ sourceLabels: { app: a } }'],
    ['{ withoutHeaders: { a: { exact: b } } }', '{ withoutHeaders: { a: { prefix: b } } }'],
    ['{ uri: { prefix: /api } }', '{ uri: { prefix: /API }, ignoreUriCase: true }'],
    ['{ uri: { prefix: /api }, ignoreUriCase: true }', '{ uri: { prefix: /api/v1 } }'],
    ['{ headers: { a: { exact: "{{ a }}" } } }', '{ headers: { a: { exact: b } } }'],
    ['{ somethingNew: 1 }', '{ somethingNew: 1 }'],
  ])('%s does not cover %s', (earlier, later) => {
    expect(coversMatch(node(earlier), node(later))).toBe(false);
  });

  it('knows what takes every request', () => {
    expect(coversMatch(node('{ uri: { prefix: / } }'), undefined)).toBe(true);
    expect(coversMatch(node(PREFIX), undefined)).toBe(false);
  });
});

describe('matchIdentity', () => {
  it('does not mind names, order and nulls', () => {
    expect(matchIdentity(node('{ port: 80, name: a, uri: { exact: /a }, method: null }'))).toBe(
      matchIdentity(node('uri:\n  exact: "/a"\nport: 80\nname: b\n')),
    );
    expect(matchIdentity(node('{ port: 80 }'))).not.toBe(matchIdentity(node('{ port: "80" }')));
  });

  it('is unknown where a template hides a part', () => {
    expect(matchIdentity(node('{ port: 80, uri: { exact: "{{ a }}" } }'))).toBeUndefined();
  });
});

/** What istioctl's own cases of overlapping matches say: the same port, and a method that is GET where none is set. */
describe('isShorterPrefix', () => {
  it.each([
    [PREFIX, '{ uri: { prefix: /api/v1 }, method: { exact: GET } }', true],
    [PREFIX, '{ uri: { prefix: /api/v1 }, method: { exact: POST } }', false],
    [PREFIX, '{ uri: { prefix: /api/v1 }, port: 80 }', false],
    [PREFIX, '{ uri: { exact: /api/v1 } }', false],
    ['{}', PREFIX, false],
  ])('%s and %s: %s', (earlier, later, answer) => {
    expect(isShorterPrefix(node(earlier), node(later))).toBe(answer);
  });
});
