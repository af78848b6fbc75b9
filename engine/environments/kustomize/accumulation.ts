import { booleanOf, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { MapNode, YamlNode } from '../../yaml/tree';
import { lacking } from '../lacking';
import { isInside } from '../paths';
import { applyAffix } from './affix';
import type { Build, KustomizeBuilder } from './build';
import type { BuildCache } from './cache';
import { fieldSpecsIn, mergeSpecs, mergeTables, withConfiguration, withDefinitions } from './configurations';
import { BUILT_IN_TABLES, OWN_LABELS } from './field-specs.data';
import type { FieldTables } from './field-specs.data';
import type { FieldSpec } from './field-spec';
import { applyGenerator } from './generators';
import { applyImage } from './images';
import { currentKey, itemOf } from './item';
import type { Item } from './item';
import { ItemList } from './item-list';
import {
  faultsOf,
  kustomizationIn,
  notBuilt,
  patchFilesOf,
  pluginReferencesOf,
  referencesOf,
  resolveReference,
} from './kustomization';
import type { Kustomization, KustomizeProblem, Reference } from './kustomization';
import { applyNamespace } from './namespace';
import { applyPairs } from './pairs';
import { applyPatch, applyPatchEntry } from './patches';
import { applyPluginGenerator, applyTransformer, isInlineMerge, mergePatch } from './plugins';
import { Refusal } from './refusal';
import { applyReplacements } from './replacements';
import { applyReplicas } from './replicas';
import type { Site } from './site';
import { takeVariable } from './variables';
import type { Variable } from './variables';

/** What a kustomization hands to those that use it. */
export interface Accumulated {
  readonly items: readonly Item[];
  readonly tables: FieldTables;
  readonly variables: readonly Variable[];
  readonly problems: readonly KustomizeProblem[];
  readonly partial: readonly string[];
  /** Sorted. */
  readonly files: readonly string[];
}

/** Components are applied anew by each that lists them: those that list each other several times would multiply with each level. */
const MOST_COMPONENTS = 200;
const DEEPEST_COMPONENT = 16;

/** One kustomization at work, with the components that it lists (kustomize v5.8.1 api/internal/target/kusttarget.go, accumulateTarget). */
export class Accumulation {
  private readonly items: ItemList;
  private readonly cache: BuildCache;
  /** Theirs, until something changes them. */
  private identities: Set<unknown> | undefined;
  private tables: FieldTables = BUILT_IN_TABLES;
  private readonly variables: Variable[] = [];
  private readonly problems: KustomizeProblem[] = [];
  private readonly partial = new Set<string>();
  private readonly files = new Set<string>();
  private components = 0;
  private readonly builder: KustomizeBuilder;
  private readonly top: Kustomization;

  /** @param base what is there before the kustomization runs */
  constructor(builder: KustomizeBuilder, kustomization: Kustomization, base?: Build) {
    this.builder = builder;
    this.top = kustomization;
    this.cache = builder.cacheOf(kustomization, 'build');
    this.cache.turn();
    const refuse = (node: YamlNode, message: string): void => {
      this.problems.push({ place: { node }, message });
    };
    this.items = new ItemList((base?.resources ?? []).map(itemOf), this.cache, refuse);
    this.problems.push(...(base?.problems ?? []));
    for (const reason of base?.partial ?? []) this.partial.add(reason);
    for (const file of base?.files ?? []) this.files.add(file);
  }

  run(): Accumulated {
    this.apply(this.top, 0);
    const items = this.items.all;
    // Whoever takes them over asks for it, and may take over thousands at a time.
    for (const { resource } of items) currentKey(resource);
    return {
      items,
      tables: this.tables,
      variables: this.variables,
      problems: this.problems,
      partial: [...this.partial],
      files: [...this.files].sort(),
    };
  }

  /** Runs one kustomization on what is there: the top one on nothing, a component on all that its user has so far. */
  private apply(kustomization: Kustomization, depth: number): void {
    const { repository } = this.builder;
    const { root } = kustomization;
    this.problems.push(...faultsOf(repository, kustomization));
    this.files.add(kustomization.file);
    for (const file of patchFilesOf(kustomization)) if (repository.exists(file)) this.files.add(file);
    for (const field of notBuilt(kustomization))
      this.partial.add(lacking('fields that are not built', `${field} in ${kustomization.file}`));
    const site = this.siteOf(kustomization);
    const references = referencesOf(repository, kustomization);
    for (const reference of references) if (reference.field !== 'components') this.accumulate(kustomization, reference);
    this.configure(site, root);
    this.generate(site, kustomization);
    for (const reference of references)
      if (reference.field === 'components') this.applyComponent(kustomization, reference, depth);
    this.transform(site, kustomization);
    for (const entry of itemsOf(root.get('vars'))) this.takeVariable(entry, takeVariable(site, entry));
    this.identities = undefined;
  }

  private siteOf({ directory, file }: Kustomization): Site {
    return {
      directory,
      file,
      repository: this.builder.repository,
      memo: this.builder.memo,
      cache: this.cache,
      items: this.items,
      refuse: (node, message) => {
        this.problems.push({ place: { node }, message });
      },
      leaveOut: (what) => this.partial.add(what),
      uses: (path) => this.files.add(path),
      embedded: (node) => this.builder.embedded(node),
    };
  }

  private accumulate(kustomization: Kustomization, reference: Reference): void {
    const { repository } = this.builder;
    if (reference.to === 'nothing') {
      this.problems.push(reference.problem);
      this.partial.add(lacking('resources that are not here', kustomization.file));
    } else if (reference.to === 'remote') this.partial.add(lacking('remote bases', `${reference.path} in ${kustomization.file}`));
    else if (reference.to === 'file') {
      this.files.add(reference.path);
      this.add(repository.resources(reference.path).map(itemOf), reference.node);
    } else if (!this.refuseCycle(kustomization, reference)) this.takeOver(kustomization, reference);
  }

  /** kustomize refuses a directory that holds one on the way to it (api/internal/loader/fileloader.go, errIfArgEqualOrHigher). */
  private refuseCycle(kustomization: Kustomization, { path, node }: Reference & { to: 'directory' | 'file' }): boolean {
    const isAbove = isInside(kustomization.directory, path);
    if (!isAbove && !this.builder.reaches(path).has(kustomization.directory)) return false;
    const message = isAbove
      ? `"${path === '' ? '.' : path}" holds this directory: kustomize refuses such a cycle. Remove the entry.`
      : `"${path}" uses this directory in turn: kustomize refuses such a cycle. Remove one of the two entries.`;
    this.problems.push({ place: { node }, message });
    this.partial.add(lacking('kustomizations in a cycle', kustomization.file));
    return true;
  }

  private takeOver(kustomization: Kustomization, { path, node }: Reference & { to: 'directory' | 'file' }): void {
    const base = this.builder.accumulated(path);
    if (base === undefined) return;
    if (kustomizationIn(this.builder.repository, path)?.isComponent === true) {
      const message = `"${path}" is a component: kustomize refuses it here. List it under components.`;
      this.problems.push({ place: { node }, message });
      this.partial.add(lacking('components listed as resources', kustomization.file));
      return;
    }
    base.files.forEach((file) => this.files.add(file));
    base.partial.forEach((reason) => this.partial.add(reason));
    const tables = mergeTables(this.builder.memo, this.tables, base.tables);
    if (!(tables instanceof Refusal)) this.tables = tables;
    for (const variable of base.variables) this.takeVariable(node, variable);
    this.add(base.items, node);
  }

  /** kustomize refuses two objects with one identity (api/resmap/reswrangler.go); of unknown identity are those of one text. */
  private add(items: readonly Item[], node: YamlNode): void {
    this.identities ??= new Set(this.items.all.map(identityOf));
    for (const item of items) {
      const identity = identityOf(item);
      if (this.identities.has(identity)) {
        const message = `${item.resource.title} is already part of this kustomization: kustomize refuses to build it twice. Drop one of its sources.`;
        this.problems.push({ place: { node }, message });
        continue;
      }
      this.identities.add(identity);
      this.items.add(item);
    }
  }

  private configure(site: Site, root: MapNode): void {
    for (const [field, extend] of [
      ['configurations', withConfiguration],
      ['crds', withDefinitions],
    ] as const) {
      for (const node of itemsOf(root.get(field))) {
        const tree = this.fileOf(site, node, field);
        if (tree?.type !== 'map') continue;
        const tables = extend(site.memo, this.tables, tree);
        if (tables instanceof Refusal) site.refuse(node, `kustomize cannot use "${stringOf(node) ?? ''}": ${tables.message}.`);
        else this.tables = tables;
      }
    }
  }

  private fileOf(site: Site, node: YamlNode, field: string): YamlNode | undefined {
    const written = stringOf(node);
    if (written === undefined) return undefined;
    const reference = resolveReference(site.repository, site.directory, written, node, field);
    if (reference.to === 'nothing') site.refuse(node, reference.problem.message);
    const manifest = reference.to === 'file' ? site.repository.manifest(reference.path) : undefined;
    if (manifest === undefined) site.leaveOut(lacking(`${field} that are not here`, site.file));
    return manifest?.documents.find((document) => document.root !== undefined)?.root;
  }

  private generate(site: Site, kustomization: Kustomization): void {
    const { root } = kustomization;
    const options = root.get('generatorOptions');
    for (const entry of itemsOf(root.get('configMapGenerator'))) applyGenerator(site, entry, 'ConfigMap', options);
    for (const entry of itemsOf(root.get('secretGenerator'))) applyGenerator(site, entry, 'Secret', options);
    for (const plugin of this.plugins(site, kustomization, 'generators'))
      if (!applyPluginGenerator(site, plugin)) this.leaveOutPlugin(site, plugin);
  }

  private applyComponent(kustomization: Kustomization, reference: Reference, depth: number): void {
    const { repository, reaches } = this.builder;
    if (reference.to !== 'directory') {
      if (reference.to === 'nothing') this.problems.push(reference.problem);
      if (reference.to === 'file') {
        const message = `"${reference.path}" is a file: kustomize wants the directory of a component here. List files under resources.`;
        this.problems.push({ place: { node: reference.node }, message });
      }
      this.partial.add(lacking('components that are not here', kustomization.file));
      return;
    }
    const component = kustomizationIn(repository, reference.path);
    if (component === undefined || depth > DEEPEST_COMPONENT) return;
    if (isInside(kustomization.directory, reference.path) || reaches(reference.path).has(reference.path)) {
      const message = `"${reference.path}" leads back to itself: kustomize refuses such a cycle. Remove the entry.`;
      this.problems.push({ place: { node: reference.node }, message });
      this.partial.add(lacking('kustomizations in a cycle', kustomization.file));
      return;
    }
    if (++this.components > MOST_COMPONENTS) {
      this.partial.add(lacking(`more than ${MOST_COMPONENTS} components`, this.top.file));
      return;
    }
    if (!component.isComponent) {
      const message = `"${reference.path}" is no component: its kustomization must say "kind: Component" to be listed here, else list it under resources.`;
      this.problems.push({ place: { node: reference.node }, message });
    }
    this.apply(component, depth + 1);
  }

  /** The transformers in kustomize's fixed order (api/internal/target/kusttarget_configplugin.go). */
  private transform(site: Site, kustomization: Kustomization): void {
    const { root } = kustomization;
    const { tables } = this;
    for (const node of itemsOf(root.get('patchesStrategicMerge'))) applyPatch(site, mergePatch(node, isInlineMerge(node)));
    for (const node of itemsOf(root.get('patches'))) applyPatchEntry(site, node, 'patches');
    const namespace = root.get('namespace');
    const isNamespace = namespace?.type === 'scalar' && typeof namespace.value === 'string' && namespace.value !== '';
    if (namespace?.type === 'unknown' || isNamespace)
      applyNamespace(site, { namespace, specs: tables.namespace, unsetOnly: false, subjects: 'defaultOnly' });
    for (const [field, side] of [
      ['namePrefix', 'prefixes'],
      ['nameSuffix', 'suffixes'],
    ] as const) {
      const affix = root.get(field);
      if (affix?.type === 'scalar') applyAffix(site, side, affix, tables[field]);
      else if (affix?.type === 'unknown')
        site.leaveOut(lacking('fields that are filled in elsewhere', `${field} in ${site.file}`));
    }
    for (const node of itemsOf(root.get('labels'))) this.label(site, node);
    applyPairs(site, root.get('commonLabels'), tables.commonLabels);
    applyPairs(site, root.get('commonAnnotations'), tables.commonAnnotations);
    for (const node of itemsOf(root.get('patchesJson6902'))) applyPatchEntry(site, node, 'patchesJson6902');
    for (const node of itemsOf(root.get('replicas'))) applyReplicas(site, node, tables.replicas);
    for (const node of [...itemsOf(root.get('images')), ...itemsOf(root.get('imageTags'))]) applyImage(site, node, tables.images);
    applyReplacements(site, root.get('replacements'));
    for (const plugin of this.plugins(site, kustomization, 'transformers'))
      if (!applyTransformer(site, plugin)) this.leaveOutPlugin(site, plugin);
  }

  /** An entry of `labels` says itself how far its pairs reach. */
  private label(site: Site, entry: YamlNode): void {
    const { tables } = this;
    const isSet = (flag: string): boolean => booleanOf(lookup(entry, flag)) === true;
    const specs = site.memo.once(entry, [tables], () => {
      const own = [fieldSpecsIn(lookup(entry, 'fields')), tables.labels];
      const more = isSet('includeSelectors')
        ? [tables.commonLabels]
        : [...(isSet('includeTemplates') ? [tables.templateLabels] : []), [OWN_LABELS]];
      return [...own, ...more].reduce<readonly FieldSpec[] | Refusal>(
        (all, list) => (all instanceof Refusal ? all : mergeSpecs(all, list)),
        [],
      );
    });
    if (specs instanceof Refusal)
      site.refuse(lookup(entry, 'fields') ?? entry, `kustomize refuses these fields: ${specs.message}.`);
    else applyPairs(site, lookup(entry, 'pairs'), specs);
  }

  /** The objects that `generators` or `transformers` list: inline, in files, or built by a directory. */
  private plugins(site: Site, kustomization: Kustomization, field: 'generators' | 'transformers'): MapNode[] {
    const plugins: MapNode[] = [];
    const inline = itemsOf(kustomization.root.get(field)).filter(isInlineMerge);
    for (const node of inline) {
      const roots = (node.type === 'scalar' ? site.embedded(node) : undefined)?.map(({ root }) => root) ?? [undefined];
      for (const root of roots) {
        if (root?.type === 'map') plugins.push(root);
        else site.leaveOut(lacking(`${field} that cannot be read`, site.file));
      }
    }
    for (const reference of pluginReferencesOf(this.builder.repository, kustomization)) {
      if (reference.field !== field) continue;
      if (reference.to === 'nothing') this.problems.push(reference.problem);
      if (reference.to === 'nothing' || reference.to === 'remote')
        site.leaveOut(lacking(`${field} that are not here`, site.file));
      else if (reference.to === 'file') {
        site.uses(reference.path);
        plugins.push(...site.repository.resources(reference.path).flatMap(({ root }) => root ?? []));
      } else if (!this.refuseCycle(kustomization, reference)) {
        const built = this.builder.accumulated(reference.path);
        built?.files.forEach((file) => this.files.add(file));
        plugins.push(...(built?.items ?? []).flatMap(({ resource }) => resource.root ?? []));
      }
    }
    return plugins;
  }

  private leaveOutPlugin(site: Site, plugin: MapNode): void {
    const kind = stringOf(plugin.get('kind')) ?? 'of no kind';
    site.leaveOut(lacking('plugins', `${kind} of ${site.file}`));
  }

  private takeVariable(node: YamlNode, variable: Variable | undefined): void {
    if (variable === undefined) return;
    if (this.variables.some(({ name }) => name === variable.name))
      this.problems.push({
        place: { node },
        message: `The variable "${variable.name}" comes in twice: kustomize refuses that. Drop one.`,
      });
    else this.variables.push(variable);
  }
}

function identityOf({ resource }: Item): unknown {
  const key = currentKey(resource);
  let origin: YamlNode | undefined = key === undefined ? resource.root : undefined;
  while (origin?.madeBy !== undefined) origin = origin.madeBy;
  return key ?? origin ?? resource;
}
