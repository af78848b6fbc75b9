// Long because one build is one state that every transformer works on.
import type { Resource } from '../../resources/resource';
import { entriesOf, itemsOf, lookup, MapNode, stringOf } from '../../yaml/tree';
import type { ScalarNode, YamlNode } from '../../yaml/tree';
import { parseEmbedded } from '../../yaml/embedded';
import type { EmbeddedDocument } from '../../yaml/embedded';
import type { Graph } from '../../incremental/graph';
import type { Repository } from '../repository';
import { jsonPatch } from './json-patch';
import { kustomizationIn, notBuilt, patchFilesOf, referencesOf, resolveReference } from './kustomization';
import type { Kustomization, KustomizeProblem, Reference } from './kustomization';
import { strategicMerge } from './merge';
import { selects, targetOf } from './target';
import type { PatchTarget } from './target';
import { TransformMemo, withImage, withNamespace, withPairs, withReplicas } from './transform';
import type { ImageChange } from './transform';

/** What a kustomization builds to. */
export interface Build {
  readonly resources: readonly Resource[];
  readonly problems: readonly KustomizeProblem[];
  /** What could not be built, in words; nothing is concluded from what a partial build lacks. */
  readonly partial: readonly string[];
  /** Every file that took part. */
  readonly files: readonly string[];
}

/** Components are applied anew by each that lists them: those that list each other several times would multiply with each level. */
const MOST_COMPONENTS = 200;

const EMPTY: Build = { resources: [], problems: [], partial: [], files: [] };

/**
 * Builds kustomizations in-process, each directory once, however many overlays use it. This first form knows `resources`, `bases`,
 * `components`, `patches` (and their two older spellings), `namespace`, `labels`, `commonLabels`, `commonAnnotations`, `replicas` and
 * `images`, in kustomize's order; what else a kustomization uses is named in `partial`.
 */
export class KustomizeBuilder {
  /** The build of a directory; empty for one without a kustomization. */
  readonly build: (directory: string) => Build;
  /** The directories that a directory's kustomization uses, components included. */
  readonly usedDirectories: (directory: string) => readonly string[];

  private readonly repository: Repository;
  private readonly memo = new TransformMemo();
  private readonly inline = new WeakMap<ScalarNode, EmbeddedDocument>();
  private readonly reaches: (directory: string) => ReadonlySet<string>;

  constructor(graph: Graph, repository: Repository) {
    this.repository = repository;
    this.usedDirectories = graph.family('kustomize.uses', (directory: string) => {
      const kustomization = kustomizationIn(repository, directory);
      const references = kustomization === undefined ? [] : referencesOf(repository, kustomization);
      return references.flatMap((reference) => (reference.to === 'directory' ? [reference.path] : []));
    });
    this.reaches = graph.family('kustomize.reaches', (directory: string) => {
      const seen = new Set<string>();
      const open = [...this.usedDirectories(directory)];
      for (let next = open.pop(); next !== undefined; next = open.pop()) {
        if (seen.has(next)) continue;
        seen.add(next);
        open.push(...this.usedDirectories(next));
      }
      return seen;
    });
    this.build = graph.family('kustomize.build', (directory: string) => {
      const kustomization = kustomizationIn(repository, directory);
      return kustomization === undefined ? EMPTY : new BuildRun(this, kustomization).finish();
    });
  }

  /** @internal */
  parts(): { repository: Repository; memo: TransformMemo; reaches: (directory: string) => ReadonlySet<string> } {
    return { repository: this.repository, memo: this.memo, reaches: this.reaches };
  }

  /** @internal An inline patch, parsed once for each text. */
  embedded(node: ScalarNode): EmbeddedDocument | undefined {
    let document = this.inline.get(node);
    if (document === undefined) {
      document = parseEmbedded(node);
      if (document !== undefined) this.inline.set(node, document);
    }
    return document;
  }
}

type Step = (resources: readonly Resource[]) => readonly Resource[];

class BuildRun {
  private resources: Resource[] = [];
  /** Theirs, until a transformer changes them. */
  private identities: Set<unknown> | undefined;
  private readonly problems: KustomizeProblem[] = [];
  private readonly partial = new Set<string>();
  private readonly files = new Set<string>();
  private components = 0;
  private readonly builder: KustomizeBuilder;
  private readonly top: Kustomization;

  constructor(builder: KustomizeBuilder, kustomization: Kustomization) {
    this.builder = builder;
    this.top = kustomization;
  }

  finish(): Build {
    this.apply(this.top, 0);
    return { resources: this.resources, problems: this.problems, partial: [...this.partial], files: [...this.files].sort() };
  }

