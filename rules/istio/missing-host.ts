import { nearestName } from '../../engine/configuration/nearest-name';
import type { Fix, RelatedPlace } from '../../engine/findings/rule';
import { exportScopeOf } from '../../engine/mesh/istio/export-scope';
import { fullName } from '../../engine/mesh/istio/host-name';
import type { HostName } from '../../engine/mesh/istio/host-name';
import type { HostResolution } from '../../engine/mesh/istio/host-resolution';
import { servicesOfName } from '../../engine/mesh/istio/hosts';
import { replaceable } from '../../engine/mesh/istio/validation/problem';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { replaceScalar } from '../../engine/yaml/edit';
import { itemsOf, stringOf } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

/** How the rules about hosts that lead nowhere say why, and what to write instead. */

/** A host that leads nowhere, in words. */
export interface MissingHost {
  /** Why it leads nowhere: a sentence. */
  readonly why: string;
  /** What to do: a sentence. */
  readonly todo: string;
  /** Whether it rests on nothing but what files do not show. */
  readonly isUnseen: boolean;
  readonly related: readonly RelatedPlace[];
  readonly fixes: readonly Fix[];
}

/**
 * Puts into words that a host leads nowhere; undefined for one that leads somewhere, or may.
 * @param node what names it
 */
export function missingHost(
  view: MeshView,
  resource: Resource,
  node: YamlNode,
  resolution: HostResolution,
): MissingHost | undefined {
  if (resolution.is === 'found' || resolution.is === 'open') return undefined;
  if (resolution.is === 'withheld')
    return withheld(
      resource,
      resolution.definitions.map((definition) => definition.resource),
    );
  const written = stringOf(node) ?? '';
  if (resolution.is === 'abbreviated') {
    const full = fullName(resolution.meant) ?? '';
    return {
      why: `Istio takes a name with a dot for a full one, so ${written} is not ${resolution.service.title}.`,
      todo: `Write ${full}.`,
      isUnseen: false,
      related: placeOf(resolution.service, `${resolution.service.title} is here.`),
      fixes: replacement(node, full),
    };
  }
  const { host, basis } = resolution;
  if (basis === 'unseen') return unseen(host);
  const near = nearestHost(view, host, written);
  return {
    why: absenceOf(host),
    todo: near === undefined ? todoFor(host) : `Did you mean ${near}?`,
    isUnseen: false,
    related: [],
    fixes: near === undefined ? [] : replacement(node, near),
  };
}

function withheld(resource: Resource, definitions: readonly Resource[]): MissingHost {
  const [first] = definitions;
  const { names } = exportScopeOf(first ?? resource);
  const shown = names.map((name) => (name === '.' ? 'its own namespace' : name)).join(', ');
  const reader = exportScopeOf(resource).names.filter((name) => name !== '.' && name !== '*');
  const seenFrom = reader.length > 0 ? reader.join(', ') : (resource.namespace ?? '');
  return {
    why: `${first?.title ?? ''} has that host and is exported to ${names.includes('~') ? 'no namespace' : shown} alone, not to ${seenFrom}.`,
    todo: 'Export it to that namespace as well, or name another host.',
    isUnseen: false,
    related: definitions.flatMap((definition) => placeOf(definition, `${definition.title} has the host.`)),
    fixes: [],
  };
}

function absenceOf(host: HostName): string {
  if (host.is === 'other') return `No ServiceEntry here has host ${host.host}.`;
  const where = host.namespace.is === 'known' ? `namespace ${host.namespace.value}` : 'the same namespace';
  return `There is no Service ${host.name} in ${where}, and no ServiceEntry has that host.`;
}

function todoFor(host: HostName): string {
  return host.is === 'other' ? 'Correct the host, or add a ServiceEntry for it.' : 'Correct the host, or add the Service.';
}

function unseen(host: HostName): MissingHost {
  const what = host.is === 'other' ? `a ServiceEntry for ${host.host}` : `Service ${host.name}${inNamespace(host)}`;
  return { why: `No file here shows ${what}.`, todo: 'See that the cluster has it.', isUnseen: true, related: [], fixes: [] };
}

function inNamespace(host: HostName): string {
  return host.is === 'service' && host.namespace.is === 'known' ? ` of namespace ${host.namespace.value}` : '';
}

/** A Service of the same name in another namespace, or one with a similar name in this one. */
function nearestHost(view: MeshView, host: HostName, written: string): string | undefined {
  if (host.is === 'other') {
    const hosts = view.ofKind('ServiceEntry.networking.istio.io').flatMap((entry) => itemsOf(entry.at('spec', 'hosts')));
    return nearestName(
      host.host,
      hosts.flatMap((one) => stringOf(one) ?? []).filter((one) => !one.startsWith('*')),
    );
  }
  const here = host.namespace.is === 'known' ? host.namespace.value : 'default';
  const names = view.index.inNamespace('Service', here).flatMap(({ name }) => name ?? []);
  const near = nearestName(host.name, names);
  if (near !== undefined) return written.includes('.') ? fullName({ ...host, name: near }) : near;
  const [elsewhere, ...others] = servicesOfName(view, host.name);
  return elsewhere === undefined || others.length > 0 || elsewhere.header.namespace.is !== 'known'
    ? undefined
    : fullName({ ...host, namespace: elsewhere.header.namespace });
}

function placeOf(resource: Resource, message: string): RelatedPlace[] {
  return resource.titlePlace === undefined ? [] : [{ place: { node: resource.titlePlace }, message }];
}

/** Not safe: another resource of the cluster may give the host as it is. */
function replacement(node: YamlNode, host: string): Fix[] {
  const scalar = replaceable(node);
  if (scalar === undefined) return [];
  return [{ title: `Write ${host}`, safe: false, preferred: true, edits: () => [replaceScalar(scalar, host)] }];
}
