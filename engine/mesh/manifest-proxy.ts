import type { Resource } from '../resources/resource';
import type { PodTemplate } from '../resources/workload';
import { lookup } from '../yaml/tree';
import type { IstioOrLinkerd, Joining } from './membership';

/** How a workload's pods join a mesh whose proxy stands in the manifest, rather than being injected; undefined where none does. */
export function proxyInManifest(
  of: 'istio' | 'linkerd',
  workload: Resource,
  { containers, initContainers }: PodTemplate,
): Joining<IstioOrLinkerd> | undefined {
  const name = of === 'istio' ? 'istio-proxy' : 'linkerd-proxy';
  // `image: auto` asks the injector for the proxy: a gateway that still needs injection (istio.io, "Installing Gateways").
  const container = [...containers, ...initContainers].find((candidate) => candidate.name === name && candidate.image !== 'auto');
  if (container === undefined || isZtunnelOfCilium(workload)) return undefined;
  return {
    mesh: of === 'istio' ? 'istio-sidecar' : 'linkerd',
    joins: 'yes',
    basis: 'shown',
    reason: `container ${name} stands in the manifest`,
    evidence: [lookup(container.node, 'name') ?? container.node],
    inManifest: true,
  };
}

/** Cilium's own ztunnel calls its container `istio-proxy` (cilium/cilium chart 1.20, DaemonSet ztunnel-cilium). */
function isZtunnelOfCilium(workload: Resource): boolean {
  return workload.name === 'ztunnel-cilium' && workload.kind === 'DaemonSet.apps';
}
