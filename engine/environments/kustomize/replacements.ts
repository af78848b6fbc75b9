import { booleanOf, itemsOf, lookup, numberOf, stringOf } from '../../yaml/tree';
import type { ScalarValue, YamlNode } from '../../yaml/tree';
import { lacking } from '../lacking';
import { hiddenBy, isNullish, madeMap, madeScalar, madeSequence, textOf } from './derive';
import { editPath, INSIDE_TEXT, pathParts, readPath, UNREAD_PATTERN } from './field-path';
import type { PathEdit } from './field-path';
import { isSelected, selectorIn } from './field-spec';
import { allIds, changed, effectiveNamespace, writtenNamespace } from './item';
import type { Item, ObjectId } from './item';
import { resolveReference } from './kustomization';
import { Refusal } from './refusal';
import { Replacing } from './shared-values';
import type { Site } from './site';
import { matches, matchesGvk, matchesMetadata, onlyName, readTarget } from './target';
import type { PatchTarget } from './target';

/** What the entries of `replacements` do, in their order (kustomize v5.8.1 api/filters/replacement/replacement.go). */
export function applyReplacements(site: Site, list: YamlNode | undefined): void {
  for (const entry of itemsOf(list)) {
    for (const replacement of replacementsOf(site, entry)) {
      const value = sourceOf(site, replacement);
      if (value !== undefined) for (const target of itemsOf(lookup(replacement, 'targets'))) copyTo(site, value, target);
    }
  }
}

/** A replacement may stand in a file of its own, alone or in a list. */
function replacementsOf(site: Site, entry: YamlNode): readonly YamlNode[] {
  const path = lookup(entry, 'path');
  const written = stringOf(path);
  if (path === undefined || written === undefined) return [entry];
  const reference = resolveReference(site.repository, site.directory, written, path, 'replacements');
  if (reference.to === 'nothing') site.refuse(path, reference.problem.message);
  if (reference.to !== 'file') {
    site.leaveOut(lacking('replacements that are not here', site.file));
    return [];
  }
  site.uses(reference.path);
  const root = site.repository.manifest(reference.path)?.documents.find((document) => document.root !== undefined)?.root;
  return root === undefined ? [] : root.type === 'sequence' ? root.items : [root];
}

/** The value to copy. */
function sourceOf(site: Site, replacement: YamlNode): YamlNode | undefined {
  const [source, literal] = [lookup(replacement, 'source'), lookup(replacement, 'sourceValue')];
  if (literal !== undefined && source === undefined) return literal;
  if (source === undefined || lookup(replacement, 'targets') === undefined) {
    site.refuse(replacement, 'A replacement needs a source and targets: kustomize refuses this one.');
    return undefined;
  }
  const selector = {
    ...selectorIn(source),
    name: stringOf(lookup(source, 'name')),
    namespace: stringOf(lookup(source, 'namespace')),
  };
  const called = selector.name === undefined || selector.name === '' ? site.items.entries() : site.items.called(selector.name);
  const found = called.flatMap(([, item]) => (sourceIds(item).some((id) => isSource(id, selector)) ? [item] : []));
  const [only] = found;
  if (only === undefined || found.length > 1) {
    const what = only === undefined ? 'nothing' : `${found.length} resources`;
    site.refuse(
      source,
      `This source selects ${what} of what this kustomization builds: kustomize wants exactly one resource here.`,
    );
    return undefined;
  }
  const path = stringOf(lookup(source, 'fieldPath')) ?? 'metadata.name';
  const root = only.resource.root;
  const value = root === undefined ? undefined : readPath(root, pathParts(path));
  if (value instanceof Refusal || value === undefined || isEmpty(value)) {
    site.refuse(
      lookup(source, 'fieldPath') ?? source,
      `${only.resource.title} has no value at "${path}", so kustomize fails to copy it.`,
    );
    return undefined;
  }
  return refined(site, value, lookup(source, 'options'));
}

/** The namespace of now is the written one, those of before are in effect (api/internal/utils/makeResIds.go). */
function sourceIds(item: Item): ObjectId[] {
  const written = writtenNamespace(item.resource) ?? '';
  return allIds(item).map((id, i) => (i === item.former.length ? { ...id, namespace: written } : id));
}

function isSource(
  id: ObjectId,
  selector: ReturnType<typeof selectorIn> & { name: string | undefined; namespace: string | undefined },
): boolean {
  const { name, namespace } = selector;
  return (
    (name === undefined || name === '' || name === id.name) &&
    (namespace === undefined || namespace === '' || effectiveNamespace(namespace) === effectiveNamespace(id.namespace)) &&
    isSelected(id, selector)
  );
}

function isEmpty(node: YamlNode): boolean {
  if (node.type === 'map') return node.entries.length === 0 && !node.open;
  return node.type === 'sequence' ? node.items.length === 0 : isNullish(node) || textOf(node) === '';
}

/** One piece of the source's text, where its options ask for that. */
function refined(site: Site, value: YamlNode, options: YamlNode | undefined): YamlNode | undefined {
  const delimiter = stringOf(lookup(options, 'delimiter')) ?? '';
  if (delimiter === '' || value.type === 'unknown') return value;
  const text = textOf(value);
  const index = numberOf(lookup(options, 'index')) ?? 0;
  const piece = text?.split(delimiter)[index];
  if (piece !== undefined) return site.memo.once(value, [PIECE, options ?? value], () => madeScalar(piece, value));
  site.refuse(options ?? value, `The source has no piece ${index} between "${delimiter}", so kustomize fails to copy it.`);
  return undefined;
}

