import { describe, expect, it } from 'vitest';
import { removeEntry, renameKey, replaceScalar, setScalar, setString } from './edit';
import type { TextEdit } from './edit';
import { parseEmbedded } from './embedded';
import { Manifest } from './manifest';
import { lookup, MapNode } from './tree';
import type { MapEntry, ScalarNode, YamlNode } from './tree';

function rootOf(text: string): MapNode {
  const { root } = new Manifest('a.yaml', text, false).documents[0] ?? {};
  if (root?.type !== 'map') throw new Error('the text holds no map');
  return root;
}

function apply(text: string, edit: TextEdit | undefined): string | undefined {
  return edit && text.slice(0, edit.start) + edit.newText + text.slice(edit.end);
}

function entryOf(text: string, ...path: string[]): { map: MapNode; entry: MapEntry } {
  const map = lookup(rootOf(text), ...path.slice(0, -1));
  const entry = map?.type === 'map' ? map.entry(path.at(-1) ?? '') : undefined;
  if (map?.type !== 'map' || entry === undefined) throw new Error('there is no such entry');
  return { map, entry };
}

/** Paths are written with dots; the value set is `off`, which needs quotes. */
const set = (text: string, path: string, value = 'off'): string | undefined =>
  apply(text, setString(rootOf(text), path.split('.'), value));
const remove = (text: string, path: string): string | undefined => {
  const { map, entry } = entryOf(text, ...path.split('.'));
  return apply(text, removeEntry(map, entry));
};
const scalar = (node: YamlNode | undefined): ScalarNode => {
  if (node?.type !== 'scalar') throw new Error('there is no scalar');
  return node;
};

describe('setScalar writes a number or a boolean without quotes', () => {
  it.each<[what: string, text: string, result: string]>([
    ['in place of one in quotes', 'a:\n  b: "5" # why\n', 'a:\n  b: true # why\n'],
    ['behind what is there', 'a:\n  c: 1 # why\n', 'a:\n  c: 1 # why\n  b: true\n'],
    ['in a flow map', 'a: { c: 1 }\n', 'a: { c: 1, b: true }\n'],
    ['in JSON', '{"a": {"c": 1}}', '{"a": {"c": 1, "b": true}}'],
  ])('%s', (_, text, result) => {
    expect(apply(text, setScalar(rootOf(text), ['a', 'b'], true))).toBe(result);
    expect(apply(text, setScalar(rootOf(text), ['a', 'b'], 14))).toBe(result.replace('true', '14'));
  });
});

describe('setString replaces', () => {
  it.each<[what: string, text: string, result: string]>([
    ['a plain value', 'a:\n  b: on # why\n', 'a:\n  b: "off" # why\n'],
    ['one in double quotes', 'a: {b: "on"}\n', 'a: {b: "off"}\n'],
    ['one in single quotes', "a: {b: 'on'}\n", "a: {b: 'off'}\n"],
    ['a number', 'a:\n  b: 5\n', 'a:\n  b: "off"\n'],
    ['a block', 'a:\n  b: |\n    on\n    and on\n\nc: 1\n', 'a:\n  b: "off"\n\nc: 1\n'],
    ['a block at the end', 'a:\n  b: >-\n    on', 'a:\n  b: "off"'],
    ['several lines', 'a:\n  b: on\n    and on\n  c: 1\n', 'a:\n  b: "off"\n  c: 1\n'],
    ['nothing', 'a:\n  b:\n  c: 1\n', 'a:\n  b: "off"\n  c: 1\n'],
    ['nothing, with a comment', 'a:\n  b: # why\n  c: 1\n', 'a:\n  b: "off" # why\n  c: 1\n'],
    ['nothing, with space before the colon', 'a:\n  b  :\n', 'a:\n  b  : "off"\n'],
    ['nothing at the end', 'a:\n  b:', 'a:\n  b: "off"'],
    ['a null', 'a:\n  b: ~ # why\n', 'a:\n  b: "off" # why\n'],
    ['nothing in a flow map', 'a: {b: , c}\n', 'a: {b: "off" , c}\n'],
    ['nothing without a colon in a flow map', 'a: {b}\n', 'a: {b: "off"}\n'],
    ['an own value before a merged one', 'x: &x {b: 1}\na: {<<: *x, b: 2}\n', 'x: &x {b: 1}\na: {<<: *x, b: "off"}\n'],
    ['the last of two', 'a: {b: 1}\na: {b: 2}\n', 'a: {b: 1}\na: {b: "off"}\n'],
    ['a value in JSON', '{"a": {"b": 5}}', '{"a": {"b": "off"}}'],
  ])('%s', (_, text, result) => {
    expect(set(text, 'a.b')).toBe(result);
  });

  it.each<[value: string, written: string]>([
    ['enabled', 'enabled'],
    ['istio-proxy/1.2_x', 'istio-proxy/1.2_x'],
    ['', '""'],
    ['true', '"true"'],
    ['Null', '"Null"'],
    ['8080', '"8080"'],
    ['1e3', '"1e3"'],
    ['a: b', '"a: b"'],
    ['#x', '"#x"'],
    ['a"b\\', '"a\\"b\\\\"'],
    ['a\nb', '"a\\nb"'],
    ['\u0085\u2028\uFEFF\x7f', '"\\u0085\\u2028\\ufeff\\u007f"'],
    ['ü🙂', '"ü🙂"'],
  ])('and quotes where it must: %j', (value, written) => {
    expect(set('a: x\n', 'a', value)).toBe(`a: ${written}\n`);
    expect(lookup(rootOf(`a: ${written}\n`), 'a')).toMatchObject({ value });
  });

  it('and leaves single quotes where they can hold the value', () => {
    expect(set("a: 'x'\n", 'a', 'ü: #1')).toBe("a: 'ü: #1'\n");
    expect(set("a: 'x'\n", 'a', "it's")).toBe('a: "it\'s"\n');
  });
});

