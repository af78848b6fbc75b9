import type { Resource } from '../../resources/resource';
import type { Delivery, Deployer } from './delivery';
import { countsWhereItDeploys } from './reader';
import type { Reading } from './reader';

/** One cluster, and what is brought to it. */
export interface Group {
  /** As an object names it; undefined for the cluster of those who started the walk. */
  readonly name: string | undefined;
  readonly deployers: Deployer[];
  /** Objects that count here and bring nothing that could be told. */
  readonly others: Resource[];
  readonly partial: Set<string>;
  /** Whether something here was itself delivered, so that nowhere else shows it. */
  hasDelivered: boolean;
}

/** What a walk asks. */
export interface Steps {
  readonly read: (resource: Resource) => Reading;
  /** The objects among what a delivery brings that deploy in turn. */
  readonly objectsOf: (delivery: Delivery) => readonly Resource[];
}

/** More than a repository holds: whoever lists itself under ever new names ends here. */
const MOST_DEPLOYERS = 5000;

/**
 * Follows objects that deploy, and those that they deploy in turn, to the clusters that they end up on. An object that comes up again on
 * the same cluster is not followed again: Applications may list themselves.
 *
 * @param here the key of the cluster that the first ones are applied to
 * @returns what each cluster gets, by its key
 */
export function walk(objects: readonly Resource[], here: string, steps: Steps): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  const groupOf = (key: string, name: string | undefined): Group => {
    let group = groups.get(key);
    if (group === undefined) {
      group = { name, deployers: [], others: [], partial: new Set(), hasDelivered: false };
      groups.set(key, group);
    }
    return group;
  };
  const seen = new Map<Resource, Set<string>>();
  const open = objects.map((resource) => ({ resource, on: here, isDelivered: false }));
  let count = 0;
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    const { resource, on, isDelivered } = next;
    const places = seen.get(resource) ?? new Set();
    if (places.has(on)) continue;
    seen.set(resource, places.add(on));
    const { deployers, partial } = steps.read(resource);
    const local = groupOf(on, groups.get(on)?.name);
    if (deployers.length === 0 && countsWhereItDeploys(resource)) {
      partial.forEach((reason) => local.partial.add(reason));
      local.others.push(resource);
      local.hasDelivered ||= isDelivered;
    }
    for (const deployer of deployers) {
      if (++count > MOST_DEPLOYERS) {
        local.partial.add(`more than ${MOST_DEPLOYERS} objects that deploy others`);
        return groups;
      }
      const key = deployer.cluster === undefined ? on : `${here} ${deployer.cluster.key}`;
      const group = groupOf(key, deployer.cluster?.name);
      group.deployers.push(deployer);
      group.hasDelivered ||= isDelivered;
      deployer.partial.forEach((reason) => group.partial.add(reason));
      for (const delivery of deployer.deliveries)
        open.push(...steps.objectsOf(delivery).map((nested) => ({ resource: nested, on: key, isDelivered: true })));
    }
  }
  return groups;
}
