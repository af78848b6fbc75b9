import { originOf } from '../mesh/collisions';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { locate } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';

/** Words that lead to a place in a file; `P` is what stands for a place. */
export interface Link<P = Place> {
  readonly text: string;
  readonly place: P;
}

/** Plain text, never markup: it holds text of manifests, and whoever shows it escapes it. */
export type Part<P = Place> = string | Link<P>;

/** What a statement is about; of several environments those of one topic are compared. */
export type Topic = string;

/** One thing that holds for a resource in one environment, with the places that show it. */
export interface Statement {
  readonly topic: Topic;
  readonly parts: readonly Part[];
}

/** What a resource, a label or a field does in one environment. */
export interface Explanation {
  /** What of the subject this is about, as it stands before it: `istio-injection=enabled, label of `; empty for the whole of it. */
  readonly about: string;
  /** The resource by its title. */
  readonly subject: string;
  readonly statements: readonly Statement[];
}

/** How many resources or places a statement names. */
const NAMED = 5;

export function statement(topic: Topic, ...parts: readonly Part[]): Statement {
  return { topic, parts };
}

/** A link that reads `file:line`, with the line as editors count it. */
export function lineLink(node: YamlNode, view: MeshView): Link {
  const { file, start } = locate({ node });
  const line = view.repository.peekManifest(file)?.positionAt(start).line ?? 0;
  return { text: `${file}:${line + 1}`, place: { node } };
}

/** Places in parentheses, each once; nothing for none. */
export function cited(nodes: readonly YamlNode[], view: MeshView): Part[] {
  const origins = [...new Set(nodes.map(originOf))];
  if (origins.length === 0) return [];
  return [' (', ...joined(origins, (node) => lineLink(node, view)), ')'];
}

/** A resource by its title, leading to where it is written. */
export function resourceLink(resource: Resource): Part {
  const node = resource.titlePlace;
  return node === undefined ? resource.title : { text: resource.title, place: { node } };
}

/** Definitions of one title, of which each place is shown. */
const PLACES = 3;

/**
 * Resources by their titles, the first few named. Of those that share one, the title stands once, with the place of each.
 * @param among all that the reader is told of: whose title another of these has is shown with its place
 */
export function resourceList(resources: readonly Resource[], view: MeshView, among = resources): Part[] {
  const byTitle = groupBy(resources, ({ title }) => title);
  const places = groupBy(among, ({ title }) => title);
  return joinedParts([...byTitle.values()], (alike) => definitionParts(alike, view, placesOf(places.get(alike[0].title) ?? [])));
}

/** A title, leading to the one resource that has it, or followed by the places of these where there are others. */
function definitionParts(alike: readonly [Resource, ...Resource[]], view: MeshView, all: readonly YamlNode[]): Part[] {
  const [first] = alike;
  if (all.length < 2) return [resourceLink(first)];
  const nodes = placesOf(alike);
  const more = nodes.length - PLACES;
  const places = joinedParts(nodes.slice(0, PLACES), (node) => [lineLink(node, view)]);
  return [`${first.title} (`, ...places, ...(more > 0 ? [` and ${more} more`] : []), ')'];
}

/** Where resources are written, each place once. */
function placesOf(resources: readonly Resource[]): YamlNode[] {
  return [...new Set(resources.flatMap(({ titlePlace }) => (titlePlace === undefined ? [] : originOf(titlePlace))))];
}

/** Items by a key, in the order of the first of each. */
export function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}

/** What a reader sees of parts, and where their links lead: equal for those that say the same. */
export function fingerprint(parts: readonly Part[]): string {
  return JSON.stringify(parts.map((part) => (typeof part === 'string' ? part : [part.text, locate(part.place)])));
}

/** Parts with commas between; what goes beyond a few is counted. */
export function joined<T>(items: readonly T[], show: (item: T) => Part): Part[] {
  return joinedParts(items, (item) => [show(item)]);
}

function joinedParts<T>(items: readonly T[], show: (item: T) => readonly Part[]): Part[] {
  const parts = items.slice(0, NAMED).flatMap((item, i) => (i === 0 ? show(item) : [', ', ...show(item)]));
  return items.length > NAMED ? [...parts, ` and ${items.length - NAMED} more`] : parts;
}

/** `a`, `a and b`, `a, b and c`. */
export function list(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;
}

/** `1 workload`, `2 workloads`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
