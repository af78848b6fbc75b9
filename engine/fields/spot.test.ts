import { describe, expect, it } from 'vitest';
import { Graph } from '../incremental/graph';
import { Repository } from '../environments/repository';
import type { YamlNode } from '../yaml/tree';
import { spotAt } from './spot';
import type { Spot } from './spot';

/** The spot at `|` in a text, without it. */
function at(text: string): Spot | undefined {
  const offset = text.indexOf('|');
  expect(offset).toBeGreaterThanOrEqual(0);
  return spotAt(text.slice(0, offset) + text.slice(offset + 1), offset);
}

const where = (text: string): string | undefined => {
  const spot = at(text);
  return spot && [...spot.path, spot.key === undefined ? '' : `${spot.key}=`].join('.');
};

describe('the path', () => {
  it.each([
    ['the root', '|', ''],
    ['a word at the root', 'kind: A\nsp|', ''],
    ['below a key', 'spec:\n  |', 'spec.'],
    ['below a key, behind others', 'spec:\n  a: 1\n  b:\n    c: 2\n  |', 'spec.'],
    ['two keys down', 'spec:\n  mtls:\n    mo|', 'spec.mtls.'],
    ['a value', 'spec:\n  mtls:\n    mode: |', 'spec.mtls.mode='],
    ['a value that is begun', 'spec:\n  mtls:\n    mode: ST|', 'spec.mtls.mode='],
    ['the first key of an item', 'http:\n  - ma|', 'http.[].'],
    ['the first key of an item without indentation', 'http:\n- ma|', 'http.[].'],
    ['a further key of an item', 'http:\n  - match:\n      - uri: x\n    |', 'http.[].'],
    ['an item of an item', 'http:\n  - match:\n      - uri:\n          |', 'http.[].match.[].uri.'],
    ['an item of an item without indentation', 'http:\n- match:\n  - u|', 'http.[].match.[].'],
    ['the second item', 'http:\n  - name: a\n  - |', 'http.[].'],
    ['behind a list without indentation', 'spec:\n  hosts:\n  - a\n  - b: 1\n    c: 2\n  |', 'spec.'],
    ['behind such a list in an item of another', 'http:\n- route:\n  - a: 1\n  |', 'http.[].'],
    ['a list in a list', 'a:\n  - - b: 1\n      |', 'a.[].[].'],
    ['the second item of a list in a list', 'a:\n  - - b: 1\n    - |', 'a.[].[].'],
    ['a value in an item', 'http:\n  - name: |', 'http.[].name='],
    ['below a key of an item', 'http:\n  - retries:\n      |', 'http.[].retries.'],
    ['comments and empty lines between', 'spec:\n\n  # words: here\n\n  a:\n    # more\n    |', 'spec.a.'],
    ['a comment behind a key', 'spec: # words\n  |', 'spec.'],
    ['an anchor behind a key', 'spec: &here\n  |', 'spec.'],
    ['keys in quotes', '"spec":\n  \'a\':\n    |', 'spec.a.'],
    ['lines that end in CR LF', 'spec:\r\n  mtls:\r\n    |\r\n', 'spec.mtls.'],
    ['behind the separator of documents', '---\nspec:\n  |', 'spec.'],
    ['a key that was chosen', 'portLevelMtls:\n  8080:\n    |', 'portLevelMtls.8080.'],
    ['a key with dots and slashes', 'labels:\n  app.example.com/name:\n    |', 'labels.app.example.com/name.'],
  ])('%s', (_title, text, path) => {
    expect(where(text)).toBe(path);
  });

  it.each([
    ['in a flow map', 'spec: { mo| }'],
    ['in a flow list', 'hosts: [a|]'],
    ['in quotes', 'spec:\n  a: "x|"'],
    ['in a comment', 'spec:\n  # a|'],
    ['in a comment behind a value', 'spec:\n  a: b # c|'],
    ['in a block scalar', 'data:\n  text: >-\n    mo|'],
    ['below a value', 'spec:\n  a: b\n    c|'],
    ['below a word that is no key', 'spec\n  c|'],
    ['behind tabs', 'spec:\n\t|'],
    ['in a second word', 'spec:\n  a b|'],
    ['in a value of two words', 'spec:\n  a: b c|'],
    ['directly behind a colon', 'spec:\n  a:|'],
    ['in a template action', 'spec:\n  {{ if |'],
    ['in a document that is indented', '  spec:\n    |'],
  ])('nothing %s', (_title, text) => {
    expect(at(text)).toBeUndefined();
  });
});