describe('setString adds', () => {
  it.each<[what: string, text: string, path: string, result: string]>([
    ['behind the last entry', 'a:\n  x: 1\nc: 1\n', 'a.b', 'a:\n  x: 1\n  b: "off"\nc: 1\n'],
    ['behind its comment', 'a:\n  x: 1 # one\n  # two\nc: 1\n', 'a.b', 'a:\n  x: 1 # one\n  b: "off"\n  # two\nc: 1\n'],
    ['behind a block', 'a:\n  x: |\n    1\n    2\nc: 1\n', 'a.b', 'a:\n  x: |\n    1\n    2\n  b: "off"\nc: 1\n'],
    ['behind a list at the key’s column', 'a:\n  x:\n  - 1\n  - 2\nc: 1\n', 'a.b', 'a:\n  x:\n  - 1\n  - 2\n  b: "off"\nc: 1\n'],
    ['behind an empty value', 'a:\n  x:\nc: 1\n', 'a.b', 'a:\n  x:\n  b: "off"\nc: 1\n'],
    ['behind an alias', 'y: &y\n  k: 1\na:\n  x:\n    *y\nc: 1\n', 'a.b', 'y: &y\n  k: 1\na:\n  x:\n    *y\n  b: "off"\nc: 1\n'],
    [
      'behind a merge key',
      'y: &y {k: 1}\na:\n  x: 1\n  <<: *y\nc: 1\n',
      'a.b',
      'y: &y {k: 1}\na:\n  x: 1\n  <<: *y\n  b: "off"\nc: 1\n',
    ],
    ['at the end of the text', 'a:\n  x: 1', 'a.b', 'a:\n  x: 1\n  b: "off"'],
    ['at the end of a block at the end of the text', 'a:\n  x: |\n    1', 'a.b', 'a:\n  x: |\n    1\n  b: "off"'],
    ['at the root', '# c\na: 1\n...\n', 'b', '# c\na: 1\nb: "off"\n...\n'],
    ['several levels', 'a:\n  x: 1\n', 'a.b.c.d', 'a:\n  x: 1\n  b:\n    c:\n      d: "off"\n'],
    ['by the step that is used', 'a:\n    x:\n        y: 1\n', 'a.b.c', 'a:\n    x:\n        y: 1\n    b:\n        c: "off"\n'],
    ['below an empty value', 'a: # why\nc: 1\n', 'a.b', 'a: # why\n  b: "off"\nc: 1\n'],
    ['below an empty value at the end', 'a:', 'a.b', 'a:\n  b: "off"'],
    ['in place of a null', 'a: null # why\nc: 1\n', 'a.b', 'a:\n  b: "off" # why\nc: 1\n'],
    ['in an empty map', 'a: {} # why\n', 'a.b', 'a: { b: "off" } # why\n'],
    ['several levels in an empty map', 'a: { }\n', 'a.b.c', 'a: { b: { c: "off" } }\n'],
    ['in an empty root', '{}', 'a.b', '{ "a": { "b": "off" } }'],
    ['in a flow map', 'a: {x: 1 }\n', 'a.b', 'a: {x: 1, b: "off" }\n'],
    ['in a flow map with a last comma', 'a: {x: 1, }\n', 'a.b', 'a: {x: 1, b: "off", }\n'],
    ['behind nothing in a flow map', 'a: {x: }\n', 'a.b', 'a: {x: , b: "off" }\n'],
    ['behind an alias in a flow map', 'y: &y 1\na: {x: *y}\n', 'a.b', 'y: &y 1\na: {x: *y, b: "off"}\n'],
    ['in a flow map of several lines', 'a: {\n    x: 1 # c\n  }\n', 'a.b', 'a: {\n    x: 1,\n    b: "off" # c\n  }\n'],
    ['below nothing in a flow map', 'a: {b: }\n', 'a.b.c', 'a: {b: { c: "off" } }\n'],
    ['in JSON', '{\n  "a": {\n    "x": [1]\n  }\n}\n', 'a.b', '{\n  "a": {\n    "x": [1],\n    "b": "off"\n  }\n}\n'],
    ['over a merged value', 'y: &y {b: 1}\na:\n  <<: *y\n  x: 1\n', 'a.b', 'y: &y {b: 1}\na:\n  <<: *y\n  x: 1\n  b: "off"\n'],
    ['with Windows line breaks', 'a:\r\n  x: 1\r\nc: 1\r\n', 'a.b.c', 'a:\r\n  x: 1\r\n  b:\r\n    c: "off"\r\nc: 1\r\n'],
    ['with Windows line breaks below nothing', 'a:\r\nc: 1\r\n', 'a.b', 'a:\r\n  b: "off"\r\nc: 1\r\n'],
  ])('%s', (_, text, path, result) => {
    expect(set(text, path)).toBe(result);
    expect(lookup(rootOf(result), ...path.split('.'))).toMatchObject({ value: 'off' });
  });

  it.each<[text: string, result: string]>([
    ['a:\n- x: 1\n- x: 2\n', 'a:\n- x: 1\n  b: "off"\n- x: 2\n'],
    ['a:\n  -   x: 1\n      y:\n      - 1\n', 'a:\n  -   x: 1\n      y:\n      - 1\n      b: "off"\n'],
    ['a:\n  - - x: 1\n', 'a:\n  - - x: 1\n      b: "off"\n'],
    ['a: [{x: 1}]\n', 'a: [{x: 1, b: "off"}]\n'],
  ])('to a map in a list: %j', (text, result) => {
    let item = lookup(rootOf(text), 'a');
    while (item?.type === 'sequence') item = item.items[0];
    expect(item?.type === 'map' && apply(text, setString(item, ['b'], 'off'))).toBe(result);
  });
});

