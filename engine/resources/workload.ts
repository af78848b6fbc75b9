import { isSet, itemsOf, lookup, stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import { POD_TEMPLATE_PATHS } from './kinds';
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

const templates = new WeakMap<Resource, PodTemplate>();

/** The pod template of a workload; undefined for kinds that have none, or when the text does not hold one. */
export function podTemplateOf(resource: Resource): PodTemplate | undefined {
  const path = POD_TEMPLATE_PATHS.get(resource.kind);
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

/** Whether a kind makes pods. */
export function isWorkloadKind(kind: string): boolean {
  return POD_TEMPLATE_PATHS.has(kind);
}
