import type { Resource } from '../../resources/resource';
import { podTemplateOf } from '../../resources/workload';
import { stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { MeshView } from '../view';
import { meshSettings } from './mesh-settings';
import { modeAtPort } from './peer-authentication';
import type { EffectiveMode, ModeSetter } from './peer-authentication';
import { containerPorts } from './port-protocol-conflicts';
import type { ServicePort } from './port-protocol';

/** What a sidecar sends by itself to the pods of a workload. */
export interface AutoSent {
  readonly workload: Resource;
  readonly sends: 'mtls' | 'plaintext' | 'unknown';
}

/** What auto mTLS makes of a port of a Service. */
export interface AutoMtls {
  readonly sent: readonly AutoSent[];
  /** Why it is plaintext to all of them, where the Service or the mesh as a whole decides that. */
  readonly plaintext: 'switched-off' | 'namespace' | undefined;
  /** The manifests that say so. */
  readonly places: readonly YamlNode[];
  /** The policies that say so. */
  readonly setBy: readonly ModeSetter<Resource>[];
}

/**
 * What a client's sidecar sends to a port of a Service where no DestinationRule has a say. The mode of the Service's namespace, and of that
 * alone, decides first: DISABLE is plaintext to every pod. Else it is mTLS to pods with a proxy whose own mode at the port is not DISABLE
 * (istio/istio pilot/pkg/model/push_context.go BestEffortInferServiceMTLSMode and pilot/pkg/xds/endpoints/mtls_checker.go, 1.32 development).
 * ztunnel takes mTLS whatever the mode (architecture/ambient/peer-authentication.md). To a headless Service it is one for all pods: mTLS if
 * each of them has a proxy, whatever their own modes.
 *
 * @param workloads those that the Service selects
 */
export function autoMtls(service: Resource, port: ServicePort, workloads: readonly Resource[], view: MeshView): AutoMtls {
  const all = (sends: AutoSent['sends']): readonly AutoSent[] => workloads.map((workload) => ({ workload, sends }));
  const { value, places } = meshSettings(view).autoMtls;
  if (value.is === 'known' && !value.value) return { sent: all('plaintext'), plaintext: 'switched-off', places, setBy: [] };
  // A Service has no pod labels: no policy with a selector is for it.
  const shared = view.mtls(service).workload;
  const byNamespace = { places: [], setBy: shared.setBy };
  if (shared.mode === 'DISABLE') return { sent: all('plaintext'), plaintext: 'namespace', ...byNamespace };
  if (value.is === 'unknown' || shared.mode === 'unknown')
    return { sent: all('unknown'), plaintext: undefined, places: value.is === 'unknown' ? places : [], setBy: shared.setBy };
  const isHeadless = stringOf(service.at('spec', 'clusterIP')) === 'None';
  const sent = workloads.map((workload): AutoSent => ({ workload, sends: sentTo(workload, port, isHeadless, view) }));
  const one = isHeadless ? (['plaintext', 'unknown'] as const).find((sends) => sent.some((to) => to.sends === sends)) : undefined;
  return { sent: one === undefined ? sent : all(one), plaintext: undefined, places: [], setBy: [] };
}

function sentTo(workload: Resource, port: ServicePort, ignoresModes: boolean, view: MeshView): AutoSent['sends'] {
  const membership = view.membership(workload);
  const template = podTemplateOf(workload);
  if (membership === undefined || template === undefined) return 'unknown';
  if (membership.ambient.joins === 'yes') return 'mtls';
  if (membership.sidecar.joins !== 'yes')
    return membership.sidecar.joins === 'no' && membership.ambient.joins === 'no' ? 'plaintext' : 'unknown';
  if (ignoresModes) return 'mtls';
  const resolution = view.mtls(workload);
  const target = port.target === undefined ? Number.NaN : Number(containerPorts(template).get(port.target) ?? port.target);
  const { mode }: EffectiveMode<Resource> = Number.isInteger(target) ? modeAtPort(resolution, target) : unnamedPort(resolution);
  return mode === 'DISABLE' ? 'plaintext' : mode === 'unknown' ? 'unknown' : 'mtls';
}

/** The mode of a port of which no number is known: what all ports have in common. */
function unnamedPort({ otherPorts, ports }: ReturnType<MeshView['mtls']>): EffectiveMode<Resource> {
  const differs = [...ports.values()].some(({ mode }) => mode !== otherPorts.mode);
  return differs ? { ...otherPorts, mode: 'unknown' } : otherPorts;
}