describe('setString leaves alone', () => {
  it.each<[what: string, text: string]>([
    ['a list', 'a:\n  b: [x]\n'],
    ['a map', 'a:\n  b: {x: y}\n'],
    ['a string above the path', 'a: x\n'],
    ['a template', 'a:\n  b: "{{ .x }}"\n'],
    ['an alias', 'x: &x y\na: {b: *x}\n'],
    ['an alias above the path', 'x: &x {b: y}\na: *x\n'],
    ['what an alias names', 'a: {b: &x y}\nc: *x\n'],
    ['what a merge key names', 'a: &x {b: y}\nc: {<<: *x}\n'],
    ['what has a tag', 'a:\n  b: !!int "3"\n'],
    ['nothing with an anchor', 'a:\n  b: &x\n'],
    ['a map whose keys are not shown', 'x: &x {y: 1}\na:\n  <<: *x\n'],
    ['explicit keys', 'a:\n  ? x\n  : y\n'],
  ])('%s', (_, text) => {
    expect(set(text, 'a.b')).toBeUndefined();
  });

  it('a map that a template may add to', () => {
    const text = 'a:\n  x: 1\n  {{- toYaml .y | nindent 2 }}\n';
    const { root } = new Manifest('templates/a.yaml', text, true).documents[0] ?? {};
    expect(root?.type === 'map' && setString(root, ['a', 'b'], 'off')).toBeUndefined();
    expect(root?.type === 'map' && apply(text, setString(root, ['a', 'x'], 'off'))).toBe(text.replace('1', '"off"'));
  });
});

