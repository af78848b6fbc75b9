import type { KindName } from '../resources/kinds';
import { isParsed, readResources } from '../resources/read';
import type { Resource } from '../resources/resource';
import type { ManifestDocument } from '../yaml/document';
import type { SyntaxProblem } from '../yaml/parse';

/** What a document held at one of its versions. */
export interface Held {
  readonly document: ManifestDocument;
  readonly version: number;
  readonly resources: readonly Resource[];
}

/** The first problem of a document that cannot be read as YAML. */
export interface DocumentProblem extends SyntaxProblem {
  readonly document: ManifestDocument;
}

/** Reads a document. @param before what it held when it was last read */
export function readDocument(document: ManifestDocument, before?: Held): Held {
  const { version } = document;
  return before?.version === version ? before : { document, version, resources: readResources(document, before?.resources) };
}

export function resourcesOf(held: readonly Held[]): readonly Resource[] {
  return held.flatMap(({ resources }) => resources);
}

/** What cannot be read; documents of which only the header is read are not looked at. */
export function problemsOf(held: readonly Held[]): readonly DocumentProblem[] {
  return held.flatMap(({ document }) =>
    isParsed(document) && document.problem !== undefined ? { document, ...document.problem } : [],
  );
}

export function kindsOf(resources: readonly Resource[]): readonly KindName[] {
  return resources.map(({ kind }) => kind);
}

/** The identities of resources, without those that a template hides. */
export function keysOf(resources: readonly Resource[]): readonly string[] {
  return resources.flatMap(({ key }) => key ?? []);
}

/** What a list holds more than once, each once. */
export function repeatedIn(keys: readonly string[]): readonly string[] {
  const once = new Set<string>();
  const repeated = new Set<string>();
  for (const key of keys) (once.has(key) ? repeated : once).add(key);
  return [...repeated];
}

export function sameItems<T>(one: readonly T[], other: readonly T[]): boolean {
  return one.length === other.length && one.every((item, i) => item === other[i]);
}
