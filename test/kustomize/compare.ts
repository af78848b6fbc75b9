import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { parse } from 'yaml';
import { Graph } from '../../engine/incremental/graph';
import { KustomizeBuilder } from '../../engine/environments/kustomize/build';
import { Repository } from '../../engine/environments/repository';
import { isYamlFile } from '../../engine/resources/file-subject';
import type { Resource } from '../../engine/resources/resource';
import type { YamlNode } from '../../engine/yaml/tree';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What stands for a value that our build leaves open; nothing that a manifest says is the same. */
export const UNKNOWN = '\u0000unknown';
/** A key of a map to which a file may add others. */
const OPEN = '\u0000open';

/** A builder over all files below a folder, by their paths below it. */
export function builderOver(folder: string): { builder: KustomizeBuilder; repository: Repository } {
  const graph = new Graph();
  const repository = new Repository(graph);
  const builder = new KustomizeBuilder(graph, repository);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const name = path
      .slice(folder.length + 1)
      .split(sep)
      .join('/');
    if (isYamlFile(entry.name)) repository.setText(name, readFileSync(path, 'utf8'));
    else repository.addName(name);
  }
  return { builder, repository };
}

/** What a tree says. Text with a variable in it, which we take for something unknown, is text to kustomize. */
export function jsonOf(node: YamlNode | undefined): Json {
  if (node === undefined) return UNKNOWN;
  if (node.type === 'unknown') return node.madeBy === undefined ? writtenText(node) : UNKNOWN;
  if (node.type === 'scalar') return node.value;
  if (node.type === 'sequence') return node.items.map(jsonOf);
  const entries = node.entries.map(({ key, value }): [string, Json] => [String(key.value), jsonOf(value)]);
  return Object.fromEntries([...entries, ...(node.open ? [[OPEN, true] as [string, Json]] : [])]);
}

function writtenText(node: YamlNode): Json {
  const written = node.source.slice(node.start, node.end);
  const { text } = parse(`text: ${written}`, { version: '1.1' }) as { text: Json };
  // A block that ends with the file, without a line break, has none for kustomize.
  const isCut = !written.endsWith('\n') && node.source.slice(node.end, node.end + 1) === '';
  return isCut && typeof text === 'string' ? text.trimEnd() : text;
}

/** An object as kustomize prints it, in any order. */
export interface Printed {
  readonly kind: string;
  readonly apiVersion: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

export interface Comparison {
  /** Where the two say different things. */
  readonly different: readonly string[];
  /** What ours leaves open, and kustomize says. */
  readonly open: readonly string[];
}

/**
 * Compares our resources with kustomize's, field by field, in any order of the resources. Hashes at the end of generated names are taken
 * off kustomize's, wherever they stand; of a Secret's values only their keys are compared.
 */
export function compare(ours: readonly Resource[], printed: readonly Printed[]): Comparison {
  const different: string[] = [];
  const open: string[] = [];
  const own = new Map(ours.map((resource) => [identityOf(jsonOf(resource.root)), jsonOf(resource.root)]));
  if (own.size < ours.length) different.push('a resource is there twice');
  const theirs = new Map(
    withoutHashes(printed as unknown as Json[], new Set(own.keys())).map((json) => [identityOf(json), json]),
  );
  for (const id of own.keys()) if (!theirs.has(id)) different.push(`${id}: only ours`);
  for (const [id, json] of theirs) {
    const other = own.get(id);
    if (other === undefined) different.push(`${id}: only kustomize's`);
    else walk(other, json, id, { different, open });
  }
  return { different: different.sort(), open: open.sort() };
}

function identityOf(json: Json): string {
  const { kind, apiVersion, metadata } = json as unknown as Printed;
  return `${apiVersion} ${kind} ${metadata.namespace ?? ''}/${metadata.name}`;
}

/** Ten characters of kustomize's own alphabet (v5.8.1 api/hasher/hasher.go). */
const HASH = /-[2456789bcdfghkmt]{10}$/;

function withoutHashes(printed: readonly Json[], own: ReadonlySet<string>): Json[] {
  const names = new Map<string, string>();
  for (const json of printed) {
    const { kind, metadata } = json as unknown as Printed;
    const plain = metadata.name.replace(HASH, '');
    const id = identityOf(json);
    if ((kind === 'ConfigMap' || kind === 'Secret') && !own.has(id) && own.has(id.replace(HASH, '')))
      names.set(metadata.name, plain);
  }
  const strip = (json: Json): Json => {
    if (typeof json === 'string') return names.get(json) ?? json;
    if (Array.isArray(json)) return json.map(strip);
    return isMap(json) ? Object.fromEntries(Object.entries(json).map(([key, value]) => [key, strip(value)])) : json;
  };
  return printed.map(strip);
}

function isMap(json: Json): json is Readonly<Record<string, Json>> {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

function walk(ours: Json, theirs: Json, path: string, found: { different: string[]; open: string[] }): void {
  if (ours === UNKNOWN) found.open.push(path);
  else if (Array.isArray(ours) && Array.isArray(theirs) && ours.length === theirs.length)
    ours.forEach((item: Json, i) => {
      walk(item, theirs[i] as Json, `${path}.${i}`, found);
    });
  else if (isMap(ours) && isMap(theirs)) {
    for (const key of new Set([...Object.keys(ours), ...Object.keys(theirs)])) {
      const [left, right] = [ours[key], theirs[key]];
      if (key === OPEN || (left === undefined && OPEN in ours)) found.open.push(`${path}.*`);
      else if (left === undefined || right === undefined)
        found.different.push(
          `${path}.${key}: ${left === undefined ? `only kustomize's ${JSON.stringify(right)}` : `only ours ${JSON.stringify(left)}`}`,
        );
      else walk(left, right, `${path}.${key}`, found);
    }
  } else if (ours !== theirs)
    found.different.push(`${path}: ours ${JSON.stringify(ours)}, kustomize's ${JSON.stringify(theirs)}`);
}
