import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Graph } from '../incremental/graph';
import { Resource } from '../resources/resource';
import { absent, known } from '../tristate';
import { ResourceIndex } from './resource-index';

const KINDS = ['Service', 'Deployment', 'Namespace'];
const NAMESPACES = ['', 'shop', 'pay'];

function resource(kind: string, namespace: string, name: string): Resource {
  const source = { file: 'a.yaml', text: '', locate: () => [0, 0] as const, slice: () => '' };
  const header = {
    apiVersion: kind === 'Deployment' ? 'apps/v1' : 'v1',
    kind,
    name: known(name),
    namespace: namespace === '' ? absent : known(namespace),
  };
  return new Resource(header, source, () => undefined);
}

const some = fc.record({
  kind: fc.constantFrom(...KINDS),
  namespace: fc.constantFrom(...NAMESPACES),
  name: fc.constantFrom('a', 'b'),
});
/** What a part comes to hold: some of what it held, and something new. */
const step = fc.record({
  part: fc.constantFrom('p', 'q', 'r', 's'),
  keep: fc.array(fc.boolean(), { maxLength: 6 }),
  add: fc.array(some, { maxLength: 5 }),
  at: fc.nat(6),
  order: fc.option(fc.shuffledSubarray(['p', 'q', 'r', 's']), { nil: undefined }),
});

/** Every answer of an index, by question. */
function answers(index: ResourceIndex): Record<string, unknown> {
  const all: Record<string, unknown> = { all: index.all(), workloads: index.workloads(), spaces: index.workloadNamespaces() };
  for (const kind of ['Service', 'Deployment.apps', 'Namespace']) {
    all[kind] = index.ofKind(kind);
    for (const namespace of ['', 'default', 'shop', 'pay']) {
      all[`${kind} in ${namespace}`] = index.inNamespace(kind, namespace);
      all[`workloads in ${namespace}`] = index.workloadsIn(namespace);
      for (const name of ['a', 'b']) all[`${kind} ${namespace}/${name}`] = index.named(kind, namespace, name);
    }
  }
  const letters = index.grouped('letters', ['Service', 'Namespace'], ({ name = '' }) => [name, 'any']);
  for (const key of ['a', 'b', 'any']) all[`letter ${key}`] = letters.get(key);
  return all;
}

function fresh(parts: ReadonlyMap<string, readonly Resource[]>, order: readonly string[]): ResourceIndex {
  const index = new ResourceIndex(new Graph());
  index.arrange(order);
  for (const name of order) index.put({ name, resources: parts.get(name) ?? [] });
  return index;
}

describe('a resource index', () => {
  it('answers after any changes as a fresh one does, and tells what came and went', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 12 }),
        fc.boolean(),
        fc.constantFrom(1, 2, Infinity),
        (steps, asksBetween, most) => {
          const graph = new Graph();
          const index = new ResourceIndex(graph);
          const held = graph.computed('answers', () => answers(index));
          const parts = new Map<string, readonly Resource[]>();
          const present = new Set<Resource>();
          let order: readonly string[] = ['p', 'q', 'r', 's'];
          index.arrange(order);
          for (const { part, keep, add, at, order: next } of steps) {
            if (next !== undefined) {
              order = next;
              for (const name of parts.keys()) if (!order.includes(name)) parts.delete(name);
              for (const gone of index.arrange(order).removed) present.delete(gone);
            }
            if (order.includes(part)) {
              const kept = (parts.get(part) ?? []).filter((_, i) => keep[i] ?? true);
              kept.splice(at, 0, ...add.map(({ kind, namespace, name }) => resource(kind, namespace, name)));
              parts.set(part, kept);
              const whole = { name: part, resources: kept };
              // All at once, or in pieces.
              while (!index.isPut(whole)) {
                const { added, removed } = index.put(whole, most);
                for (const gone of removed) present.delete(gone);
                for (const come of added) present.add(come);
              }
            }
            expect(present).toEqual(new Set([...parts.values()].flat()));
            if (asksBetween) expect(held.get()).toEqual(answers(fresh(parts, order)));
          }
          expect(held.get()).toEqual(answers(fresh(parts, order)));
          expect(answers(index)).toEqual(answers(fresh(parts, order)));
        },
      ),
      { numRuns: 300 },
    );
  });

  it('reaches only those who asked for what changed', () => {
    const graph = new Graph();
    const index = new ResourceIndex(graph);
    index.arrange(['a.yaml', 'b.yaml']);
    index.put({ name: 'a.yaml', resources: [resource('Service', 'shop', 'cart')] });
    index.put({ name: 'b.yaml', resources: [resource('Service', 'pay', 'till'), resource('Deployment', 'pay', 'till')] });
    const shop = graph.computed('shop', () => index.inNamespace('Service', 'shop').length);
    const cart = graph.computed('cart', () => index.named('Service', 'shop', 'cart').length);
    const nobody = graph.computed('nobody', () => index.named('Service', 'shop', 'nobody').length);
    const deployments = graph.computed('deployments', () => index.ofKind('Deployment.apps').length);
    const counts = (): number[] => [shop, cart, nobody, deployments].map((cell) => cell.get());
    expect(counts()).toEqual([1, 1, 0, 1]);
    graph.resetRunCounts();
    index.put({ name: 'a.yaml', resources: [resource('Service', 'shop', 'cart'), resource('Service', 'shop', 'nobody')] });
    expect(counts()).toEqual([2, 1, 1, 1]);
    expect(Object.fromEntries(graph.runCounts())).toEqual({ shop: 1, cart: 1, nobody: 1 });
  });
});
