import { headerOf, Resource } from '../../resources/resource';
import { booleanOf, entriesOf, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { MapEntry, MapNode, YamlNode } from '../../yaml/tree';
import type { Manifest } from '../../yaml/manifest';
import { baseNameOf } from '../paths';
import { derivedMap, hiddenBy, madeMap, madeScalar, textOf, withEntry } from './derive';
import { allIds, currentId, isSameId, itemOf } from './item';
import type { Item } from './item';
import { resolveReference } from './kustomization';
import type { Site } from './site';

/**
 * What an entry of `configMapGenerator` or `secretGenerator` makes (kustomize v5.8.1 api/internal/generators and
 * api/resmap/reswrangler.go). Two things are not as kustomize has them. The name gets no hash: what refers to it does not either, so that
 * both agree. And a Secret's values, and those that files hold which are not read, are unknown.
 */
export function applyGenerator(
  site: Site,
  entry: YamlNode,
  kind: 'ConfigMap' | 'Secret',
  globalOptions: YamlNode | undefined,
): void {
  const name = lookup(entry, 'name');
  if (textOf(name) === undefined) {
    if (name?.type !== 'unknown') site.refuse(entry, `A generated ${kind} needs a name: kustomize refuses this entry.`);
    return;
  }
  const options = new Options(lookup(entry, 'options'), globalOptions);
  const pairs = pairsOf(site, entry);
  const made = site.memo.once(entry, [kind === 'Secret' ? SECRET : CONFIG_MAP, globalOptions ?? entry, ...pairs.decided], () =>
    objectOf(entry, kind, options, pairs),
  );
  const header = headerOf(made);
  if (header === undefined) return;
  const resource = site.memo.once(made, [RESOURCE], () => new Resource(header, entry.source, made));
  const isHashed = !options.flag('disableNameSuffixHash');
  const item = site.cache.once(resource, [isHashed ? HASHED : PLAIN], () => ({ ...itemOf(resource), isHashed }));
  take(site, item, entry);
}

const CONFIG_MAP = {};
const SECRET = {};
const RESOURCE = {};
const MERGED = {};
const HASHED = {};
const PLAIN = {};

/** The options of an entry, and those for all, which only add to them: nothing that they turn on is turned off. */
class Options {
  private readonly all: readonly YamlNode[];

  constructor(own: YamlNode | undefined, global: YamlNode | undefined) {
    this.all = [own, global].filter((node) => node !== undefined);
  }

  flag(name: string): boolean {
    return this.all.some((options) => booleanOf(lookup(options, name)) === true);
  }

  pairs(name: string): MapEntry[] {
    const pairs = new Map<string, MapEntry>();
    for (const options of this.all) {
      for (const entry of entriesOf(lookup(options, name))) {
        const key = String(entry.key.value);
        if (!pairs.has(key)) pairs.set(key, entry);
      }
    }
    return [...pairs.values()];
  }
}

interface Pairs {
  readonly entries: readonly MapEntry[];
  /** Whether a file may add keys that are not known. */
  readonly open: boolean;
  /** What the pairs were made of, besides the entry. */
  readonly decided: readonly object[];
}

/** Literals, files and files of pairs (kustomize v5.8.1 api/kv/kv.go). */
function pairsOf(site: Site, entry: YamlNode): Pairs {
  const entries: MapEntry[] = [];
  const decided: object[] = [];
  for (const literal of itemsOf(lookup(entry, 'literals'))) {
    const text = textOf(literal) ?? '';
    const equals = text.indexOf('=');
    if (equals > 0) entries.push(pair(text.slice(0, equals), unquoted(text.slice(equals + 1)), literal));
    else if (literal.type !== 'unknown')
      site.refuse(literal, `"${text}" is no "key=value", so kustomize fails to generate anything from it.`);
  }
  for (const file of itemsOf(lookup(entry, 'files'))) {
    const written = textOf(file) ?? '';
    const equals = written.indexOf('=');
    const path = written.slice(equals + 1);
    const document = fileNode(site, file, path);
    if (document === undefined) continue;
    const key = equals > 0 ? written.slice(0, equals) : baseNameOf(path);
    const node = typeof document.text === 'string' ? madeScalar(document.text, file) : hiddenBy(file);
    decided.push(...document.decided);
    entries.push({ key: madeScalar(key, file), value: node });
  }
  const envs = [...itemsOf(lookup(entry, 'envs')), ...[lookup(entry, 'env')].filter((node) => node !== undefined)];
  for (const env of envs) fileNode(site, env, textOf(env) ?? '');
  return { entries, open: envs.length > 0, decided };
}

function pair(key: string, value: string, node: YamlNode): MapEntry {
  return { key: madeScalar(key, node), value: madeScalar(value, node) };
}

function unquoted(text: string): string {
  const isQuoted = text.length > 1 && (text.startsWith('"') || text.startsWith("'")) && text.endsWith(text[0] ?? '');
  return isQuoted ? text.slice(1, -1) : text;
}

/** A file that a generator names: its text where it is read, that is for YAML alone; undefined when it is not there. */
function fileNode(site: Site, node: YamlNode, path: string): { text: string | undefined; decided: object[] } | undefined {
  const { repository } = site;
  const reference = resolveReference(repository, site.directory, path, node, 'files');
  if (reference.to === 'nothing') site.refuse(node, reference.problem.message);
  if (reference.to === 'directory')
    site.refuse(node, `"${path}" is a directory: a generator takes files, so kustomize fails. Name a file in it.`);
  if (reference.to !== 'file') return undefined;
  site.uses(reference.path);
  const manifest = repository.manifest(reference.path);
  if (manifest === undefined) return { text: undefined, decided: [] };
  return { text: manifest.text, decided: [tokenOf(manifest)] };
}

const tokens = new WeakMap<Manifest, { readonly text: string; readonly token: object }>();

/** An object that stands for a file's text: another one when that has changed. */
function tokenOf(manifest: Manifest): object {
  const known = tokens.get(manifest);
  if (known?.text === manifest.text) return known.token;
  const token = {};
  tokens.set(manifest, { text: manifest.text, token });
  return token;
}

function objectOf(entry: YamlNode, kind: 'ConfigMap' | 'Secret', options: Options, pairs: Pairs): MapNode {
  const text = (name: string, value: YamlNode | string, by = entry): MapEntry => ({
    key: madeScalar(name, by),
    value: typeof value === 'string' ? madeScalar(value, by) : value,
  });
  const metadata: MapEntry[] = [];
  for (const field of ['name', 'namespace']) {
    const node = lookup(entry, field);
    if (node !== undefined && textOf(node) !== '') metadata.push(text(field, node));
  }
  for (const field of ['labels', 'annotations']) {
    const own = options.pairs(field);
    if (own.length > 0) metadata.push(text(field, madeMap(own, entry)));
  }
  const isSecret = kind === 'Secret';
  const type = lookup(entry, 'type');
  const data = isSecret ? pairs.entries.map(({ key, value }) => ({ key, value: hiddenBy(value) })) : pairs.entries;
  const immutable = options.flag('immutable') ? [{ key: madeScalar('immutable', entry), value: madeScalar(true, entry) }] : [];
  const hasData = data.length > 0 || pairs.open;
  return madeMap(
    [
      text('apiVersion', 'v1'),
      text('kind', kind),
      text('metadata', madeMap(metadata, entry)),
      ...(isSecret ? [text('type', type !== undefined && textOf(type) !== '' ? type : 'Opaque')] : []),
      ...(hasData ? [text('data', madeMap(data, entry, pairs.open))] : []),
      ...immutable,
    ],
    entry,
  );
}

/** Adds what was generated, or merges it with what is there, as its `behavior` says. */
function take(site: Site, item: Item, entry: YamlNode): void {
  const behavior = stringOf(lookup(entry, 'behavior')) ?? 'create';
  const id = currentId(item.resource);
  const found = site.items.called(id.name ?? '').filter(([, other]) => allIds(other).some((former) => isSameId(former, id)));
  const [only] = found;
  const node = lookup(entry, 'behavior') ?? lookup(entry, 'name') ?? entry;
  const { title } = item.resource;
  if (only === undefined) {
    if (behavior !== 'merge' && behavior !== 'replace') site.items.add(item);
    else site.refuse(node, `There is no ${title} to ${behavior}: kustomize fails. Correct the name, or create it.`);
  } else if (found.length > 1)
    site.refuse(node, `Several resources are or were ${title}: kustomize cannot tell which one is meant.`);
  else if (behavior !== 'merge' && behavior !== 'replace')
    site.refuse(
      node,
      `${title} is there already: kustomize refuses to generate it again without "behavior: merge" or "replace".`,
    );
  else {
    const [index, old] = only;
    const isMerge = behavior === 'merge';
    site.items.replace(
      index,
      site.cache.once(item, [isMerge ? MERGED : PLAIN, old], () => merged(site, old, item, isMerge)),
    );
  }
}

/** The new object with the place, the name and the metadata of the old one, and with its data where they are merged. */
function merged(site: Site, old: Item, item: Item, keepsData: boolean): Item {
  const [before, after] = [old.resource.root, item.resource.root];
  if (before === undefined || after === undefined) return old;
  const tree = site.memo.once(after, [MERGED, before, keepsData ? MERGED : RESOURCE], () => {
    const metadata = both(lookup(before, 'metadata'), lookup(after, 'metadata'), true) ?? madeMap([], after);
    const placed = ['name', 'namespace'].reduce((map, field) => {
      const entry = before.get('metadata')?.type === 'map' ? (before.get('metadata') as MapNode).entry(field) : undefined;
      return entry === undefined ? map : withEntry(map, entry.key, entry.value);
    }, metadata);
    const named = withEntry(after, madeScalar('metadata', after), placed);
    if (!keepsData) return named;
    return ['data', 'binaryData'].reduce((map, field) => {
      const data = both(lookup(before, field), lookup(after, field), false);
      return data === undefined ? map : withEntry(map, madeScalar(field, after), data);
    }, named);
  });
  const resource = site.memo.resource(item.resource, tree) ?? item.resource;
  return { ...old, resource, isHashed: old.isHashed && item.isHashed };
}

/** The entries of both maps, the second one's where they meet; labels and annotations likewise where these are metadata. */
function both(a: YamlNode | undefined, b: YamlNode | undefined, isMetadata: boolean): MapNode | undefined {
  if (a?.type !== 'map' || b?.type !== 'map') return a?.type === 'map' ? a : b?.type === 'map' ? b : undefined;
  const entries = new Map([...a.entries, ...b.entries].map((entry) => [String(entry.key.value), entry]));
  if (isMetadata) {
    for (const field of ['labels', 'annotations']) {
      const [key, value] = [entries.get(field)?.key, both(a.get(field), b.get(field), false)];
      if (key !== undefined && value !== undefined) entries.set(field, { key, value });
    }
  }
  return derivedMap(b, [...entries.values()], a.open || b.open);
}
