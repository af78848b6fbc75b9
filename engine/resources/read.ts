import type { ManifestDocument } from '../yaml/document';
import { itemsOf } from '../yaml/tree';
import type { MapNode, YamlNode } from '../yaml/tree';
import { isReadInFull } from './kinds';
import { headerOf, Resource } from './resource';
import type { ResourceHeader } from './resource';
import { scanHeader } from './scan-header';

/** Nested Lists deeper than this are not flattened. */
const LIST_DEPTH = 4;

/**
 * The resources of one document, Lists flattened; empty for a document that is no Kubernetes object. A document whose kind no rule reads is
 * not parsed: its header is taken from the text.
 *
 * @param before what this document held before its last change: a Resource whose content is the same is returned again
 */
export function readResources(document: ManifestDocument, before: readonly Resource[] = []): readonly Resource[] {
  const { header, isAll } = scan(document);
  if (header !== undefined && isAll) {
    const old = before[0];
    if (
      before.length === 1 &&
      old?.isSkimmed === true &&
      old.source === document &&
      sameHeader(old.header, header) &&
      !isOutdated(old, document)
    )
      return before;
    return [unparsed(header, document)];
  }
  const root = asMap(document.root);
  return root === undefined ? [] : flatten(root, document, before, 0);
}

/** What was read after all of resources that need not be parsed: only then does a change of the body make another resource. */
const asked = new WeakMap<Resource, MapNode | undefined>();

function unparsed(header: ResourceHeader, document: ManifestDocument): Resource {
  const readRoot = (): MapNode | undefined => {
    const root = asMap(document.root);
    asked.set(resource, root);
    return root;
  };
  const resource: Resource = new Resource(header, document, readRoot, true);
  return resource;
}

function isOutdated(resource: Resource, document: ManifestDocument): boolean {
  return asked.has(resource) && asked.get(resource) !== asMap(document.root);
}

interface ScannedHeader {
  readonly version: number;
  readonly header: ResourceHeader | undefined;
  /** Whether the header is all that is read at first. */
  readonly isAll: boolean;
}

/** An edit of a large file asks for the headers of all its documents, of which one has changed. */
const scanned = new WeakMap<ManifestDocument, ScannedHeader>();

function scan(document: ManifestDocument): ScannedHeader {
  const { readable, text, version } = document;
  const before = scanned.get(document);
  // What a template hides of a document depends on those above it.
  if (before?.version === version && readable === text) return before;
  const header = scanHeader(readable, text);
  const isAll = header !== undefined && !isReadInFull(header.kind, groupOf(header.apiVersion), text);
  const now = { version, header, isAll };
  scanned.set(document, now);
  return now;
}

/** Whether a document's syntax matters: not where only its header is read. */
export function isParsed(document: ManifestDocument): boolean {
  return !scan(document).isAll;
}

function flatten(root: MapNode, document: ManifestDocument, before: readonly Resource[], depth: number): Resource[] {
  const header = headerOf(root);
  if (header === undefined) return [];
  if (header.kind.endsWith('List') && root.get('items')?.type === 'sequence' && depth < LIST_DEPTH) {
    return itemsOf(root.get('items')).flatMap((item) => (item.type === 'map' ? flatten(item, document, before, depth + 1) : []));
  }
  // A resource that was not parsed reads whatever its document now holds: what tells is its header, and what was read of it before.
  const old = before.find(
    (resource) =>
      resource.source === document &&
      !resource.isSkimmed &&
      !isOutdated(resource, document) &&
      resource.root === root &&
      sameHeader(resource.header, header),
  );
  return [old ?? new Resource(header, document, root)];
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
