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
  readonly title: string;
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

/** Resources by their titles, the first few named. */
export function resourceList(resources: readonly Resource[]): Part[] {
  return joined(resources, resourceLink);
}

/** Parts with commas between; what goes beyond a few is counted. */
export function joined<T>(items: readonly T[], show: (item: T) => Part): Part[] {
  const parts = items.slice(0, NAMED).flatMap((item, i) => (i === 0 ? [show(item)] : [', ', show(item)]));
  return items.length > NAMED ? [...parts, ` and ${items.length - NAMED} more`] : parts;
}

/** `1 workload`, `2 workloads`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
