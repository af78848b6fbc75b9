import type { Definitions } from '../decision/evidence';
import type { EffectiveMode, MtlsMode } from '../mesh/istio/peer-authentication';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import type { Place, YamlNode } from '../yaml/tree';
import { claim, counted, listed, titleNodes } from './claim';
import type { Claim } from './claim';
import { ciliumClaims } from './cilium-claims';
import type { Member, Standing } from './members';
import { settingsClaims } from './settings-claims';

/** What protects the traffic between workloads: one claim for each way, in the order from strict to open. */
export function mtlsClaims(view: MeshView, members: readonly Member[]): readonly Claim<Place>[] {
  const of = (standing: Standing): Definitions[] =>
    members.flatMap((member) => (member.standing === standing ? [member.definitions] : []));
  return [
    ...istioClaims(view, of('istio-sidecar'), 'sidecar'),
    ...istioClaims(view, of('istio-ambient'), 'ambient'),
    ...linkerdClaims(of('linkerd')),
    ...ciliumClaims(view, of('cilium'), members),
    ...openClaims(of('none')),
    ...settingsClaims(view),
  ];
}

type DataPlane = 'sidecar' | 'ambient';
const MODES: readonly (MtlsMode | 'unknown')[] = ['STRICT', 'PERMISSIVE', 'DISABLE', 'unknown'];

function istioClaims(view: MeshView, workloads: readonly Definitions[], plane: DataPlane): Claim<Place>[] {
  const byMode = new Map<MtlsMode | 'unknown', { workloads: Definitions[]; setters: Set<Resource>; isDefault: boolean }>();
  for (const definitions of workloads) {
    const { mode, setBy } = view.mtls(definitions[0]).workload;
    const group = byMode.get(mode) ?? { workloads: [], setters: new Set<Resource>(), isDefault: false };
    group.workloads.push(definitions);
    group.isDefault ||= setBy.length === 0;
    for (const { policy } of setBy) group.setters.add(policy);
    byMode.set(mode, group);
  }
  return MODES.flatMap((mode) => {
    const group = byMode.get(mode);
    if (group === undefined) return [];
    const setters = [...group.setters];
    const set = [...setters.map(({ title }) => title), ...(group.isDefault ? ["Istio's default"] : [])];
    const text = `${counted(group.workloads.length, 'workload')} with ${PLANES[plane]}: ${sayMode(mode, plane)} (${listed(set)}).`;
    return [claim(text, [...setters.map(modeNode), ...titleNodes(group.workloads)])];
  });
}

const PLANES: Readonly<Record<DataPlane, string>> = { sidecar: "Istio's sidecar", ambient: "Istio's ztunnel" };

function sayMode(mode: EffectiveMode<Resource>['mode'], plane: DataPlane): string {
  switch (mode) {
    case 'STRICT':
      return 'mutual TLS is demanded, plaintext refused';
    case 'PERMISSIVE':
      return 'mutual TLS inside the mesh, plaintext from outside it accepted';
    case 'DISABLE':
      // ztunnel knows no DISABLE: it goes on as with PERMISSIVE (istio/istio architecture/ambient/peer-authentication.md).
      return plane === 'ambient'
        ? 'DISABLE has no effect in ambient mode; plaintext from outside the mesh is accepted'
        : 'mutual TLS is switched off';
    case 'unknown':
      return 'these files do not show the mode';
  }
}

/** Where a policy states its mode. */
function modeNode(policy: Resource): YamlNode | undefined {
  return policy.at('spec', 'mtls', 'mode') ?? policy.titlePlace;
}

function linkerdClaims(workloads: readonly Definitions[]): Claim<Place>[] {
  if (workloads.length === 0) return [];
  const text = `${counted(workloads.length, 'workload')} with Linkerd's proxy: mutual TLS with other meshed pods by itself; plaintext from outside the mesh is accepted unless a policy refuses it.`;
  return [claim(text, titleNodes(workloads))];
}

function openClaims(workloads: readonly Definitions[]): Claim<Place>[] {
  if (workloads.length === 0) return [];
  return [
    claim(
      `${counted(workloads.length, 'workload')} outside every mesh: no mutual TLS, unless the application brings its own.`,
      titleNodes(workloads),
    ),
  ];
}
