import { sameNamespaceName } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import type { Tristate } from '../../tristate';
import { itemsOf, stringOf } from '../../yaml/tree';
import type { MeshView } from '../view';
import { hostOfRule, subsetsOf } from './destination-rules';
import type { HostName } from './host-name';

/**
 * What other parts of the repository define. An environment that lacks something may share its cluster with another one that has it, so
 * that nothing is missing for sure.
 */

/** Whether a file that is no part of this environment defines a resource of a kind and name, in that namespace or in one that is not said. */
export function isDefinedElsewhere(view: MeshView, kind: string, name: string, namespace: Tristate<string>): boolean {
  return definedElsewhere(view, `${kind}\0${name}`).some(({ header }) => sameNamespaceName(header.namespace, namespace) !== 'no');
}

/** Whether a file that is no part of this environment has a ServiceEntry for a host. */
export function isHostElsewhere(view: MeshView, host: string): boolean {
  return definedElsewhere(view, `host\0${host}`).length > 0;
}

/** Whether a file that is no part of this environment has a DestinationRule with a subset of that name for a host. */
export function isSubsetElsewhere(view: MeshView, host: HostName, subset: string): boolean {
  return definedElsewhere(view, subsetKey(host, subset)).length > 0;
}

function definedElsewhere(view: MeshView, key: string): readonly Resource[] {
  const isOwn = view.extension('istio.ownFiles', (graph) => {
    const files = graph.computed('istio.ownFiles', () => new Set(view.scope().files));
    return (file: string) => files.get().has(file);
  });
  const all = view.everywhere.grouped('istio.elsewhere', [...BY_NAME, SERVICE_ENTRY, DESTINATION_RULE], keysOf).get(key);
  return all.filter(({ file }) => !isOwn(file));
}

const SERVICE_ENTRY = 'ServiceEntry.networking.istio.io';
const DESTINATION_RULE = 'DestinationRule.networking.istio.io';
const BY_NAME: readonly string[] = ['Service', 'Gateway.networking.istio.io', 'Gateway.gateway.networking.k8s.io'];

function keysOf(resource: Resource): readonly string[] {
  const { kind, name } = resource;
  if (BY_NAME.includes(kind)) return name === undefined ? [] : [`${kind}\0${name}`];
  if (kind === SERVICE_ENTRY) {
    const hosts = itemsOf(resource.at('spec', 'hosts')).flatMap((host) => stringOf(host) ?? []);
    return [...new Set(hosts.map((host) => `host\0${host}`))];
  }
  const host = kind === DESTINATION_RULE ? hostOfRule(resource) : undefined;
  return host === undefined ? [] : [...new Set(subsetsOf(resource).subsets.map((subset) => subsetKey(host, subset.name)))];
}

/** Whatever the namespace: it may be set when the files are built. */
function subsetKey(host: HostName, subset: string): string {
  return `subset\0${host.is === 'service' ? host.name : host.host}\0${subset}`;
}
