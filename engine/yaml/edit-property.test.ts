import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { yamlDocument } from '../../test/support/yaml';
import { removeEntry, setString } from './edit';
import type { TextEdit } from './edit';
import { parseEmbedded } from './embedded';
import { Manifest } from './manifest';
import { plainValue } from './plain';
import { entriesOf, itemsOf, lookup, stringOf } from './tree';
import type { MapEntry, MapNode, YamlNode } from './tree';

const apply = (text: string, edit: TextEdit): string => text.slice(0, edit.start) + edit.newText + text.slice(edit.end);

interface Read {
  readonly root: MapNode | undefined;
  readonly isBroken: boolean;
}

/** A document of a file, and the same within a block of another. */
const readers = {
  file: {
    wrap: (text: string) => text,
    read: (text: string): Read => {
      const { root, problem } = new Manifest('a.yaml', text, false).documents[0] ?? {};
      return { root: root?.type === 'map' ? root : undefined, isBroken: problem !== undefined };
    },
  },
  block: {
    wrap: (text: string) => `above: 1\nouter:\n  inner: |+\n${text.replace(/^(?!$)/gm, '    ')}\nbelow: 2\n`,
    read: (text: string): Read => {
      const { root, problem } = new Manifest('a.yaml', text, false).documents[0] ?? {};
      const outer = lookup(root, 'outer', 'inner');
      const embedded = outer?.type === 'scalar' ? parseEmbedded(outer) : undefined;
      const isWhole = problem === undefined && embedded?.problem === undefined && stringOf(lookup(root, 'below')) === undefined;
      return {
        root: embedded?.root?.type === 'map' ? embedded.root : undefined,
        isBroken: !isWhole || lookup(root, 'below') === undefined,
      };
    },
  },
};

/** The maps of a tree that keys lead to. */
function mapsOf(node: YamlNode | undefined, path: readonly string[] = []): { map: MapNode; path: readonly string[] }[] {
  if (node?.type !== 'map') return [];
  return [{ map: node, path }, ...node.entries.flatMap(({ key, value }) => mapsOf(value, [...path, String(key.value)]))];
}

/** All maps with their entries, those in lists too. */
function entriesBelow(node: YamlNode | undefined, seen = new Set<YamlNode>()): { map: MapNode; entry: MapEntry }[] {
  if (node === undefined || seen.has(node)) return [];
  seen.add(node);
  const own = node.type === 'map' ? entriesOf(node).map((entry) => ({ map: node, entry })) : [];
  return [
    ...own,
    ...own.flatMap(({ entry }) => entriesBelow(entry.value, seen)),
    ...itemsOf(node).flatMap((item) => entriesBelow(item, seen)),
  ];
}

type Plain = Record<string, unknown>;

function withPath(value: unknown, [key, ...rest]: readonly string[], to: string): unknown {
  if (key === undefined) return to;
  const object = (value ?? {}) as Plain;
  return { ...object, [key]: withPath(object[key], rest, to) };
}

/** The plain value of a tree that lacks one entry. */
function without(node: YamlNode | undefined, gone: MapEntry): unknown {
  if (node?.type === 'sequence') return node.items.map((item) => without(item, gone));
  if (node?.type !== 'map') return plainValue(node);
  const rest = node.entries.filter((entry) => entry !== gone);
  if (rest.length === 0 && node.entries.length > 0) return null;
  return Object.fromEntries(rest.map(({ key, value }) => [String(key.value), without(value, gone)]));
}

const asText = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) => (typeof one === 'number' ? String(one) : one));
const sorted = (value: unknown): unknown => JSON.parse(asText(value === undefined ? null : value));

const values = fc.oneof(
  fc.constantFrom('v', 'true', '', ' ', '8080', "it's", '"', 'a: b # c', '\n', '🙂', '- x', '*k'),
  fc.string({ unit: 'grapheme', maxLength: 8 }),
);
const added = fc.constantFrom([], ['new'], ['new', 'k/e.y'], ['a'], ['name', 'on'], ['sp ace', 'x', 'y']);

describe.each(['file', 'block'] as const)('in any document of a %s', (where) => {
  const { wrap, read } = readers[where];
  const documents = yamlDocument.map((text) =>
    wrap(where === 'file' ? text : text.replaceAll('\r\n', '\n').replace(/\n\.\.\.\n$/, '\n')),
  );

  it('setString sets its path and nothing else, and does nothing when it is done', () => {
    let edits = 0;
    fc.assert(
      fc.property(documents, fc.nat(1000), added, values, (text, n, more, value) => {
        const { root, isBroken } = read(text);
        // Maps written out below a merge key are not seen; nobody writes them.
        fc.pre(root !== undefined && !isBroken && !/\$\{|\{\{|<<:[^*{\n]*\n/.test(text));
        const maps = mapsOf(root);
        const chosen = maps[n % maps.length];
        const names = chosen?.map.entries.map(({ key }) => String(key.value)) ?? [];
        const path = [...(chosen?.path ?? []), ...(more.length > 0 ? more : [names[n % Math.max(1, names.length)] ?? 'new'])];
        const edit = setString(root, path, value);
        if (edit === undefined) return;
        edits++;
        const after = apply(text, edit);
        const again = read(after);
        expect(again.isBroken).toBe(false);
        expect(stringOf(lookup(again.root, ...path))).toBe(value);
        expect(sorted(plainValue(again.root))).toEqual(sorted(withPath(plainValue(root), path, value)));
        const second = again.root && setString(again.root, path, value);
        expect(second && apply(after, second)).toBe(after);
      }),
      { numRuns: 300 },
    );
    expect(edits).toBeGreaterThan(30);
  });

  it('removeEntry takes one entry away and nothing else', () => {
    let edits = 0;
    fc.assert(
      fc.property(documents, fc.nat(1000), (text, n) => {
        const { root, isBroken } = read(text);
        // What a merge key adds would come to light where its override goes; a block that keeps all blank lines takes those that follow.
        fc.pre(root !== undefined && !isBroken && !/\$\{|\{\{|<<|[|>]\+/.test(text.replace('inner: |+', '')));
        const all = entriesBelow(root);
        const { map, entry } = all[n % all.length]!;
        const edit = removeEntry(map, entry);
        if (edit === undefined) return;
        edits++;
        const again = read(apply(text, edit));
        expect(again.isBroken).toBe(false);
        expect(sorted(plainValue(again.root))).toEqual(sorted(without(root, entry)));
      }),
      { numRuns: 300 },
    );
    expect(edits).toBeGreaterThan(30);
  });
});