describe('removeEntry', () => {
  it.each<[what: string, text: string, result: string | undefined]>([
    ['one line', 'a:\n  b: 1 # why\n  c: 2\n', 'a:\n  c: 2\n'],
    ['the last line', 'a:\n  c: 2\n  b: 1', 'a:\n  c: 2\n'],
    ['a block', 'a:\n  b: |\n    1\n\n    2\n  c: 2\n', 'a:\n  c: 2\n'],
    ['a map, not the comment of the next', 'a:\n  b:\n    x: 1\n  # of c\n  c: 2\n', 'a:\n  # of c\n  c: 2\n'],
    ['a map with comments in it', 'a:\n  b:\n    # of x\n    x: 1\n    # w: 1\n   # v\n  c: 2\n', 'a:\n  c: 2\n'],
    ['nothing, with a comment below', 'a:\n  b:\n  # of c\n  c: 2\n', 'a:\n  # of c\n  c: 2\n'],
    ['a list of aliases', 'x: &x 1\na:\n  b:\n    - *x\n    -\n      *x\n  c: 2\n', 'x: &x 1\na:\n  c: 2\n'],
    ['a list', 'a:\n  b:\n  - 1\n  - 2\n  c: 2\n', 'a:\n  c: 2\n'],
    ['nothing', 'a:\n  b: # why\n  c: 2\n', 'a:\n  c: 2\n'],
    ['an alias', 'x: &x\n  y: 1\na:\n  b: *x\n  c: 2\n', 'x: &x\n  y: 1\na:\n  c: 2\n'],
    ['several lines', 'a:\n  b: {x: 1,\n    y: 2}\n  c: 2\n', 'a:\n  c: 2\n'],
    ['the only entry', 'a:\n  b: 1\nc: 2\n', 'a:\nc: 2\n'],
    ['Windows line breaks', 'a:\r\n  b: 1\r\n  c: 2\r\n', 'a:\r\n  c: 2\r\n'],
    ['an anchor that nothing names', 'a:\n  b: &x 1\n  c: 2\n', 'a:\n  c: 2\n'],
    ['no anchor that an alias needs', 'a:\n  b: {y: &x 1}\n  c: *x\n', undefined],
    ['nothing behind a dash', 'a:\n  b:\n    - c: 1\n', 'a:\n'],
    ['nothing in flow style', 'a: {b: 1, c: 2}\n', undefined],
    ['nothing that a merge key adds', 'x: &x {b: 1}\na:\n  <<: *x\n', undefined],
    ['no explicit key', 'a:\n  ? b\n  : 1\n', undefined],
  ])('takes away %s', (_, text, result) => {
    expect(remove(text, 'a.b')).toBe(result);
  });

  it('leaves the entry that shares its line with a dash', () => {
    const item = lookup(rootOf('a:\n- b: 1\n  c: 2\n'), 'a');
    const map = item?.type === 'sequence' ? item.items[0] : undefined;
    const entry = map?.type === 'map' ? map.entry('b') : undefined;
    expect(map?.type === 'map' && entry && removeEntry(map, entry)).toBeUndefined();
  });
});

describe('renameKey and replaceScalar', () => {
  it.each<[text: string, key: string, result: string]>([
    ['a: 1\n', 'b', 'b: 1\n'],
    ['"a": 1\n', 'b', '"b": 1\n'],
    ["'a' : 1\n", 'true', "'true' : 1\n"],
    ['{a: 1}\n', 'x y', '{"x y": 1}\n'],
  ])('rename: %j', (text, key, result) => {
    expect(apply(text, renameKey(entryOf(text, 'a').entry, key))).toBe(result);
  });

  it.each([
    ['a:\n-\n- 1\n', 'a:\n- x\n- 1\n'],
    ['a:\n- # c\n- 1\n', 'a:\n- x # c\n- 1\n'],
    ['a: [~]\n', 'a: [x]\n'],
  ])('replace an empty item of a list: %j', (text, result) => {
    const list = lookup(rootOf(text), 'a');
    expect(apply(text, replaceScalar(scalar(list?.type === 'sequence' ? list.items[0] : undefined), 'x'))).toBe(result);
  });
});

