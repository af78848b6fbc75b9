import { itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { MapEntry, MapNode, UnknownNode, YamlNode } from '../../yaml/tree';
import { lacking } from '../lacking';
import { derivedMap, derivedSequence, hiddenBy, isNullish, madeScalar, textOf } from './derive';
import type { FieldSpec } from './field-spec';
import { changed } from './item';
import type { Item } from './item';
import { Pattern } from './pattern';
import { Refusal } from './refusal';
import { editItem } from './site';
import type { Site } from './site';

/** An entry of `images`. */
interface ImageChange {
  readonly matches: (image: string) => boolean;
  readonly newName: string | undefined;
  readonly newTag: string | undefined;
  readonly digest: string | undefined;
  readonly tagSuffix: string | undefined;
  /** A part of the new image that a variable hides. */
  readonly hidden: UnknownNode | undefined;
  /** Where the finding about a changed image stands. */
  readonly node: YamlNode;
}

/**
 * What an entry of `images` does (kustomize v5.8.1 api/filters/imagetag): every `image` of a list called `containers` or `initContainers`,
 * wherever it stands, and those of the table, in all kinds but CustomResourceDefinition.
 */
export function applyImage(site: Site, entry: YamlNode, specs: readonly FieldSpec[]): void {
  const change = changeIn(entry);
  if (change === 'unsupported') {
    site.leaveOut(lacking('patterns that are not understood', `the name of an image in ${site.file}`));
    return;
  }
  if (change === undefined) return;
  const apply = (item: Item): Item | Refusal => {
    if (item.resource.header.kind === 'CustomResourceDefinition') return item;
    const walked = changed(item, (root) => inLists(root, change));
    if (walked instanceof Refusal) return walked;
    return editItem(walked, specs, { by: entry, set: (node) => withImage(node, change) });
  };
  site.items.each({ by: [IMAGES, entry, specs], change: apply, node: entry });
}

const IMAGES = {};
const LISTS = ['containers', 'initContainers'];

function changeIn(entry: YamlNode): ImageChange | 'unsupported' | undefined {
  const name = stringOf(lookup(entry, 'name'));
  if (name === undefined) return undefined;
  const text = (field: string): string | undefined => textOf(lookup(entry, field));
  const fields = ['newTag', 'digest', 'newName', 'tagSuffix'];
  const nodes = fields.flatMap((field) => lookup(entry, field) ?? []);
  const matches = matcherOf(name);
  return matches === undefined
    ? 'unsupported'
    : {
        matches,
        newName: text('newName'),
        newTag: text('newTag'),
        digest: text('digest'),
        tagSuffix: text('tagSuffix'),
        hidden: nodes.find((node) => node.type === 'unknown'),
        node: nodes[0] ?? entry,
      };
}

const TAG_AND_DIGEST = '(:[a-zA-Z0-9_.{}-]*)?(@sha256:[a-zA-Z0-9_.{}-]*)?';

/** The name is put into an expression as it is written (api/internal/image/image.go): its dots match any character. */
function matcherOf(name: string): ((image: string) => boolean) | undefined {
  const pattern = Pattern.parse(`^${name}${TAG_AND_DIGEST}$`);
  if (typeof pattern === 'string') return undefined;
  // Most images are told apart by how they start, which costs less than an expression. What may be left out is not counted.
  const start = name.includes('|') ? '' : (/^[A-Za-z0-9_/:@-]*(?![?*{])/.exec(name)?.[0] ?? '');
  return (image) => image.startsWith(start) && pattern.occursIn(image);
}

/** Goes through a tree for the two lists; what they hold is gone through first. */
function inLists(node: YamlNode, change: ImageChange): YamlNode {
  if (node.type === 'sequence') {
    const items = node.items.map((item) => inLists(item, change));
    return items.every((item, i) => item === node.items[i]) ? node : derivedSequence(node, items);
  }
  if (node.type !== 'map') return node;
  const entries = node.entries.map(({ key, value }): MapEntry => {
    const below = inLists(value, change);
    return { key, value: LISTS.includes(String(key.value)) ? inContainers(below, change) : below };
  });
  return entries.every(({ value }, i) => value === node.entries[i]?.value) ? node : derivedMap(node, entries);
}

function inContainers(list: YamlNode, change: ImageChange): YamlNode {
  if (list.type !== 'sequence') return list;
  const items = itemsOf(list).map((item) => (item.type === 'map' ? inContainer(item, change) : item));
  return items.every((item, i) => item === list.items[i]) ? list : derivedSequence(list, items);
}

function inContainer(container: MapNode, change: ImageChange): MapNode {
  const entries = container.entries.map(({ key, value }): MapEntry => {
    const image = String(key.value) === 'image' ? withImage(value, change) : value;
    return { key, value: image instanceof Refusal ? value : image };
  });
  return entries.every(({ value }, i) => value === container.entries[i]?.value) ? container : derivedMap(container, entries);
}

function withImage(node: YamlNode, change: ImageChange): YamlNode | Refusal {
  if (isNullish(node) || node.type === 'unknown') return node;
  const image = textOf(node);
  if (image === undefined) return new Refusal('an image must be a single value');
  if (!change.matches(image)) return node;
  if (change.hidden !== undefined) return hiddenBy(change.hidden);
  const parts = splitImage(image);
  const name = change.newName === undefined || change.newName === '' ? parts.name : change.newName;
  const { tag, digest } = newVersion(parts, change);
  const written = `${name}${tag === '' ? '' : `:${tag}`}${digest === '' ? '' : `@${digest}`}`;
  return written === image ? node : madeScalar(written, change.node);
}

function newVersion(
  { tag, digest }: { tag: string; digest: string },
  { newTag = '', digest: newDigest = '', tagSuffix = '' }: ImageChange,
): { tag: string; digest: string } {
  if (newTag !== '' || newDigest !== '') return { tag: newTag, digest: newDigest };
  return tagSuffix === '' ? { tag, digest } : { tag: `${tag}${tagSuffix}`, digest: '' };
}

/** A colon before the first slash belongs to the registry's port. */
function splitImage(image: string): { name: string; tag: string; digest: string } {
  const slash = Math.max(0, image.indexOf('/'));
  const at = image.indexOf('@', slash);
  const rest = at < 0 ? image : image.slice(0, at);
  const digest = at < 0 ? '' : image.slice(at + 1);
  const colon = rest.indexOf(':', slash);
  return colon < 0 ? { name: rest, tag: '', digest } : { name: rest.slice(0, colon), tag: rest.slice(colon + 1), digest };
}
