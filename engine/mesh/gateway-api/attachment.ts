import type { Answer } from '../../resources/labels';
import type { Resource } from '../../resources/resource';
import { isSet, itemsOf, lookup, numberOf, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { hostsOverlap } from '../istio/validation/values/host';
import type { MeshView } from '../view';
import { admitsNamespace } from './admission';

const GROUP = 'gateway.networking.k8s.io';

/** The kinds of routes of the Gateway API. */
export const ROUTE_KINDS: readonly string[] = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map(
  (kind) => `${kind}.${GROUP}`,
);

/** What keeps a route from every listener, by the one that comes closest to taking it. */
export type Refusal = 'section' | 'hostname' | 'namespace' | 'kind';

/** One parent that a route names. */
export interface Attachment {
  /** The item of `parentRefs`. */
  readonly ref: YamlNode;
  /** `Gateway` unless it says otherwise; `Service` for a route within the mesh. */
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** Undefined where no file here defines it; of several definitions the first. */
  readonly parent: Resource | undefined;
  /** Unknown where no file defines the parent, or a template decides. */
  readonly attaches: Answer;
  /** Set where it does not attach. */
  readonly refusal: Refusal | undefined;
}

/**
 * The parents that a route names, and whether each takes it: a Gateway by a listener of the name and port that the route asks for, with a
 * hostname in common, that lets the route's namespace attach and takes its kind (Gateway API v1, `parentRefs` and `allowedRoutes`; istio/istio
 * pilot/pkg/config/kube/gateway/conversion.go referenceAllowed, 1.32 development). A memoised query.
 */
export function attachmentsOf(route: Resource, view: MeshView): readonly Attachment[] {
  const query = view.extension('gateway-api.attachments', (graph) =>
    graph.family('gateway-api.attachments', (of: Resource) => find(of, view)),
  );
  return query(route);
}

/** The routes that send requests to a Service, in the order of the environment. */
export function routesTo(service: Resource, view: MeshView): readonly Resource[] {
  const { name, namespace } = service;
  if (name === undefined || namespace === undefined) return [];
  const byBackend = view.index.grouped('gateway-api.routesByBackend', ROUTE_KINDS, (route) => [
    ...new Set(
      itemsOf(route.at('spec', 'rules')).flatMap((rule) =>
        itemsOf(lookup(rule, 'backendRefs')).flatMap((ref) =>
          kindOf(ref, 'Service', '') === 'Service' ? (keyOf(ref, route) ?? []) : [],
        ),
      ),
    ),
  ]);
  return byBackend.get(`${namespace}/${name}`);
}

/** The routes of which a Service is a parent: they decide where its requests go within the mesh. */
export function routesOf(service: Resource, view: MeshView): readonly Resource[] {
  const { name, namespace } = service;
  if (name === undefined || namespace === undefined) return [];
  const byParent = view.index.grouped('gateway-api.routesByService', ROUTE_KINDS, (route) => [
    ...new Set(
      itemsOf(route.at('spec', 'parentRefs')).flatMap((ref) =>
        kindOf(ref, 'Gateway', GROUP) === 'Service' ? (keyOf(ref, route) ?? []) : [],
      ),
    ),
  ]);
  return byParent.get(`${namespace}/${name}`);
}

/** The kind that a reference names; undefined for one of a group that is none of those here. */
function kindOf(ref: YamlNode, kind: string, group: string): string | undefined {
  const [ownGroup, ownKind] = [lookup(ref, 'group'), lookup(ref, 'kind')];
  const named = isSet(ownKind) ? stringOf(ownKind) : kind;
  const inGroup = isSet(ownGroup) ? stringOf(ownGroup) : group;
  // The group is left out of references to Services as often as not.
  const isCore = named === 'Service' && (inGroup === '' || inGroup === 'core' || !isSet(ownGroup));
  return isCore || (named === 'Gateway' && inGroup === GROUP) ? named : undefined;
}

function keyOf(ref: YamlNode, route: Resource): string | undefined {
  const name = stringOf(lookup(ref, 'name'));
  const namespace = namespaceOf(ref, route);
  return name === undefined || namespace === undefined ? undefined : `${namespace}/${name}`;
}

function namespaceOf(ref: YamlNode, route: Resource): string | undefined {
  const written = lookup(ref, 'namespace');
  return isSet(written) ? stringOf(written) : route.namespace;
}

function find(route: Resource, view: MeshView): readonly Attachment[] {
  return itemsOf(route.at('spec', 'parentRefs')).flatMap((ref): Attachment[] => {
    const kind = kindOf(ref, 'Gateway', GROUP);
    const name = stringOf(lookup(ref, 'name'));
    const namespace = namespaceOf(ref, route);
    if (kind === undefined || name === undefined || namespace === undefined) return [];
    const parents = view.index.named(kind === 'Gateway' ? `Gateway.${GROUP}` : kind, namespace, name);
    const [parent] = parents;
    const base = { ref, kind, namespace, name, parent };
    if (parent === undefined) return [{ ...base, attaches: 'unknown', refusal: undefined }];
    if (kind !== 'Gateway') return [{ ...base, attaches: 'yes', refusal: undefined }];
    const answers = parents.map((gateway) => attach(route, ref, gateway, view));
    const [first = OPEN] = answers;
    return [{ ...base, ...(answers.every(({ attaches }) => attaches === first.attaches) ? first : OPEN) }];
  });
}

type Attaching = Pick<Attachment, 'attaches' | 'refusal'>;
const OPEN: Attaching = { attaches: 'unknown', refusal: undefined };
const STAGES: readonly Refusal[] = ['section', 'hostname', 'namespace', 'kind'];

function attach(route: Resource, ref: YamlNode, gateway: Resource, view: MeshView): Attaching {
  const listeners = gateway.at('spec', 'listeners');
  let open = listeners?.type === 'unknown' || (listeners?.type === 'sequence' && listeners.open);
  let furthest = 0;
  for (const listener of itemsOf(listeners)) {
    const answers = [
      isAskedFor(listener, ref),
      sharesHostname(listener, route),
      admitsNamespace(listener, gateway, route.header.namespace, view),
      takesKind(listener, route),
    ];
    const refused = answers.indexOf('no');
    if (refused < 0 && !answers.includes('unknown')) return { attaches: 'yes', refusal: undefined };
    if (refused < 0) open = true;
    else furthest = Math.max(furthest, refused);
  }
  return open ? OPEN : { attaches: 'no', refusal: STAGES[furthest] };
}

function isAskedFor(listener: YamlNode, ref: YamlNode): Answer {
  const [section, port] = [lookup(ref, 'sectionName'), lookup(ref, 'port')];
  const byName = isSet(section) ? sameText(stringOf(section), stringOf(lookup(listener, 'name'))) : 'yes';
  const byPort = isSet(port) ? sameText(numberOf(port), numberOf(lookup(listener, 'port'))) : 'yes';
  return both(byName, byPort);
}

function sameText<T>(one: T | undefined, other: T | undefined): Answer {
  return one === undefined || other === undefined ? 'unknown' : one === other ? 'yes' : 'no';
}

function both(one: Answer, other: Answer): Answer {
  return one === 'no' || other === 'no' ? 'no' : one === 'yes' ? other : 'unknown';
}

/** One without a hostname, on either side, takes all. */
function sharesHostname(listener: YamlNode, route: Resource): Answer {
  const own = lookup(listener, 'hostname');
  if (!isSet(own)) return 'yes';
  const list = route.at('spec', 'hostnames');
  if (!isSet(list)) return 'yes';
  const hostname = stringOf(own);
  const names = itemsOf(list).map(stringOf);
  if (list.type === 'sequence' && !list.open && names.length === 0) return 'yes';
  if (hostname === undefined) return 'unknown';
  if (names.some((name) => name !== undefined && hostsOverlap(hostname, name))) return 'yes';
  return list.type !== 'sequence' || list.open || names.includes(undefined) ? 'unknown' : 'no';
}

/** What listeners of a protocol take where nothing says otherwise; of other protocols implementations decide. */
const KINDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['HTTP', ['HTTPRoute', 'GRPCRoute']],
  ['HTTPS', ['HTTPRoute', 'GRPCRoute']],
  ['TCP', ['TCPRoute']],
  ['UDP', ['UDPRoute']],
]);

function takesKind(listener: YamlNode, route: Resource): Answer {
  const { kind } = route.header;
  const byProtocol = KINDS.get(stringOf(lookup(listener, 'protocol')) ?? '')?.includes(kind);
  if (byProtocol === false) return 'no';
  const list = lookup(listener, 'allowedRoutes', 'kinds');
  const otherwise = byProtocol === true ? 'yes' : 'unknown';
  if (!isSet(list) || (list.type === 'sequence' && !list.open && list.items.length === 0)) return otherwise;
  const kinds = itemsOf(list).map((item) => stringOf(lookup(item, 'kind')));
  if (kinds.includes(kind)) return otherwise;
  return list.type !== 'sequence' || list.open || kinds.includes(undefined) ? 'unknown' : 'no';
}