  /** Runs one kustomization on what is there: the top one on nothing, a component on all that its user has so far. */
  private apply(kustomization: Kustomization, depth: number): void {
    const { repository } = this.builder.parts();
    this.files.add(kustomization.file);
    for (const file of patchFilesOf(kustomization)) if (repository.exists(file)) this.files.add(file);
    for (const field of notBuilt(kustomization)) this.partial.add(`${field} in ${kustomization.file}`);
    const references = referencesOf(repository, kustomization);
    for (const reference of references) if (reference.field !== 'components') this.accumulate(kustomization, reference);
    for (const reference of references)
      if (reference.field === 'components') this.applyComponent(kustomization, reference, depth);
    for (const step of this.steps(kustomization)) this.resources = [...step(this.resources)];
    this.identities = undefined;
  }

  private accumulate(kustomization: Kustomization, reference: Reference): void {
    const { repository, reaches } = this.builder.parts();
    if (reference.to === 'nothing') {
      this.problems.push(reference.problem);
      this.partial.add(`a missing resource in ${kustomization.file}`);
    } else if (reference.to === 'remote') this.partial.add(`remote base ${reference.path} in ${kustomization.file}`);
    else if (reference.to === 'file') {
      this.files.add(reference.path);
      this.add(repository.resources(reference.path), reference.node);
    } else if (reference.path === kustomization.directory || reaches(reference.path).has(kustomization.directory)) {
      const message = `"${reference.path}" uses this directory in turn: kustomize refuses such a cycle. Remove one of the two entries.`;
      this.problems.push({ place: { node: reference.node }, message });
      this.partial.add(`a cycle in ${kustomization.file}`);
    } else {
      const built = this.builder.build(reference.path);
      built.files.forEach((file) => this.files.add(file));
      built.partial.forEach((reason) => this.partial.add(reason));
      this.add(built.resources, reference.node);
    }
  }

  /** kustomize refuses two objects with one identity (api/resmap/reswrangler.go); of unknown identity are those of one text. */
  private add(resources: readonly Resource[], node: YamlNode): void {
    this.identities ??= new Set(this.resources.map(identityOf));
    const before = this.resources.length;
    for (const resource of resources) {
      if (this.identities.has(identityOf(resource))) {
        const message = `${resource.title} is already part of this kustomization: kustomize refuses to build it twice. Drop one of its sources.`;
        this.problems.push({ place: { node }, message });
      } else this.resources.push(resource);
    }
    for (const resource of this.resources.slice(before)) this.identities.add(identityOf(resource));
  }

  private applyComponent(kustomization: Kustomization, reference: Reference, depth: number): void {
    const { repository, reaches } = this.builder.parts();
    if (reference.to !== 'directory') {
      if (reference.to === 'nothing') this.problems.push(reference.problem);
      this.partial.add(`a component of ${kustomization.file} that is not here`);
      return;
    }
    const component = kustomizationIn(repository, reference.path);
    if (component === undefined || depth > 16 || reaches(reference.path).has(reference.path)) return;
    if (++this.components > MOST_COMPONENTS) {
      this.partial.add(`more than ${MOST_COMPONENTS} components of ${this.top.file}`);
      return;
    }
    if (!component.isComponent) {
      const message = `"${reference.path}" is no component: its kustomization must say "kind: Component" to be listed here, else list it under resources.`;
      this.problems.push({ place: { node: reference.node }, message });
    }
    this.apply(component, depth + 1);
  }

  /** The transformers in kustomize's fixed order (kustomize v5 api/internal/target/kusttarget_configplugin.go). */
  private steps(kustomization: Kustomization): Step[] {
    const { root } = kustomization;
    return [
      ...itemsOf(root.get('patchesStrategicMerge')).map((node) => this.patchStep(kustomization, node, undefined)),
      ...itemsOf(root.get('patches')).map((node) => this.patchEntryStep(kustomization, node)),
      this.namespaceStep(root),
      ...itemsOf(root.get('labels')).map((node) => this.pairsStep(lookup(node, 'pairs'), 'labels', reachesTemplates(node))),
      this.pairsStep(root.get('commonLabels'), 'labels', true),
      this.pairsStep(root.get('commonAnnotations'), 'annotations', true),
      ...itemsOf(root.get('patchesJson6902')).map((node) => this.patchEntryStep(kustomization, node)),
      ...itemsOf(root.get('replicas')).map((node) => this.replicasStep(node)),
      ...itemsOf(root.get('images')).map((node) => this.imageStep(node)),
    ];
  }

  private namespaceStep(root: MapNode): Step {
    const namespace = root.get('namespace');
    if (namespace?.type !== 'scalar' || stringOf(namespace) === undefined || namespace.value === '')
      return (resources) => resources;
    return (resources) =>
      resources.map((resource) => this.changed(resource, namespace, (tree) => withNamespace(tree, namespace)));
  }

