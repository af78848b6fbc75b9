import { absent, known } from '../tristate';
import type { ManifestDocument } from '../yaml/document';
import { itemsOf } from '../yaml/tree';
import type { MapNode, YamlNode } from '../yaml/tree';
import { isClusterScoped, isReadInFull, kindName } from './kinds';
import { headerOf, Resource } from './resource';
import type { ResourceHeader } from './resource';

/** Nested Lists deeper than this are not flattened. */
const LIST_DEPTH = 4;

/**
 * The resources of one document, Lists flattened; empty for a document that is no Kubernetes object. A document whose kind no rule reads is
 * not parsed: its header is taken from the text.
 *
 * @param before what this document held before its last change: a Resource whose content is the same is returned again
 */
export function readResources(document: ManifestDocument, before: readonly Resource[] = []): readonly Resource[] {
  const header = scanHeader(document.readable);
  if (header !== undefined && !isReadInFull(header.kind, groupOf(header.apiVersion))) {
    const old = before[0];
    if (before.length === 1 && old?.source === document && sameHeader(old.header, header) && !isOutdated(old, document))
      return before;
    return [unparsed(header, document)];
  }
  const root = asMap(document.root);
  return root === undefined ? [] : flatten(root, document, before, 0);
}

/** What was read after all of resources that need not be parsed: only then does a change of the body make another resource. */
const asked = new WeakMap<Resource, MapNode | undefined>();

function unparsed(header: ResourceHeader, document: ManifestDocument): Resource {
  const resource: Resource = new Resource(header, document, () => {
    const root = asMap(document.root);
    asked.set(resource, root);
    return root;
  });
  return resource;
}

function isOutdated(resource: Resource, document: ManifestDocument): boolean {
  return asked.has(resource) && asked.get(resource) !== asMap(document.root);
}

/** Whether a document's syntax matters: not where only its header is read. */
export function isParsed(document: ManifestDocument): boolean {
  const header = scanHeader(document.readable);
  return header === undefined || isReadInFull(header.kind, groupOf(header.apiVersion));
}

function flatten(root: MapNode, document: ManifestDocument, before: readonly Resource[], depth: number): Resource[] {
  const header = headerOf(root);
  if (header === undefined) return [];
  if (header.kind.endsWith('List') && root.get('items')?.type === 'sequence' && depth < LIST_DEPTH) {
    return itemsOf(root.get('items')).flatMap((item) => (item.type === 'map' ? flatten(item, document, before, depth + 1) : []));
  }
  // A resource that was not parsed reads whatever its document now holds, so its header is what tells.
  const old = before.find(
    (resource) => resource.root === root && resource.source === document && sameHeader(resource.header, header),
  );
  return [old ?? new Resource(header, document, () => root)];
}

function asMap(node: YamlNode | undefined): MapNode | undefined {
  return node?.type === 'map' ? node : undefined;
}

function groupOf(apiVersion: string): string {
  return apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

function sameHeader(a: ResourceHeader, b: ResourceHeader): boolean {
  return a.apiVersion === b.apiVersion && a.kind === b.kind && sameText(a.name, b.name) && sameText(a.namespace, b.namespace);
}

function sameText(a: ResourceHeader['name'], b: ResourceHeader['name']): boolean {
  return a.is === b.is && (a.is !== 'known' || (b.is === 'known' && a.value === b.value));
}

const TOP_LEVEL = /^(apiVersion|kind|metadata):[ \t]*([^\r\n]*)/gm;
const PLAIN_VALUE = /^(["']?)([A-Za-z0-9][A-Za-z0-9./_-]{0,252})\1[ \t]*(?:#.*)?$/;
const METADATA_LINE = /^( +)([A-Za-z]+):[ \t]*([^\r\n]*)$/;

/**
 * Takes the identity of a plain block document from its lines, without parsing it. Undefined whenever a line is anything but plain: then
 * the document has to be parsed.
 */
export function scanHeader(text: string): ResourceHeader | undefined {
  const found = new Map<string, string>();
  let metadataFrom = -1;
  for (const match of text.matchAll(TOP_LEVEL)) {
    const [whole, key = '', value = ''] = match;
    if (found.has(key)) return undefined;
    found.set(key, value);
    if (key === 'metadata') metadataFrom = match.index + whole.length;
  }
  const apiVersion = PLAIN_VALUE.exec(found.get('apiVersion') ?? '')?.[2];
  const kind = PLAIN_VALUE.exec(found.get('kind') ?? '')?.[2];
  if (apiVersion === undefined || kind === undefined || metadataFrom < 0) return undefined;
  if ((found.get('metadata') ?? '').replace(/^#.*/, '') !== '') return undefined;
  const metadata = scanMetadata(text, metadataFrom);
  if (metadata?.name === undefined) return undefined;
  const scoped = !isClusterScoped(kindName(kind, groupOf(apiVersion)));
  return {
    apiVersion,
    kind,
    name: known(metadata.name),
    namespace: scoped && metadata.namespace !== undefined ? known(metadata.namespace) : absent,
  };
}

function scanMetadata(text: string, from: number): { name: string | undefined; namespace: string | undefined } | undefined {
  const values = new Map<string, string>();
  let indent: string | undefined;
  let at = text.indexOf('\n', from) + 1;
  while (at > 0 && at < text.length) {
    const feed = text.indexOf('\n', at);
    const line = text.slice(at, feed < 0 ? text.length : feed).replace(/\r$/, '');
    at = feed + 1;
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    if (!line.startsWith(' ')) break;
    const match = METADATA_LINE.exec(line);
    indent ??= /^ */.exec(line)?.[0];
    if (match === null || match[1] !== indent) {
      // Deeper lines belong to labels and annotations; one that stands less deep than the first is not plain.
      if (line.startsWith(`${indent ?? ''} `)) continue;
      return undefined;
    }
    const key = match[2] ?? '';
    if (key !== 'name' && key !== 'namespace') continue;
    const value = PLAIN_VALUE.exec(match[3] ?? '')?.[2];
    if (value === undefined || values.has(key)) return undefined;
    values.set(key, value);
  }
  return { name: values.get('name'), namespace: values.get('namespace') };
}
