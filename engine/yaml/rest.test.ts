import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collector } from '../../test/support/collector';
import { mutate, mutation, yamlDocument } from '../../test/support/yaml';
import { Manifest } from './manifest';
import { locate, lookup } from './tree';
import type { YamlNode } from './tree';

/** All nodes of a tree, each once, keys before values. */
function nodesOf(root: YamlNode | undefined, into = new Set<YamlNode>()): Set<YamlNode> {
  if (root === undefined || into.has(root)) return into;
  into.add(root);
  if (root.type === 'sequence') for (const item of root.items) nodesOf(item, into);
  if (root.type === 'map') for (const { key, value } of root.entries) nodesOf(value, nodesOf(key, into));
  return into;
}

/** A tree with the places of its nodes in the file. */
function placed(node: YamlNode): unknown {
  const { start, end } = locate({ node });
  const at = [start, end, node.key?.value];
  if (node.type === 'unknown') return [...at, '?'];
  if (node.type === 'scalar') return [...at, node.style, node.value];
  if (node.type === 'sequence') return [...at, node.flow, node.open, node.items.map(placed)];
  return [...at, node.flow, node.open, node.inherited, node.entries.map(({ key, value }) => [placed(key), placed(value)])];
}

const rootsOf = (manifest: Manifest): (YamlNode | undefined)[] => manifest.documents.map(({ root }) => root);

function rest(manifest: Manifest): void {
  for (const document of manifest.documents) document.rest();
}

describe('a tree at rest', () => {
  it('is what it was when it is asked for again, each node in its place', () => {
    fc.assert(
      fc.property(yamlDocument, (text) => {
        const manifest = new Manifest('a.yaml', text, false);
        const nodes = rootsOf(manifest).map((root) => [...nodesOf(root)]);
        const said = rootsOf(manifest).map((root) => root && placed(root));
        rest(manifest);
        expect(rootsOf(manifest).map((root) => [...nodesOf(root)])).toEqual(nodes);
        rootsOf(manifest).forEach((root, i) => {
          [...nodesOf(root)].forEach((node, at) => {
            expect(node).toBe(nodes[i]?.[at]);
          });
        });
        expect(rootsOf(manifest).map((root) => root && placed(root))).toEqual(said);
      }),
      { numRuns: 300 },
    );
  });

  it('wakes by any of its nodes', () => {
    const manifest = new Manifest('a.yaml', 'a:\n  b: [{c: 1}]\n', false);
    const list = lookup(manifest.documents[0]?.root, 'a', 'b');
    rest(manifest);
    expect(list?.type === 'sequence' && list.items.map(placed)).toEqual([
      [
        9,
        15,
        undefined,
        true,
        false,
        0,
        [
          [
            [10, 11, undefined, 'plain', 'c'],
            [13, 14, 'c', 'plain', 1],
          ],
        ],
      ],
    ]);
    expect(lookup(manifest.documents[0]?.root, 'a', 'b')).toBe(list);
  });

  it('leaves the nodes that are held where an edit moves them, as if it had not rested', () => {
    fc.assert(
      fc.property(yamlDocument, fc.array(mutation, { minLength: 1, maxLength: 4 }), fc.boolean(), (text, mutations, wakes) => {
        const [rested, awake] = [new Manifest('a.yaml', text, false), new Manifest('a.yaml', text, false)];
        const held = rootsOf(rested).map((root) => [...nodesOf(root)]);
        const twins = rootsOf(awake).map((root) => [...nodesOf(root)]);
        let now = text;
        for (const change of mutations) {
          rest(rested);
          if (wakes) rootsOf(rested);
          now = mutate(now, change);
          rested.update(now);
          awake.update(now);
          expect(rootsOf(rested).map((root) => root && placed(root))).toEqual(rootsOf(awake).map((root) => root && placed(root)));
          expect(held.map((nodes) => nodes.map(placed))).toEqual(twins.map((nodes) => nodes.map(placed)));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('frees what nobody holds, and keeps the identity of what somebody does', async () => {
    const collect = collector();
    const manifest = new Manifest(
      'a.yaml',
      `metadata:\n  labels: {app: web}\nspec:\n${'  - {image: nginx}\n'.repeat(50)}`,
      false,
    );
    const root = (): YamlNode | undefined => manifest.documents[0]?.root;
    const label = lookup(root(), 'metadata', 'labels', 'app');
    const list = lookup(root(), 'spec');
    const items = new WeakRef(list?.type === 'sequence' ? (list.items[7] ?? {}) : {});
    rest(manifest);
    await collect();
    expect(items.deref()).toBeUndefined();
    manifest.documents[0]?.sweep();
    expect(lookup(root(), 'metadata', 'labels', 'app')).toBe(label);
    expect(lookup(root(), 'spec')).toBe(list);
    expect(list?.type === 'sequence' && list.items.length).toBe(50);
    expect(nodesOf(root()).size).toBe(9 + 3 * 50);
  });
});
