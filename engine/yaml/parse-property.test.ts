import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { Node, Pair, Scalar } from 'yaml';
import { mutate, mutation, yamlDocument } from '../../test/support/yaml';
import { ManifestDocument } from './document';
import { entriesOf, itemsOf } from './tree';
import type { YamlNode } from './tree';

function parse(text: string): ManifestDocument {
  const document = new ManifestDocument('file.yaml');
  document.place(0, 0, text, undefined);
  return document;
}

/** What a tree says, positions included; aliases and merged entries as what they stand for. */
function describeTree(node: YamlNode): unknown {
  const range = [node.start, node.end];
  if (node.type === 'unknown') return { type: node.type };
  if (node.type === 'scalar') return { range, value: node.value, style: node.style };
  if (node.type === 'sequence') return { range, flow: node.flow, items: node.items.map(describeTree) };
  return { range, flow: node.flow, entries: node.entries.map(({ key, value }) => [describeTree(key), describeTree(value)]) };
}

const STYLES = {
  PLAIN: 'plain',
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};
const YES = /^(?:y|Y|yes|Yes|YES|on|On|ON)$/;
const NO = /^(?:n|N|no|No|NO|off|Off|OFF)$/;

/** The same of the package's own tree, as the specification of this room has it. */
class Reference {
  private readonly anchors = new Map<string, unknown>();

  describe(node: Node): unknown {
    if (isAlias(node)) return this.anchors.get(node.source) ?? { type: 'unknown' };
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined) this.anchors.delete(anchor);
    const description = this.describeOwn(node);
    if (anchor !== undefined) this.anchors.set(anchor, description);
    return description;
  }

  private describeOwn(node: Node): unknown {
    const range = node.range?.slice(0, 2);
    if (isScalar(node)) return { range, value: valueOfScalar(node), style: STYLES[node.type ?? 'PLAIN'] };
    if (isSeq<Node>(node)) return { range, flow: node.flow === true, items: node.items.map((item) => this.describe(item)) };
    if (!isMap<Node, Node | null>(node)) throw new Error('a node of another kind');
    const [only, ...others] = node.items;
    // An item such as the `a:` of `[a:]`, which Kubernetes' decoder takes for a word.
    const isImplicit = node.flow === true && others.length === 0 && isScalar(only?.key) && only.key.range?.[0] === range?.[0];
    if (isImplicit && (only.value === null || (isScalar(only.value) && only.value.source === ''))) {
      this.describe(only.key);
      return { type: 'unknown' };
    }
    const own: [key: Described, value: unknown][] = [];
    const merged: [key: Described, value: unknown][] = [];
    for (const pair of node.items) {
      const key = { ...(this.describe(pair.key) as Described), range: pair.key.range?.slice(0, 2) };
      if (key.value === '<<' && key.style === 'plain') merged.push(...this.merge(pair));
      else if ('style' in key) own.push([key, this.describeValue(pair)]);
      else if (pair.value !== null) this.describe(pair.value);
    }
    const names = new Set([...own.map(([key]) => String(key.value)), ...(merged.length > 0 ? ['<<'] : [])]);
    for (const entry of merged) {
      if (names.has(String(entry[0].value))) continue;
      names.add(String(entry[0].value));
      own.push(entry);
    }
    return { range, flow: node.flow === true, entries: own };
  }

  private describeValue({ key, value }: Pair<Node, Node | null>): unknown {
    if (value !== null) return this.describe(value);
    const at = key.range?.[1];
    return { range: [at, at], value: null, style: 'plain' };
  }

  private merge({ value }: Pair<Node, Node | null>): [Described, unknown][] {
    const from = value === null ? [] : [this.describe(value)];
    const maps = from.flatMap((one) => (one as { items?: unknown[] }).items ?? [one]);
    return maps.flatMap((map) => (map as { entries?: [Described, unknown][] }).entries ?? []);
  }
}

interface Described {
  readonly range: readonly number[] | undefined;
  readonly value: unknown;
  readonly style: string;
}

function valueOfScalar({ type, tag, value }: Scalar): unknown {
  if (type !== 'PLAIN' || tag !== undefined || typeof value !== 'string') return value;
  return YES.test(value) ? true : NO.test(value) ? false : value;
}

/** Ranges lie inside those of parents, except behind aliases and merge keys, and inside the text. */
function checkPlaces(document: ManifestDocument): void {
  const seen = new Set<YamlNode>();
  const check = (node: YamlNode): void => {
    if (seen.has(node)) return;
    seen.add(node);
    expect(node.start).toBeLessThanOrEqual(node.end);
    expect(node.start).toBeGreaterThanOrEqual(0);
    expect(node.end).toBeLessThanOrEqual(document.text.length);
    for (const item of itemsOf(node)) check(item);
    for (const { key, value } of entriesOf(node)) {
      check(key);
      check(value);
    }
  };
  if (document.root !== undefined) check(document.root);
  const { problem } = document;
  if (problem !== undefined) expect([problem.start >= 0, problem.end >= problem.start]).toEqual([true, true]);
}

const SPECIAL = ' \n\t-:?,[]{}#&*!|>\'"%@`a1\r\0\ud83d\uFEFF'.split('');

/** Markers and comments alone; a tag makes an empty string of them. */
const isNothing = (node: Node): boolean => node.range?.[0] === node.range?.[1] && node.tag === undefined && !('anchor' in node);

describe('any document', () => {
  it('has the tree and the ranges that the `yaml` package gives', () => {
    fc.assert(
      fc.property(yamlDocument, fc.option(mutation, { freq: 3, nil: undefined }), (text, change) => {
        const changed = change === undefined ? text : mutate(text, change);
        fc.pre(!/\$\{|\{\{|^%|---./m.test(changed));
        const { contents, errors } = parseDocument(changed, {
          schema: 'core',
          resolveKnownTags: false,
          uniqueKeys: false,
          logLevel: 'silent',
        });
        const { root, problem } = parse(changed);
        if (contents === null || isNothing(contents)) expect(root).toBeUndefined();
        else expect(root && describeTree(root)).toEqual(new Reference().describe(contents));
        if (errors.length > 0) expect(problem).toBeDefined();
      }),
      { numRuns: 300 },
    );
  });

  it('is read without throwing, whatever it holds', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: fc.constantFrom(...SPECIAL), maxLength: 60 }),
      fc.tuple(yamlDocument, fc.array(mutation, { maxLength: 6 })).map(([text, changes]) => changes.reduce(mutate, text)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        checkPlaces(parse(text));
      }),
      { numRuns: 300 },
    );
  });
});
