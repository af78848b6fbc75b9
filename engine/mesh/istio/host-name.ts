import { absent, known } from '../../tristate';
import type { Tristate } from '../../tristate';
import { UNSET_NAMESPACE } from '../../resources/resource';

/**
 * Hosts as Istio's resources name them. Where they lead is told by hosts.ts, who may see them by export-scope.ts, and what may be concluded
 * from one that is not there by destinations.ts.
 */

/** The host of a Kubernetes Service. */
export interface ServiceHost {
  readonly is: 'service';
  readonly name: string;
  /** Absent: that of the resource that names the host, which sets none. */
  readonly namespace: Tristate<string>;
}

/** Any other host, taken as it is written: of a ServiceEntry, or one with a wildcard. */
export interface OtherHost {
  readonly is: 'other';
  readonly host: string;
}

export type HostName = ServiceHost | OtherHost;

/** The domain of a cluster that nobody has given another one. */
const SERVICES = '.svc.cluster.local';

/**
 * What a host means in a resource: one without a dot is a Service of the resource's own namespace, every other is a full name, so that
 * `cart.shop` is no Service (istio/istio pkg/config/model ResolveShortnameToFQDN and pkg/config/analysis/analyzers/util/hosts.go, 1.32
 * development).
 *
 * @param namespace that of the resource that names the host
 */
export function readHost(text: string, namespace: Tristate<string>): HostName {
  if (text !== '' && !text.includes('.') && !text.startsWith('*')) return { is: 'service', name: text, namespace };
  if (!text.endsWith(SERVICES) || text.startsWith('*')) return { is: 'other', host: text };
  const rest = text.slice(0, -SERVICES.length);
  const dot = rest.lastIndexOf('.');
  return dot <= 0 || dot === rest.length - 1
    ? { is: 'other', host: text }
    : { is: 'service', name: rest.slice(0, dot), namespace: known(rest.slice(dot + 1)) };
}

/** The full name of a host, with `default` where no namespace is set; undefined where a template hides the namespace. */
export function fullName(host: HostName): string | undefined {
  if (host.is === 'other') return host.host;
  if (host.namespace.is === 'unknown') return undefined;
  const namespace = host.namespace.is === 'known' ? host.namespace.value : UNSET_NAMESPACE;
  return `${host.name}.${namespace}${SERVICES}`;
}

/** A key for groups of resources by host: Services by name, since a namespace that is not set may be any. */
export function hostKey(host: HostName): string {
  return host.is === 'service' ? `service ${host.name}` : `host ${host.host}`;
}

/**
 * The Service that a name such as `cart.shop` or `cart.shop.svc` would mean to Kubernetes' DNS, and does not mean to Istio.
 *
 * @returns undefined for names of another form
 */
export function abbreviatedService(host: OtherHost): ServiceHost | undefined {
  const [name = '', namespace = '', ...rest] = host.host.split('.');
  const tail = rest.join('.');
  if (name === '' || namespace === '' || name.startsWith('*')) return undefined;
  if (tail !== '' && tail !== 'svc' && tail !== 'svc.cluster') return undefined;
  return { is: 'service', name, namespace: known(namespace) };
}

/** Whether a host is that of a Service in a cluster of another domain, or of a set of clusters: nothing here shows those. */
export function isOfOtherDomain(host: HostName): boolean {
  return (
    host.is === 'other' && host.host.includes('.svc.') && !host.host.endsWith(SERVICES) && !host.host.endsWith('.svc.cluster')
  );
}

/** Whether a host has a wildcard. */
export function isWildcard(host: HostName): boolean {
  return host.is === 'other' && host.host.startsWith('*');
}

/**
 * The wildcards that cover a host, the narrowest first: `*.example.com`, `*.com` and `*` for `api.example.com`. Of a text that is too long
 * for a host, `*` alone.
 */
export function wildcardsOver(host: string): readonly string[] {
  const labels = host.length > LONGEST ? [] : host.split('.');
  return [...labels.slice(1).map((_, i) => `*.${labels.slice(i + 1).join('.')}`), '*'];
}

/** Of a host name, in DNS. */
const LONGEST = 255;

/** The namespace that `*.shop.svc.cluster.local` speaks of; absent where it speaks of all, undefined where it speaks of no Services. */
export function wildcardNamespace(host: OtherHost): Tristate<string> | undefined {
  const suffix = host.host.slice(1);
  if (SERVICES.endsWith(suffix) || suffix === '') return absent;
  if (!suffix.endsWith(SERVICES)) return undefined;
  const namespace = suffix.slice(0, -SERVICES.length).replace(/^\./, '');
  return namespace === '' || namespace.includes('.') ? undefined : known(namespace);
}
