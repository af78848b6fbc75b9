import { CILIUM_POLICIES, requiredModes } from '../mesh/cilium/authentication';
import { decideAuthentication } from '../mesh/cilium/authentication-state';
import { ciliumSettings } from '../mesh/cilium/settings';
import { ciliumSources } from '../mesh/cilium/sources';
import { ENROLMENT_LABEL } from '../mesh/cilium/enrolment-label';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import type { Place, YamlNode } from '../yaml/tree';
import { infrastructure } from './applications';
import { placesOf, query, titlesOf } from './evidence';
import type { Observed } from './facts';
import { meshCharts } from './mesh-charts';

/**
 * Whether Cilium is the CNI: its agents, its ConfigMap `cilium-config`, its chart, or resources of cilium.io, which only it reads
 * (docs.cilium.io; the chart of 1.20 names the ConfigMap).
 */
export function ciliumAsCni(view: MeshView): Observed<Place> {
  return query(view, 'ciliumCni', () => {
    const agents = infrastructure(view).get('cilium') ?? [];
    const resources = view.environment().resources.filter(({ group }) => group === 'cilium.io');
    const charts = ciliumCharts(view).flatMap(({ chart }) => chart?.node ?? []);
    const evidence = [...titlesOf([...agents, ...ciliumSources(view).configMaps]), ...placesOf(charts), ...titlesOf(resources)];
    return { holds: evidence.length > 0, evidence };
  });
}

/**
 * Where Cilium is more than the CNI: policies that require mutual authentication, its SPIRE, or ztunnel encryption, in values, in
 * `cilium-config` or asked for by a Namespace, unless its settings make nothing of them (Cilium 1.20, "Mutual Authentication", "Ztunnel
 * Transparent Encryption").
 */
export function ciliumAsMesh(view: MeshView): readonly Place[] {
  return query(view, 'ciliumMesh', () => {
    const settings = ciliumSettings(view);
    const { encryption, spire } = settings;
    const isZtunnel = encryption.value.is === 'known' && encryption.value.value === 'ztunnel';
    const namespaces = encryption.value.is === 'known' && !isZtunnel ? [] : view.ofKind('Namespace').flatMap(encryptedBy);
    const places = [
      ...(spire.value.is === 'known' && spire.value.value ? spire.evidence : []),
      ...(isZtunnel ? encryption.evidence : []),
    ];
    const demands = decideAuthentication(settings).is === 'ignored' ? [] : requiredAuthentication(view);
    return placesOf([...demands, ...namespaces, ...places]);
  });
}

/** Where policies let nothing through that has not proved who it is: `authentication.mode: required` of an entry. */
function requiredAuthentication(view: MeshView): readonly YamlNode[] {
  return CILIUM_POLICIES.flatMap((kind) => view.ofKind(kind)).flatMap(requiredModes);
}

/** @returns the label by which a Namespace asks for Cilium's ztunnel */
export function encryptedBy(namespace: Resource): YamlNode[] {
  const label = namespace.labels.get(ENROLMENT_LABEL);
  return label.is === 'known' && label.value === 'true' ? [label.node] : [];
}

function ciliumCharts(view: MeshView) {
  return meshCharts(view).flatMap(({ mesh, reference }) => (mesh === 'cilium' ? [reference] : []));
}
