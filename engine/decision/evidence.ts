import type { Graph } from '../incremental/graph';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { lookup } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';
import type { Because, Counted } from './facts';

/** All definitions of one object: alternatives of one folder stand for one thing, however many files define it. */
export type Definitions = readonly [Resource, ...Resource[]];

/** Groups resources into objects, in the order of their first definitions. One whose name a template hides is an object of its own. */
export function objectsOf(resources: readonly Resource[]): Definitions[] {
  const byKey = new Map<string, [Resource, ...Resource[]]>();
  const all: Definitions[] = [];
  for (const resource of resources) {
    const earlier = resource.key === undefined ? undefined : byKey.get(resource.key);
    if (earlier !== undefined) {
      earlier.push(resource);
      continue;
    }
    const made: [Resource, ...Resource[]] = [resource];
    if (resource.key !== undefined) byKey.set(resource.key, made);
    all.push(made);
  }
  return all;
}

export function placesOf(nodes: Iterable<YamlNode>): Place[] {
  return [...new Set(nodes)].map((node) => ({ node }));
}

/** Where resources bear their names. */
export function titlesOf(resources: Iterable<Resource>): Place[] {
  return placesOf([...resources].flatMap((resource) => resource.titlePlace ?? []));
}

/** The first definition of each object, by its name. */
export function countedObjects(objects: readonly Definitions[]): Counted<Place> {
  return { count: objects.length, evidence: titlesOf(objects.map(([first]) => first)) };
}

/** Finds what in a resource is a sign of something; empty when nothing is. */
export type Find = (resource: Resource) => readonly YamlNode[];

/** The objects that show a sign, and where. */
export interface Signs {
  readonly count: number;
  readonly evidence: readonly Place[];
}

/** Remembers what is found in each resource: they are immutable, and most of an environment stays the same from one edit to the next. */
export function remembered(find: Find): Find {
  const found = new WeakMap<Resource, readonly YamlNode[]>();
  return (resource) => {
    let nodes = found.get(resource);
    if (nodes === undefined) {
      nodes = find(resource);
      found.set(resource, nodes);
    }
    return nodes;
  };
}

/** Looks for a sign in objects; one shows it when any of its definitions does. */
export function signsIn(objects: readonly Definitions[], find: Find): Signs {
  const nodes: YamlNode[] = [];
  let count = 0;
  for (const definitions of objects) {
    const found = definitions.flatMap(find);
    if (found.length === 0) continue;
    count++;
    nodes.push(...found);
  }
  return { count, evidence: placesOf(nodes) };
}

/** `3 VirtualServices split traffic`; nothing when there are none. @param verb for one and for several */
export function because(
  { count, evidence }: Signs,
  noun: string,
  verb: readonly [one: string, several: string],
): Because<Place>[] {
  if (count === 0) return [];
  const [one, several] = verb;
  return [{ because: count === 1 ? `1 ${noun} ${one}` : `${count} ${pluralOf(noun)} ${several}`, evidence }];
}

/** The plural of a kind's name or another noun: `Canaries`, `Meshes`, `Services`. */
export function pluralOf(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(?:s|sh|ch|x)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/** A kind without its group. */
export function plainKind(kind: string): string {
  return kind.replace(/\..*$/, '');
}

/** The name of a resource as evidence; for signs that its mere presence gives. */
export const itself: Find = (resource) => (resource.titlePlace === undefined ? [] : [resource.titlePlace]);

/** The objects of a kind, with all their definitions. */
export function objectsOfKind(view: MeshView, kind: string): readonly Definitions[] {
  return view.extension('decision.objects', (graph) =>
    graph.family('decision.objects', (of: string) => objectsOf(view.ofKind(of))),
  )(kind);
}

/** The key under which a value stands, which says more than a large value; the value itself where it has none. */
export function keyOf(node: YamlNode): YamlNode {
  return node.key ?? node;
}

/** What stands at a path, unless it is not set, null, or hidden by a template: what nobody can read is no evidence. */
export function shown(node: YamlNode | undefined, ...path: readonly string[]): YamlNode | undefined {
  const found = lookup(node, ...path);
  return found === undefined || found.type === 'unknown' || (found.type === 'scalar' && found.value === null) ? undefined : found;
}

/** One fact as a query of its own, so that an edit recounts only what reads it. */
export function query<T>(view: MeshView, name: string, compute: (view: MeshView, graph: Graph) => T): T {
  return view.extension(`decision.${name}`, (graph) => graph.computed(`decision.${name}`, () => compute(view, graph))).get();
}
