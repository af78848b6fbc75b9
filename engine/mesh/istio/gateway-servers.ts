import { Labels } from '../../resources/labels';
import { UNSET_NAMESPACE } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import { isCustomWorkload } from '../../resources/workload';
import { infrastructureRole } from '../infrastructure';
import { isSet, itemsOf, lookup, numberOf, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { MeshView } from '../view';
import { installedCharts } from './control-plane';
import { selectedWorkloads } from './workload-selection';
import type { Selection } from './workload-selection';

export const GATEWAY = 'Gateway.networking.istio.io';

/** How a proxy reads what arrives at a server: as HTTP, by the name that TLS asks for, or as it comes. */
export type ServerSort = 'http' | 'tls' | 'tcp' | 'unknown';

/** One server of a Gateway. */
export interface GatewayServer {
  /** The item of `spec.servers`. */
  readonly node: YamlNode;
  /** Undefined where there is none, or a template hides it. */
  readonly port: number | undefined;
  readonly bind: string | undefined;
  readonly sort: ServerSort;
  readonly hosts: readonly GatewayHost[];
}

export interface GatewayHost {
  readonly node: YamlNode;
  readonly text: string;
  /** With the namespace in which routes are looked for in front: `*` where the text names none. */
  readonly full: string;
}

/** The servers of a Gateway that its text shows, in order. */
export function gatewayServers(gateway: Resource): readonly GatewayServer[] {
  return itemsOf(gateway.at('spec', 'servers')).flatMap((node): GatewayServer[] => {
    if (node.type !== 'map') return [];
    const bind = lookup(node, 'bind');
    return [
      {
        node,
        port: numberOf(lookup(node, 'port', 'number')),
        bind: isSet(bind) ? stringOf(bind) : '',
        sort: sortOf(node),
        hosts: itemsOf(lookup(node, 'hosts')).flatMap((host) => hostOf(host, gateway)),
      },
    ];
  });
}

const HTTP = ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB', 'HTTP_PROXY'];

function sortOf(server: YamlNode): ServerSort {
  const written = stringOf(lookup(server, 'port', 'protocol'));
  if (written === undefined) return 'unknown';
  const protocol = written.toUpperCase();
  if (protocol === 'HTTPS' || protocol === 'TLS') return 'tls';
  return HTTP.includes(protocol) ? 'http' : 'tcp';
}

function hostOf(node: YamlNode, gateway: Resource): GatewayHost[] {
  const text = stringOf(node);
  if (text === undefined) return [];
  const slash = text.indexOf('/');
  const scope = slash < 0 ? '*' : text.slice(0, slash);
  const namespace = scope === '.' ? (gateway.namespace ?? UNSET_NAMESPACE) : scope;
  return [{ node, text, full: `${namespace}/${text.slice(slash + 1).toLowerCase()}` }];
}

/** The labels of the pods that a Gateway is for; undefined where a template hides them. */
export function gatewaySelector(gateway: Resource): Labels | undefined {
  const node = gateway.at('spec', 'selector');
  return node?.type === 'unknown' || (node?.type === 'map' && node.open) ? undefined : new Labels(node);
}

/**
 * The workloads whose proxies serve a Gateway, in whatever namespace, which is what istiod does unless `PILOT_SCOPE_GATEWAY_TO_NAMESPACE`
 * is set (istio/api networking/v1alpha3/gateway.proto, v1.31.1). Undefined where a template hides the selector.
 */
export function gatewayWorkloads(gateway: Resource, view: MeshView): Selection | undefined {
  const selector = gatewaySelector(gateway);
  return selector === undefined ? undefined : selectedWorkloads(gateway, selector, 'mesh', view);
}

/**
 * The workloads of an environment that are gateways of Istio, by their labels, names and containers. Not custom resources: which labels
 * their controllers give pods, no file shows.
 */
export function knownGateways(view: MeshView): readonly Resource[] {
  return view.index
    .grouped('istio.gatewayWorkloads', 'workloads', (workload) =>
      infrastructureRole(workload) === ROLE && !isCustomWorkload(workload) ? KNOWN : [],
    )
    .get(ROLE);
}

const ROLE = 'istio-gateway';
const KNOWN: readonly string[] = [ROLE];

/** Whether a chart or an IstioOperator of the environment makes gateways, whose labels depend on its values and on the name of the release. */
export function installsGateways(view: MeshView): boolean {
  const query = view.extension('istio.installsGateways', (graph) =>
    graph.computed('istio.installsGateways', () => {
      const charts = installedCharts(view).flatMap(([, { chart }]) => chart?.text ?? []);
      return charts.some((chart) => GATEWAY_CHART.test(chart)) || view.ofKind('IstioOperator.install.istio.io').length > 0;
    }),
  );
  return query.get();
}

/** istio/istio manifests/charts/gateway and manifests/charts/gateways, 1.32 development. */
const GATEWAY_CHART = /(?:^|\/)(?:gateway|istio-ingress|istio-egress)$/;

/** How two Gateways come to be served by the same pods. */
export interface Sharing {
  /** What the selector of the first is to that of the second: `wider` picks all pods that the second picks, by fewer labels. */
  readonly selector: 'equal' | 'wider' | 'narrower' | 'different';
  /** Whether a workload here has the labels of both. */
  readonly isShown: boolean;
}

/**
 * Whether the same pods serve two Gateways: their selectors are equal, or one narrows the other, or a workload here has the labels of both.
 * Undefined where nothing says so, and where a template hides a selector.
 */
export function sharing(one: Resource, other: Resource, view: MeshView): Sharing | undefined {
  const [first, second] = [gatewaySelector(one), gatewaySelector(other)];
  if (first === undefined || second === undefined || areOfOtherRevisions(one, other)) return undefined;
  const isNarrower = first.matches(second) === 'yes';
  const isWider = second.matches(first) === 'yes';
  if (isNarrower && isWider) return { selector: 'equal', isShown: true };
  const theirs = new Set(selectedWorkloads(other, second, 'mesh', view).certain);
  const isShown = selectedWorkloads(one, first, 'mesh', view).certain.some((workload) => theirs.has(workload));
  if (isNarrower || isWider) return { selector: isWider ? 'wider' : 'narrower', isShown };
  return isShown ? { selector: 'different', isShown } : undefined;
}

/** A control plane reads what its own revision's label names. */
function areOfOtherRevisions(one: Resource, other: Resource): boolean {
  const [first, second] = [one, other].map((gateway) => gateway.labels.get('istio.io/rev'));
  return first?.is === 'known' && second?.is === 'known' && first.value !== second.value;
}