  private pairsStep(pairs: YamlNode | undefined, field: 'labels' | 'annotations', inTemplates: boolean): Step {
    if (pairs?.type !== 'map' || entriesOf(pairs).length === 0) return (resources) => resources;
    return (resources) =>
      resources.map((resource) => this.changed(resource, pairs, (tree) => withPairs(tree, field, pairs, inTemplates)));
  }

  private replicasStep(entry: YamlNode): Step {
    const name = stringOf(lookup(entry, 'name'));
    const count = lookup(entry, 'count');
    if (name === undefined || count?.type !== 'scalar' || typeof count.value !== 'number') return (resources) => resources;
    return (resources) => resources.map((resource) => this.changed(resource, entry, (tree) => withReplicas(tree, name, count)));
  }

  private imageStep(entry: YamlNode): Step {
    const name = stringOf(lookup(entry, 'name'));
    if (name === undefined) return (resources) => resources;
    const text = (field: string): string | undefined => {
      const node = lookup(entry, field);
      return node?.type === 'scalar' && node.value !== null ? String(node.value) : undefined;
    };
    const node =
      ['newTag', 'digest', 'newName'].map((field) => lookup(entry, field)).find((found) => found !== undefined) ?? entry;
    const change: ImageChange = { name, newName: text('newName'), newTag: text('newTag'), digest: text('digest'), node };
    return (resources) => resources.map((resource) => this.changed(resource, entry, (tree) => withImage(tree, change)));
  }

  private changed(resource: Resource, by: YamlNode, change: (tree: MapNode) => MapNode): Resource {
    const root = resource.root;
    if (root === undefined) return resource;
    const { memo } = this.builder.parts();
    return (
      memo.resource(
        resource,
        memo.tree(root, by, () => change(root)),
      ) ?? resource
    );
  }

  private patchEntryStep(kustomization: Kustomization, entry: YamlNode): Step {
    const content = lookup(entry, 'patch') ?? lookup(entry, 'path');
    if (content === undefined) {
      if (entry.type === 'scalar') {
        const message =
          'A patch must be a map with "path" or "patch": kustomize refuses a bare file name here. Write "- path: …".';
        this.problems.push({ place: { node: entry }, message });
        this.partial.add(`a patch of ${kustomization.file} that cannot be read`);
      }
      return (resources) => resources;
    }
    return this.patchStep(kustomization, content, lookup(entry, 'target'));
  }

  /** @param content a path, or the patch itself as text */
  private patchStep(kustomization: Kustomization, content: YamlNode, target: YamlNode | undefined): Step {
    const patches = this.patchTrees(kustomization, content);
    return (resources) =>
      patches.reduce<readonly Resource[]>((all, patch) => this.applyPatch(kustomization, all, patch, target, content), resources);
  }

  private patchTrees(kustomization: Kustomization, content: YamlNode): YamlNode[] {
    const { repository } = this.builder.parts();
    const text = stringOf(content);
    if (content.type !== 'scalar' || text === undefined) return [];
    if (isInline(content, text)) {
      const document = this.builder.embedded(content);
      if (document?.problem !== undefined) {
        this.problems.push({
          place: { node: content },
          message: `This inline patch is no readable YAML: ${document.problem.message}.`,
        });
      }
      return document?.root === undefined ? [] : [document.root];
    }
    const reference = resolveReference(repository, kustomization.directory, text, content, 'patches');
    if (reference.to === 'nothing') this.problems.push(reference.problem);
    if (reference.to !== 'file') {
      this.partial.add(`a patch of ${kustomization.file} that is not here`);
      return [];
    }
    this.files.add(reference.path);
    const documents = repository.manifest(reference.path)?.documents ?? [];
    return documents.flatMap((document) => (document.root === undefined ? [] : [document.root]));
  }

  private applyPatch(
    kustomization: Kustomization,
    resources: readonly Resource[],
    patch: YamlNode,
    target: YamlNode | undefined,
    content: YamlNode,
  ): readonly Resource[] {
    const wanted = target === undefined ? undefined : targetOf(target);
    if (wanted === 'unsupported') {
      this.partial.add(`a patch target pattern in ${kustomization.file}`);
      return resources;
    }
    if (patch.type === 'sequence') {
      if (wanted === undefined) {
        this.problems.push({
          place: { node: content },
          message: 'A JSON patch needs a target, else kustomize does not know what it changes. Add one.',
        });
        return resources;
      }
      return this.applyJsonPatch(resources, patch.items, patch, wanted, content);
    }
    if (patch.type !== 'map') return resources;
    const selection = wanted ?? identityTarget(patch);
    if (selection === undefined) return resources;
    return this.applyMerge(resources, patch, selection, content, wanted === undefined);
  }

