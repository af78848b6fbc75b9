import { Labels } from '../../resources/labels';
import { sameNamespace, UNSET_NAMESPACE } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import { podTemplateOf } from '../../resources/workload';
import type { PodTemplate } from '../../resources/workload';
import { infrastructureRole, isNeverClient } from '../infrastructure';
import type { Membership } from '../membership';
import { servedPorts } from '../served-ports';
import { isOutsideIstio } from '../unmeshed';
import type { MeshView } from '../view';
import { DEFAULT_ROOT, modeAtPort } from './peer-authentication';
import type { EffectiveMode } from './peer-authentication';

/** Whom a PeerAuthentication is for. */
export type PolicyScope =
  | {
      readonly level: 'mesh';
      readonly root: string;
      /** Nothing shows which namespace the root is. */ readonly rootAssumed: boolean;
    }
  /** Without a name, the policy's own manifest sets none. */
  | { readonly level: 'namespace'; readonly namespace: string | undefined }
  | { readonly level: 'workload'; readonly selector: Labels };

/**
 * The scope of a PeerAuthentication.
 *
 * @returns undefined where a template hides it, and for a selector in the root namespace, with which Istio ignores a policy
 */
export function scopeOf(policy: Resource, view: MeshView): PolicyScope | undefined {
  const shownRoot = view.rootNamespace();
  if (policy.header.namespace.is === 'unknown' || shownRoot.is === 'unknown') return undefined;
  const root = shownRoot.is === 'known' ? shownRoot.value : DEFAULT_ROOT;
  const matchLabels = policy.at('spec', 'selector', 'matchLabels');
  if (matchLabels?.type === 'unknown') return undefined;
  const selector = new Labels(matchLabels);
  const inRoot = (policy.namespace ?? UNSET_NAMESPACE) === root;
  if (!selector.isEmpty) return inRoot ? undefined : { level: 'workload', selector };
  if (inRoot) return { level: 'mesh', root, rootAssumed: shownRoot.is === 'absent' };
  return { level: 'namespace', namespace: policy.header.namespace.is === 'known' ? policy.header.namespace.value : undefined };
}

/**
 * Whether a STRICT of this policy makes some pods refuse plaintext. Where workloads of its scope are here, that are not shown to lie
 * outside the mesh, it must hold for one of them at a port that a container or a Service names: a more specific policy, a port of its own
 * and annotations that keep a port from the sidecar all take a STRICT away. Where none is, a STRICT for a mesh or a namespace is taken
 * to hold for workloads of other repositories, or for some that come later; one that selects workloads is not, since the selector may
 * be wrong.
 *
 * @param port of `portLevelMtls`; undefined for `mtls.mode`
 */
export function strictHolds(policy: Resource, scope: PolicyScope, port: number | undefined, view: MeshView): boolean {
  let servers = 0;
  for (const workload of workloadsOf(policy, scope, view)) {
    const template = podTemplateOf(workload);
    if (template === undefined || !isInScope(workload, template, policy, scope)) continue;
    const membership = view.membership(workload);
    if (membership === undefined || isOutsideIstio(membership) || isNoServer(workload)) continue;
    servers++;
    if (holdsFor({ workload, template, membership }, policy, port, view)) return true;
  }
  return servers === 0 && port === undefined && scope.level !== 'workload';
}

/** The workloads that may be in a policy's scope: beyond the mesh as a whole, those of its own namespace. */
function workloadsOf(policy: Resource, scope: PolicyScope, view: MeshView): readonly Resource[] {
  return scope.level === 'mesh' || policy.namespace === undefined
    ? view.index.workloads()
    : view.index.workloadsIn(policy.namespace);
}

/** Whether a policy with a selector may be for this workload. */
export function maySelect(policy: Resource, scope: PolicyScope, workload: Resource): boolean {
  if (scope.level !== 'workload' || sameNamespace(policy, workload) === 'no') return false;
  return podTemplateOf(workload)?.labels.matches(scope.selector) !== 'no';
}

interface Server {
  readonly workload: Resource;
  readonly template: PodTemplate;
  readonly membership: Membership;
}

function isInScope(workload: Resource, template: PodTemplate, policy: Resource, scope: PolicyScope): boolean {
  if (scope.level === 'mesh') return true;
  if (sameNamespace(policy, workload) !== 'yes') return false;
  return scope.level === 'namespace' || template.labels.matches(scope.selector) === 'yes';
}

/** Gateways do not ask PeerAuthentication about their listeners, and the other parts of a mesh have no sidecar. */
function isNoServer(workload: Resource): boolean {
  const role = infrastructureRole(workload);
  return role !== undefined && role !== 'operator' && isNeverClient(role);
}

function holdsFor(server: Server, policy: Resource, port: number | undefined, view: MeshView): boolean {
  const modes = view.mtls(server.workload);
  const { numbers, open } = servedPorts(server.workload, view);
  if (port !== undefined) {
    const isServed = numbers.size === 0 || open || numbers.has(port);
    return isServed && isCaptured(server, port) && isStrictBy(policy, true, modeAtPort(modes, port));
  }
  // What the policies themselves name is as good a sign of a port as a container's list.
  const named = [...new Set([...numbers, ...modes.ports.keys()])].filter((candidate) => !isProxyPort(candidate));
  if (named.length === 0) return isCaptured(server, undefined) && isStrictBy(policy, false, modes.otherPorts);
  return named.some((candidate) => isCaptured(server, candidate) && isStrictBy(policy, false, modeAtPort(modes, candidate)));
}

function isStrictBy(policy: Resource, byPort: boolean, { mode, setBy }: EffectiveMode<Resource>): boolean {
  return mode === 'STRICT' && setBy.some((setter) => setter.policy === policy && (setter.level === 'port') === byPort);
}

/** The ports of the sidecar itself, exempt from every policy. */
function isProxyPort(port: number): boolean {
  return port === 15020 || port === 15021 || port === 15090;
}

const INCLUDE = 'traffic.sidecar.istio.io/includeInboundPorts';
const EXCLUDE = 'traffic.sidecar.istio.io/excludeInboundPorts';

/**
 * Whether the sidecar sees what arrives at a port (istio/istio tools/istio-iptables, 1.32 development): a PeerAuthentication has no say
 * over the rest. ztunnel reads neither annotation.
 *
 * @param port undefined for any that no file names
 */
function isCaptured({ template, membership }: Server, port: number | undefined): boolean {
  if (membership.ambient.joins === 'yes') return true;
  const include = template.annotations.get(INCLUDE);
  const exclude = template.annotations.get(EXCLUDE);
  if (include.is === 'known' && include.value !== '*' && !namesPort(include.value, port)) return false;
  return exclude.is !== 'known' || port === undefined || !namesPort(exclude.value, port);
}

/** @param port undefined for one of many: any list names it that is not empty */
function namesPort(list: string, port: number | undefined): boolean {
  const ports = list.split(',').map((item) => item.trim());
  return port === undefined ? ports.some((item) => item !== '') : ports.includes(String(port));
}