describe('in embedded YAML', () => {
  const literal = 'a:\n  b: |\n    x:\n      v: on\n    z:\nc: 1\n';
  const inner = (text: string): MapNode => {
    const { root } = parseEmbedded(scalar(lookup(rootOf(text), 'a', 'b'))) ?? {};
    if (root?.type !== 'map') throw new Error('no map is embedded here');
    return root;
  };

  it.each<[what: string, text: string, path: string, result: string | undefined]>([
    ['a value', literal, 'x.v', literal.replace('on', '"off"')],
    ['a new entry', literal, 'x.w', literal.replace('on\n', 'on\n      w: "off"\n')],
    ['a new last entry', literal, 'w.v', literal.replace('z:\n', 'z:\n    w:\n      v: "off"\n')],
    ['an entry below nothing', literal, 'z.w', literal.replace('z:\n', 'z:\n      w: "off"\n')],
    [
      'a new entry with Windows line breaks',
      literal.replaceAll('\n', '\r\n'),
      'w',
      literal.replace('z:\n', 'z:\n    w: "off"\n').replaceAll('\n', '\r\n'),
    ],
    ['a new entry at the end of the file', 'a:\n  b: |\n    x: 1', 'w', 'a:\n  b: |\n    x: 1\n    w: "off"'],
    ['a new entry in a stripped block', 'a:\n  b: |-\n    x: 1\nc: 1\n', 'w', 'a:\n  b: |-\n    x: 1\n    w: "off"\nc: 1\n'],
    ['a new entry before blank lines', 'a:\n  b: |\n    x: 1\n\n\nc: 1\n', 'w', 'a:\n  b: |\n    x: 1\n    w: "off"\n\n\nc: 1\n'],
    ['a value in quotes', `a: {b: 'x: {v: on}'}\n`, 'x.v', `a: {b: 'x: {v: "off"}'}\n`],
    [
      'a value in quotes with escapes',
      String.raw`a: {b: "{\"x\": {\"v\": 1}}"}`,
      'x.v',
      String.raw`a: {b: "{\"x\": {\"v\": \"off\"}}"}`,
    ],
    ['a value in a folded block', 'a:\n  b: >\n    x: {v: on}\nc: 1\n', 'x.v', 'a:\n  b: "x: {v: \\"off\\"}\\n"\nc: 1\n'],
  ])('sets %s', (_, text, path, result) => {
    expect(apply(text, setString(inner(text), path.split('.'), 'off'))).toBe(result);
  });

  it.each<[key: string, result: string]>([
    ['x', 'a:\n  b: |\n    z:\nc: 1\n'],
    ['z', 'a:\n  b: |\n    x:\n      v: on\nc: 1\n'],
  ])('removes %s with its lines', (key, result) => {
    const map = inner(literal);
    const entry = map.entry(key);
    expect(apply(literal, entry && removeEntry(map, entry))).toBe(result);
  });

  it('reaches through two levels', () => {
    const text = 'a:\n  b: |\n    c: |\n      d: 1\n    e: 2\n';
    const { root } = parseEmbedded(scalar(inner(text).get('c'))) ?? {};
    expect(root?.type === 'map' && apply(text, setString(root, ['f', 'g'], 'off'))).toBe(
      text.replace('d: 1\n', 'd: 1\n      f:\n        g: "off"\n'),
    );
  });
});

describe('an effective map', () => {
  const text = 'x:\n  v: 1\nz:\n  w: 2\n';
  const from = (map: MapNode, entries: readonly MapEntry[]): MapNode => {
    const made = new MapNode(map.source, map.start, map.end, entries, map.flow, map.open);
    made.madeBy = map;
    return made;
  };

  it('is edited where it came from', () => {
    const base = rootOf(text);
    const patch = rootOf('x: {p: on}\n');
    const [x, z] = base.entries;
    const [patched] = patch.entries;
    if (x?.value.type !== 'map' || z === undefined || patched?.value.type !== 'map') throw new Error('the texts changed');
    const merged = from(base, [{ key: x.key, value: from(x.value, [...x.value.entries, ...patched.value.entries]) }, z]);
    expect(apply(text, setString(merged, ['x', 'v'], 'off'))).toBe(text.replace('1', '"off"'));
    expect(apply(text, setString(merged, ['x', 'new'], 'off'))).toBe(text.replace('v: 1\n', 'v: 1\n  new: "off"\n'));
    expect(apply('x: {p: on}\n', setString(merged, ['x', 'p'], 'off'))).toBe('x: {p: "off"}\n');
    expect(removeEntry(merged, z)).toBeUndefined();
  });
});
