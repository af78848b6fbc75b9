import type { Definitions } from '../decision/evidence';
import type { Resource } from '../resources/resource';
import type { Place, YamlNode } from '../yaml/tree';

/** A statement about an environment, with the places that support it, the most telling one first. */
export interface Claim<E> {
  readonly text: string;
  readonly evidence: readonly E[];
}

/** Pieces of evidence that a claim carries; the counts are in its text. */
const EVIDENCE_LIMIT = 20;

/** @param nodes in the order of their weight; the same one may come again */
export function claim(text: string, nodes: readonly (YamlNode | undefined)[]): Claim<Place> {
  const distinct = [...new Set(nodes.filter((node) => node !== undefined))];
  return { text, evidence: distinct.slice(0, EVIDENCE_LIMIT).map((node) => ({ node })) };
}

/** `1 workload`, `3 workloads` */
export function counted(count: number, one: string, several = `${one}s`): string {
  return `${count} ${count === 1 ? one : several}`;
}

/** `a`, `a and b`, `a, b and c` */
export function listed(items: readonly string[]): string {
  const last = items.at(-1) ?? '';
  return items.length < 2 ? last : `${items.slice(0, -1).join(', ')} and ${last}`;
}

/** Where the first definitions of objects bear their names. */
export function titleNodes(objects: readonly Definitions[]): (YamlNode | undefined)[] {
  return objects.map(([first]: readonly [Resource, ...Resource[]]) => first.titlePlace);
}
