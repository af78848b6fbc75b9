import { isSet, itemsOf, lookup, stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import { CUSTOM_TEMPLATE_PATHS, mayBeCustomWorkload, POD_TEMPLATE_PATHS } from './kinds';
import { Labels } from './labels';
import type { Resource } from './resource';

export interface Container {
  readonly name: string | undefined;
  readonly image: string | undefined;
  readonly node: YamlNode;
}

/** What a workload makes its pods from. */
export interface PodTemplate {
  /** Where it stands: keys below the resource's root; empty for a Pod. */
  readonly path: readonly string[];
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly spec: YamlNode | undefined;
  readonly containers: readonly Container[];
  readonly initContainers: readonly Container[];
}

/**
 * Whether a resource makes pods: its kind is known to, or it is a custom resource with a pod template where Kubernetes' own kinds have
 * theirs. One that was not read in full holds none.
 */
export function isWorkload(resource: Resource): boolean {
  return POD_TEMPLATE_PATHS.has(resource.kind) || isCustomWorkload(resource);
}

/**
 * Whether a resource is a workload by the looks of its pod template alone: no file says what its controller makes of that, so that
 * whatever is said of its pods rests on an assumption.
 */
export function isCustomWorkload(resource: Resource): boolean {
  return customTemplatePath(resource) !== undefined;
}

/** Where a workload keeps its pod template, whether or not it holds one; undefined for what is no workload. */
export function podTemplatePath(resource: Resource): readonly string[] | undefined {
  return POD_TEMPLATE_PATHS.get(resource.kind) ?? customTemplatePath(resource);
}

/** What was found in custom resources that may hold one, `null` for no template: each is asked by several groupings. */
const customPaths = new WeakMap<Resource, readonly string[] | null>();

function customTemplatePath(resource: Resource): readonly string[] | undefined {
  const { kind, group } = resource;
  if (resource.isSkimmed || !mayBeCustomWorkload(kind, group)) return undefined;
  let path = customPaths.get(resource);
  if (path === undefined) {
    path = CUSTOM_TEMPLATE_PATHS.find((keys) => isPodTemplate(resource.at(...keys))) ?? null;
    customPaths.set(resource, path);
  }
  return path ?? undefined;
}

/** Other templates stand at the same place, of machines and of whole objects: containers tell. */
function isPodTemplate(node: YamlNode | undefined): boolean {
  const containers = lookup(node, 'spec', 'containers');
  if (containers?.type !== 'sequence' || containers.items.length === 0) return false;
  return containers.items.every((item) => item.type === 'map' && (isSet(lookup(item, 'name')) || isSet(lookup(item, 'image'))));
}

const templates = new WeakMap<Resource, PodTemplate>();

/** The pod template of a workload; undefined for what is none, or when the text does not hold one. */
export function podTemplateOf(resource: Resource): PodTemplate | undefined {
  const path = podTemplatePath(resource);
  if (path === undefined) return undefined;
  const earlier = templates.get(resource);
  if (earlier !== undefined) return earlier;
  const node = resource.at(...path);
  if (!isSet(node)) return undefined;
  const spec = lookup(node, 'spec');
  const template: PodTemplate = {
    path,
    labels: new Labels(lookup(node, 'metadata', 'labels')),
    annotations: new Labels(lookup(node, 'metadata', 'annotations')),
    spec,
    containers: containersOf(lookup(spec, 'containers')),
    initContainers: containersOf(lookup(spec, 'initContainers')),
  };
  templates.set(resource, template);
  return template;
}

function containersOf(list: YamlNode | undefined): Container[] {
  return itemsOf(list).map((node) => ({ name: stringOf(lookup(node, 'name')), image: stringOf(lookup(node, 'image')), node }));
}

/** Whether a kind makes pods, whatever a resource of it says. */
export function isWorkloadKind(kind: string): boolean {
  return POD_TEMPLATE_PATHS.has(kind);
}
