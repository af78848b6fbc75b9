import { UNSET_NAMESPACE } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import type { Tristate } from '../../tristate';
import { ignoredNamespaces } from './sidecar-injection';
import type { MeshView } from '../view';
import { installedCharts } from './control-plane';
import { isDefinedElsewhere, isHostElsewhere } from './elsewhere';
import { exportScopeOf, namespacesOf } from './export-scope';
import { abbreviatedService, fullName, isOfOtherDomain, readHost, wildcardsOver } from './host-name';
import type { HostName, ServiceHost } from './host-name';
import { definitionsOf, sees } from './hosts';
import type { HostDefinition } from './hosts';
import { DEFAULT_ROOT } from './peer-authentication';

/** What a host leads to that a resource names. */
export type HostResolution =
  /** It is there, and who reads the resource sees it, or may see it. */
  | { readonly is: 'found'; readonly definitions: readonly HostDefinition[] }
  /** It is there, and kept to other namespaces. */
  | { readonly is: 'withheld'; readonly definitions: readonly HostDefinition[] }
  /** It is the short form of a Service's name that Istio takes for a full one. */
  | { readonly is: 'abbreviated'; readonly meant: ServiceHost; readonly service: Resource }
  /** No file has it. `shown`: files show its like, so that it should be here. `unseen`: they show nothing of its like. */
  | { readonly is: 'missing'; readonly host: HostName; readonly basis: 'shown' | 'unseen' }
  /** A template, another part of the repository, or something that is not built here may give it. */
  | { readonly is: 'open' };

const OPEN: HostResolution = { is: 'open' };

/**
 * Looks up a host that a VirtualService or a DestinationRule names: in the namespaces that the resource is exported to, in its own one where
 * that is all of them, as istioctl does (istio/istio pkg/config/analysis/analyzers/util/service_lookup.go, 1.32 development).
 */
export function resolveHost(view: MeshView, resource: Resource, text: string): HostResolution {
  const host = readHost(text, resource.header.namespace);
  const { definitions, open } = definitionsOf(view, host);
  const readers = namespacesOf(exportScopeOf(resource));
  const seen = definitions.filter((definition) => readers.some((namespace) => sees(namespace, definition) !== 'no'));
  if (seen.length > 0) return { is: 'found', definitions: seen };
  if (open || isOfOtherDomain(host) || isBuiltIn(view, host) || view.scope().partial.length > 0) return OPEN;
  if (definitions.some(({ is }) => is === 'yes')) return { is: 'withheld', definitions };
  if (definitions.length > 0) return OPEN;
  return abbreviation(view, host) ?? absence(view, resource, host);
}

/** What every cluster with Istio has: the API server's own Service, and istiod's, whose name may end in a revision. */
function isBuiltIn(view: MeshView, host: HostName): boolean {
  if (host.is !== 'service') return false;
  const namespace = namespaceOf(host.namespace);
  if (host.name === 'kubernetes') return namespace === UNSET_NAMESPACE;
  return /^istiod(?:-|$)/.test(host.name) && namespace === rootOf(view);
}

function rootOf(view: MeshView): string {
  const root = view.rootNamespace();
  return root.is === 'known' ? root.value : DEFAULT_ROOT;
}

function abbreviation(view: MeshView, host: HostName): HostResolution | undefined {
  const meant = host.is === 'other' ? abbreviatedService(host) : undefined;
  const service =
    meant === undefined ? undefined : definitionsOf(view, meant).definitions.find(({ is }) => is === 'yes')?.resource;
  return meant === undefined || service === undefined ? undefined : { is: 'abbreviated', meant, service };
}

function absence(view: MeshView, resource: Resource, host: HostName): HostResolution {
  const full = fullName(host);
  if (full === undefined || [full, ...wildcardsOver(full)].some((name) => isHostElsewhere(view, name))) return OPEN;
  if (host.is === 'service' && isDefinedElsewhere(view, 'Service', host.name, host.namespace)) return OPEN;
  const { plan } = view.scope();
  const isShown =
    host.is === 'other' ? showsEntriesOf(view, resource.namespace) : showsServicesOf(view, namespaceOf(host.namespace));
  if (plan.complete || isShown) return { is: 'missing', host, basis: 'shown' };
  // Of files without any host at all nothing is to be expected.
  return showsAny(view, 'Service') || showsAny(view, SERVICE_ENTRY) ? { is: 'missing', host, basis: 'unseen' } : OPEN;
}

const SERVICE_ENTRY = 'ServiceEntry.networking.istio.io';

/** Whether files show ServiceEntries beside a resource, so that one for a host that it names would be expected here. */
function showsEntriesOf(view: MeshView, namespace: string | undefined): boolean {
  return namespace !== undefined && showsAnyIn(view, SERVICE_ENTRY, namespace);
}

/**
 * Whether files show the Services of a namespace, so that one which they lack is not there: some are here, and no chart that is installed
 * brings more. A memoised query.
 */
export function showsServicesOf(view: MeshView, namespace: string): boolean {
  const query = view.extension('istio.showsServicesOf', (graph) =>
    graph.family('istio.showsServicesOf', (name: string) => {
      // Istio and Kubernetes themselves put more into these.
      if (name === rootOf(view) || ignoredNamespaces.includes(name)) return false;
      if (!showsAnyIn(view, 'Service', name)) return false;
      return !installedCharts(view).some(([, { releaseNamespace: into }]) => into.is !== 'known' || into.value === name);
    }),
  );
  return query(namespace);
}

/**
 * Whether the environment holds a resource of a kind in a namespace, so that others of the kind would be expected there as well. A chart is
 * rarely all that its namespace holds, and shows nothing in this sense.
 */
export function showsAnyIn(view: MeshView, kind: string, namespace: string): boolean {
  return view.scope().plan.kind !== 'helm' && view.index.inNamespace(kind, namespace).length > 0;
}

/** Whether the environment holds a resource of a kind. A memoised query, so that the next one is no news. */
export function showsAny(view: MeshView, kind: string): boolean {
  const query = view.extension('istio.showsAny', (graph) =>
    graph.family('istio.showsAny', (name: string) => view.index.ofKind(name).length > 0),
  );
  return query(kind);
}

function namespaceOf(namespace: Tristate<string>): string {
  return namespace.is === 'known' ? namespace.value : UNSET_NAMESPACE;
}
