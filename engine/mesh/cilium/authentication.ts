import { sameNamespace, UNSET_NAMESPACE } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import type { Answer } from '../../resources/labels';
import { isCustomWorkload, podTemplateOf } from '../../resources/workload';
import { known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { tristateOf } from '../namespaces';
import type { MeshView } from '../view';
import { picksEndpoint } from './endpoint-selector';
import type { EndpointLabels } from './endpoint-selector';

export const CILIUM_NETWORK_POLICY = 'CiliumNetworkPolicy.cilium.io';
export const CILIUM_POLICIES: readonly string[] = [CILIUM_NETWORK_POLICY, 'CiliumClusterwideNetworkPolicy.cilium.io'];

const DIRECTIONS = ['ingress', 'egress'] as const;
/** Whose traffic: what comes to the pods, or what they send. */
export type Direction = (typeof DIRECTIONS)[number];

/** A policy that lets traffic of a workload's pods pass only after both ends have proved who they are. */
export interface AuthenticationDemand {
  readonly policy: Resource;
  readonly direction: Direction;
  /** Where it says `required`. */
  readonly modes: readonly YamlNode[];
  /** `unknown`: whether it picks these pods is left open. */
  readonly picks: 'yes' | 'unknown';
}

/**
 * The policies that demand mutual authentication for a workload's pods: `authentication.mode: required` in the entries of each
 * CiliumNetworkPolicy and CiliumClusterwideNetworkPolicy that picks them. It holds for what such an entry lets pass, and for nothing else.
 * Pods on the host network are picked by no such policy: they have the identity of their node. A memoised query.
 */
export function authenticationDemands(workload: Resource, view: MeshView): readonly AuthenticationDemand[] {
  const query = view.extension('cilium.authentication', (graph) =>
    graph.family('cilium.authentication', (of: Resource) => find(of, view)),
  );
  return query(workload);
}

/** Where an entry of a policy says `authentication.mode: required`. Deny rules have no such field (CRD of v1.20.0). */
export function requiredModes(policy: Resource): readonly YamlNode[] {
  return rulesOf(policy).flatMap((rule) => DIRECTIONS.flatMap((direction) => modesIn(rule, direction)));
}

function rulesOf(policy: Resource): readonly YamlNode[] {
  return [policy.at('spec'), ...itemsOf(policy.at('specs'))].filter(isSet);
}

function modesIn(rule: YamlNode, direction: Direction): readonly YamlNode[] {
  return itemsOf(lookup(rule, direction)).flatMap((entry) => {
    const mode = lookup(entry, 'authentication', 'mode');
    return mode !== undefined && stringOf(mode) === 'required' ? [mode] : [];
  });
}

function find(workload: Resource, view: MeshView): readonly AuthenticationDemand[] {
  const policies = candidates(workload, view);
  if (policies.length === 0) return [];
  const template = podTemplateOf(workload);
  const hostNetwork = lookup(template?.spec, 'hostNetwork');
  if (template === undefined || (hostNetwork?.type === 'scalar' && hostNetwork.value === true)) return [];
  // On the host network nobody picks them, and a custom resource's controller may give its pods other labels.
  const isOpen = hostNetwork?.type === 'unknown' || isCustomWorkload(workload);
  const labels = labelsOf(workload, view);
  return policies.flatMap((policy) => demandsOf(policy, workload, labels, isOpen));
}

function demandsOf(policy: Resource, workload: Resource, labels: EndpointLabels, isOpen: boolean): AuthenticationDemand[] {
  const isNamespaced = policy.kind === CILIUM_NETWORK_POLICY;
  const isHere = isNamespaced ? sameNamespace(policy, workload) : 'yes';
  const found = new Map<string, AuthenticationDemand>();
  for (const rule of rulesOf(policy)) {
    const answers: Answer[] = [isHere, picksEndpoint(lookup(rule, 'endpointSelector'), labels, isNamespaced)];
    if (answers.includes('no')) continue;
    const picks = isOpen || answers.includes('unknown') ? 'unknown' : 'yes';
    for (const direction of DIRECTIONS) {
      const modes = modesIn(rule, direction);
      if (modes.length === 0) continue;
      const key = `${direction} ${picks}`;
      found.set(key, { policy, direction, picks, modes: [...(found.get(key)?.modes ?? []), ...modes] });
    }
  }
  return [...found.values()];
}

/** No namespace has these names. */
const CLUSTERWIDE = '*';
const UNNAMED = '';
const ALL = '**';

/** The policies that demand anything and may concern a workload: those for the cluster, and those of its namespace, or that may be. */
function candidates(workload: Resource, view: MeshView): readonly Resource[] {
  const demanding = view.index.grouped('policies that demand authentication', CILIUM_POLICIES, (policy) =>
    requiredModes(policy).length === 0 ? NO_KEYS : [ALL, keyOf(policy)],
  );
  const { namespace } = workload.header;
  if (namespace.is !== 'known') return demanding.get(ALL);
  return [namespace.value, UNNAMED, CLUSTERWIDE].flatMap((key) => demanding.get(key));
}

const NO_KEYS: readonly string[] = [];

function keyOf({ kind, header: { namespace } }: Resource): string {
  if (kind !== CILIUM_NETWORK_POLICY) return CLUSTERWIDE;
  return namespace.is === 'known' ? namespace.value : UNNAMED;
}

function labelsOf(workload: Resource, view: MeshView): EndpointLabels {
  const template = podTemplateOf(workload);
  const namespace = workload.namespace;
  return {
    namespace: workload.header.namespace,
    namespaceLabel: (key) =>
      workload.header.namespace.is === 'unknown' ? unknown : view.namespaceLabel(namespace ?? UNSET_NAMESPACE, key).value,
    podLabel: (key) => (template === undefined ? unknown : tristateOf(template.labels.get(key))),
    serviceAccount: serviceAccountOf(template?.spec),
  };
}

/** The older field counts where the newer one is not set; pods that name none get `default` (Kubernetes, Pod v1). */
function serviceAccountOf(spec: YamlNode | undefined): Tristate<string> {
  const written = [lookup(spec, 'serviceAccountName'), lookup(spec, 'serviceAccount')].find(isSet);
  if (written === undefined) return known('default');
  const name = stringOf(written);
  return name === undefined ? unknown : known(name);
}