const PIECE = {};
const COPY = {};

function copyTo(site: Site, value: YamlNode, target: YamlNode): void {
  const select = lookup(target, 'select');
  if (select === undefined) {
    site.refuse(target, 'A target of a replacement needs "select": kustomize refuses this one.');
    return;
  }
  const [wanted, ...rejected] = [select, ...itemsOf(lookup(target, 'reject'))].map(readTarget);
  if (wanted === undefined || typeof wanted === 'string' || rejected.some((other) => typeof other === 'string')) {
    if (wanted === 'wrong' || rejected.includes('wrong'))
      site.refuse(select, 'kustomize cannot read an expression of this target.');
    else site.leaveOut(lacking('patterns that are not understood', `a replacement's target in ${site.file}`));
    return;
  }
  const others = rejected.filter((other): other is PatchTarget => typeof other !== 'string');
  const paths = itemsOf(lookup(target, 'fieldPaths')).flatMap((node) => stringOf(node) ?? []);
  const name = onlyName(wanted);
  for (const [index, item] of name === undefined ? site.items.entries() : site.items.called(name)) {
    if (!isMeant(item, wanted, others)) continue;
    const next = site.cache.once(item, [COPY, value, target], () =>
      changed(item, (root) => {
        let tree: YamlNode = root;
        for (const path of paths.length === 0 ? ['metadata.name'] : paths) {
          const replacing = new Replacing();
          const result = editPath(tree, pathParts(path), editOf(value, lookup(target, 'options'), replacing));
          if (result instanceof Refusal) return result;
          if (result.found === 0) return new Refusal(`it has no field "${path}"`);
          tree = replacing.everywhere(result.tree);
        }
        return tree;
      }),
    );
    if (!(next instanceof Refusal)) site.items.replace(index, next);
    else if (next.message === INSIDE_TEXT || next.message === UNREAD_PATTERN)
      site.leaveOut(lacking('replacements that are not made', `${site.file} (${next.message})`));
    else site.refuse(select, `kustomize cannot copy the value into ${item.resource.title}: ${next.message}.`);
  }
}

function isMeant(item: Item, wanted: PatchTarget, rejected: readonly PatchTarget[]): boolean {
  if (!matchesMetadata(wanted, item.resource)) return false;
  const ids = sourceIds(item);
  const isId = (target: PatchTarget): boolean =>
    ids.some((id) => matchesGvk(target, id) && matches(target, 'name', id.name) && matches(target, 'namespace', id.namespace));
  const isRejected = rejected.some((target) => {
    const byMetadata = target.labels !== undefined || target.annotations !== undefined;
    if (byMetadata && matchesMetadata(target, item.resource)) return true;
    const namesNothing = [target.group, target.version, target.kind, target.name, target.namespace].every(
      (part) => part === undefined,
    );
    return !namesNothing && isId(target);
  });
  return !isRejected && isId(wanted);
}

function editOf(value: YamlNode, options: YamlNode | undefined, replacing: Replacing): PathEdit {
  const creates = booleanOf(lookup(options, 'create')) === true;
  const make = (): YamlNode => {
    if (value.type === 'map') return madeMap([], value);
    return value.type === 'sequence' ? madeSequence(value) : madeScalar('', value);
  };
  return { by: value, make: creates ? make : undefined, set: (node) => copied(node, value, options, replacing) };
}

function copied(node: YamlNode, value: YamlNode, options: YamlNode | undefined, replacing: Replacing): YamlNode | Refusal {
  if (node.type === 'unknown') return node;
  const delimiter = stringOf(lookup(options, 'delimiter')) ?? '';
  if (value.type === 'unknown') return hiddenBy(value);
  if (delimiter !== '') {
    const [before, piece] = [textOf(node), textOf(value)];
    if (before === undefined || piece === undefined) return new Refusal('a delimiter is for single values only');
    const index = numberOf(lookup(options, 'index')) ?? 0;
    return replacing.instead(node, ofType(node, withPiece(before.split(delimiter), piece, index).join(delimiter)), value);
  }
  if (node.type !== 'scalar') return value;
  const text = textOf(value);
  return text === undefined
    ? new Refusal('a map or a list cannot take the place of a single value')
    : replacing.instead(node, ofType(node, text), value);
}

function withPiece(pieces: readonly string[], piece: string, index: number): string[] {
  if (index < 0) return [piece, ...pieces];
  return index >= pieces.length ? [...pieces, piece] : pieces.map((old, i) => (i === index ? piece : old));
}

/** The text is copied and the type stays: a number that comes to stand in a string is text, text in a number's place is a number. */
function ofType(node: YamlNode, text: string): ScalarValue {
  const before = node.type === 'scalar' ? node.value : null;
  if (typeof before === 'number' && /^-?[0-9]+(?:\.[0-9]+)?$/.test(text)) return Number(text);
  return typeof before === 'boolean' && (text === 'true' || text === 'false') ? text === 'true' : text;
}