describe('what stands around', () => {
  it('the word, on both sides', () => {
    expect(at('spec:\n  mo|de: STRICT')).toMatchObject({ typed: 'mo', rest: 'de', hasColon: true });
    expect(at('spec:\n  mode: ST|RICT # why')).toMatchObject({ key: 'mode', typed: 'ST', rest: 'RICT', hasColon: false });
    expect(at('spec:\n  mo|')).toMatchObject({ typed: 'mo', rest: '', hasColon: false });
  });

  it.each([
    ['above and below', 'spec:\n  a: 1\n  |\n  b: 2\nstatus: x', ['a', 'b']],
    ['of one item alone', 'http:\n  - a: 1\n  - b: 2\n    |\n    c: 3\n  - d: 4', ['b', 'c']],
    ['below the first key of an item', 'http:\n  - |\n    c: 3\n  - d: 4', ['c']],
    ['not those further in or out', 'x: 1\nspec:\n  a:\n    in: 1\n  |\n  b:\n    in: 2\ny: 2', ['a', 'b']],
    ['none in the next document', 'kind: A\n|\n---\nspec: 1', ['kind']],
  ])('the other keys: %s', (_title, text, siblings) => {
    expect([...(at(text)?.siblings ?? [])].sort()).toEqual(siblings);
  });

  it('whether an item begins', () => {
    expect(at('a:\n  - |')?.startsItem).toBe(true);
    expect(at('a:\n  - b: 1\n    |')?.startsItem).toBe(false);
  });
});

const SAMPLE = `# what a shop needs
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: "cart" # quoted
  labels: { app: cart }
  annotations:
    note: |
      not: a key
      - nor: this
spec:
  hosts:
  - cart
  - cart.shop
  http:
  - match:
    - uri:
        prefix: /a
      headers:
        'x-user':
          exact: me
    - uri: {exact: /b}
    route:
      - destination:
          host: cart

          port:
            number: 80
        weight: 90

      -   destination:
            host: cart-next
          weight: 10
  - name: rest
    timeout: 1s
    route:
    - destination: &next
        host: cart
  tcp:
    - match:
        - port: 9000
  tls: []
`;

it('agrees with the parser at every key and value of a document', () => {
  const repository = new Repository(new Graph());
  repository.setText('a.yaml', SAMPLE);
  const seen: string[] = [];
  const compare = (node: YamlNode, path: readonly string[]): void => {
    if (node.type === 'sequence') for (const item of node.items) compare(item, [...path, '[]']);
    if (node.type !== 'map' || node.flow) return;
    for (const { key, value } of node.entries) {
      const name = String(key.value);
      expect([name, spotAt(SAMPLE, key.start)?.path]).toEqual([name, path]);
      seen.push(name);
      if (value.type === 'scalar' && value.style === 'plain')
        expect(spotAt(SAMPLE, value.start)).toMatchObject({ path, key: name, typed: '' });
      compare(value, [...path, name]);
    }
  };
  const root = repository.peekManifest('a.yaml')?.documents[0]?.root;
  if (root !== undefined) compare(root, []);
  expect(seen).toHaveLength(35);
});

it('no text is too much', () => {
  const deep = Array.from({ length: 1500 }, (_, i) => `${' '.repeat(i)}k:`).join('\n');
  expect(spotAt(`${deep}\n${' '.repeat(1500)}`, deep.length + 1501)?.path).toHaveLength(1500);
  for (const text of [' '.repeat(200_000), '- '.repeat(100_000), `a${' '.repeat(200_000)}`, 'a:'.repeat(100_000)]) {
    expect(spotAt(text, text.length)).toBeUndefined();
    // Whatever stands above the key that is a parent of all.
    expect(spotAt(`${text}\n---\nspec:\n  `, text.length + 13)?.path).toEqual(['spec']);
  }
});
