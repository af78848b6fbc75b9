import { kindName } from '../../resources/kinds';
import type { Resource } from '../../resources/resource';
import { lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { entriesOf } from '../../yaml/tree';

/** Which resources a patch changes; absent parts match everything. Values are plain text or `.*`. */
export interface PatchTarget {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labels?: ReadonlyMap<string, string>;
  readonly annotations?: ReadonlyMap<string, string>;
}

const FIELDS = ['group', 'version', 'kind', 'name', 'namespace'] as const;

/**
 * Reads a patch's `target`. kustomize takes every field as an anchored regular expression; text without special characters, and text with
 * `.*` alone, is understood here.
 * @returns `unsupported` for other patterns and for set-based selectors
 */
export function targetOf(node: YamlNode): PatchTarget | 'unsupported' {
  const target: { -readonly [K in keyof PatchTarget]: PatchTarget[K] } = {};
  for (const field of FIELDS) {
    const value = stringOf(lookup(node, field));
    if (value === undefined || value === '') continue;
    const text = value.replace(/^\^/, '').replace(/\$$/, '');
    if (!/^[A-Za-z0-9_./-]*$/.test(text.replaceAll('.*', ''))) return 'unsupported';
    target[field] = text;
  }
  for (const [field, key] of [
    ['labelSelector', 'labels'],
    ['annotationSelector', 'annotations'],
  ] as const) {
    const value = stringOf(lookup(node, field));
    if (value === undefined || value.trim() === '') continue;
    const pairs = parseEqualities(value);
    if (pairs === undefined) return 'unsupported';
    target[key] = pairs;
  }
  return target;
}

function parseEqualities(selector: string): ReadonlyMap<string, string> | undefined {
  const pairs = new Map<string, string>();
  for (const part of selector.split(',')) {
    const match = /^\s*([^\s=!,()]+)\s*==?\s*([^\s=!,()]*)\s*$/.exec(part);
    if (match === null) return undefined;
    pairs.set(match[1] ?? '', match[2] ?? '');
  }
  return pairs;
}

export function selects(target: PatchTarget, resource: Resource): boolean {
  const bareKind = resource.header.kind;
  return (
    matches(target.kind, bareKind) &&
    (target.group === undefined ||
      kindName('', resource.group) === kindName('', target.group) ||
      matches(target.group, resource.group)) &&
    matches(target.version, resource.version) &&
    matches(target.name, resource.name ?? '') &&
    (target.namespace === undefined || matches(target.namespace, resource.namespace ?? '')) &&
    [...(target.labels ?? [])].every(([key, value]) => has(resource, 'labels', key, value)) &&
    [...(target.annotations ?? [])].every(([key, value]) => has(resource, 'annotations', key, value))
  );
}

function has(resource: Resource, field: 'labels' | 'annotations', key: string, value: string): boolean {
  return entriesOf(resource.at('metadata', field)).some((entry) => entry.key.value === key && stringOf(entry.value) === value);
}

/** Matches text against a pattern whose only special part is `.*`, in linear time. */
function matches(pattern: string | undefined, text: string): boolean {
  if (pattern === undefined) return true;
  const parts = pattern.split('.*');
  const first = parts[0] ?? '';
  if (parts.length === 1) return text === first;
  const last = parts.at(-1) ?? '';
  if (!text.startsWith(first) || !text.endsWith(last) || text.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = text.indexOf(part, at);
    if (found < 0 || found + part.length > text.length - last.length) return false;
    at = found + part.length;
  }
  return true;
}