  private applyMerge(
    resources: readonly Resource[],
    patch: MapNode,
    target: PatchTarget,
    content: YamlNode,
    mustMatch: boolean,
  ): readonly Resource[] {
    const { memo } = this.builder.parts();
    const next: Resource[] = [];
    let matched = false;
    for (const resource of resources) {
      const root = resource.root;
      if (root === undefined || !selects(target, resource)) {
        next.push(resource);
        continue;
      }
      matched = true;
      const merged = memo.tree(root, patch, () => strategicMerge(root, patch, isCoreKind(resource)));
      if (merged !== 'deleted')
        next.push(
          merged.tree.type === 'map' ? (memo.resource(resource, keepIdentity(memo, root, merged.tree)) ?? resource) : resource,
        );
    }
    if (!matched && mustMatch) {
      const message = `No resource of this kustomization is ${target.kind ?? 'an object'} ${target.name ?? ''}, so kustomize fails to apply the patch.`;
      this.problems.push({ place: { node: content }, message });
    }
    return next;
  }

  private applyJsonPatch(
    resources: readonly Resource[],
    operations: readonly YamlNode[],
    by: YamlNode,
    target: PatchTarget,
    content: YamlNode,
  ) {
    const { memo } = this.builder.parts();
    return resources.map((resource) => {
      const root = resource.root;
      if (root === undefined || !selects(target, resource)) return resource;
      const result = memo.tree(root, by, () => jsonPatch(root, operations));
      if ('failed' in result) {
        const node = result.operation.source === by.source ? result.operation : content;
        this.problems.push({
          place: { node },
          message: `This patch cannot be applied to ${resource.title}: ${result.failed}. kustomize fails the build.`,
        });
        return resource;
      }
      return result.tree.type === 'map' ? (memo.resource(resource, result.tree) ?? resource) : resource;
    });
  }
}

/** Whether text is the patch itself: under `patch` always, among `patchesStrategicMerge` where it can be no path. */
function isInline(content: ScalarNode, text: string): boolean {
  return content.key?.value === 'patch' || text.includes('\n') || text.trimStart().startsWith('{');
}

function identityOf(resource: Resource): unknown {
  let origin: YamlNode | undefined = resource.key === undefined ? resource.root : undefined;
  while (origin?.madeBy !== undefined) origin = origin.madeBy;
  return resource.key ?? origin ?? resource;
}

function reachesTemplates(entry: YamlNode): boolean {
  return ['includeSelectors', 'includeTemplates'].some((flag) => {
    const node = lookup(entry, flag);
    return node?.type === 'scalar' && node.value === true;
  });
}

/** A merge patch without a target names what it changes by its own identity. */
function identityTarget(patch: MapNode): PatchTarget | undefined {
  const kind = stringOf(patch.get('kind'));
  const name = stringOf(lookup(patch, 'metadata', 'name'));
  if (kind === undefined || name === undefined) return undefined;
  const apiVersion = stringOf(patch.get('apiVersion')) ?? '';
  const namespace = stringOf(lookup(patch, 'metadata', 'namespace'));
  const group = apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
  return { kind, name, group, ...(namespace === undefined ? {} : { namespace }) };
}

/** With a target, the patch's own name and kind are not applied unless options say so (kustomize v5 `allowNameChange`, `allowKindChange`). */
function keepIdentity(memo: TransformMemo, base: MapNode, merged: MapNode): MapNode {
  const before = base.entry('metadata');
  const after = merged.entry('metadata');
  const name = before?.value.type === 'map' ? before.value.entry('name') : undefined;
  if (after?.value.type !== 'map' || name === undefined || after.value.get('name') === name.value) return merged;
  const metadata = after.value;
  return memo.tree(merged, name.value, () => {
    const entries = metadata.entries.map((entry) => (entry.key.value === 'name' ? name : entry));
    const renamed = new MapNode(metadata.source, metadata.start, metadata.end, entries, metadata.flow, metadata.open);
    renamed.madeBy = metadata;
    const whole = merged.entries.map((entry) => (entry === after ? { key: entry.key, value: renamed } : entry));
    const root = new MapNode(merged.source, merged.start, merged.end, whole, merged.flow, merged.open);
    root.madeBy = base;
    return root;
  });
}

/** Kinds of the API server's own groups carry merge keys; custom resources' lists are replaced. */
function isCoreKind(resource: Resource): boolean {
  return resource.group === '' || !resource.group.includes('.') || resource.group.endsWith('.k8s.io');
}
