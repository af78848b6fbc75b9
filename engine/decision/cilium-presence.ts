import { helmValue } from '../mesh/helm-references';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { booleanOf, isSet, itemsOf, lookup, stringOf } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';
import { infrastructure } from './applications';
import { placesOf, query, titlesOf } from './evidence';
import type { Observed } from './facts';
import { meshCharts } from './mesh-charts';

const NETWORK_POLICIES = ['CiliumNetworkPolicy.cilium.io', 'CiliumClusterwideNetworkPolicy.cilium.io'];

/**
 * Whether Cilium is the CNI: its agents, its ConfigMap `cilium-config`, its chart, or resources of cilium.io, which only it reads
 * (docs.cilium.io; the chart of 1.20 names the ConfigMap).
 */
export function ciliumAsCni(view: MeshView): Observed<Place> {
  return query(view, 'ciliumCni', () => {
    const agents = infrastructure(view).get('cilium') ?? [];
    const resources = view.environment().resources.filter(({ group }) => group === 'cilium.io');
    const charts = ciliumCharts(view).flatMap(({ chart }) => chart?.node ?? []);
    const evidence = [...titlesOf([...agents, ...configMaps(view)]), ...placesOf(charts), ...titlesOf(resources)];
    return { holds: evidence.length > 0, evidence };
  });
}

/**
 * Where Cilium is more than the CNI: policies that require mutual authentication, its SPIRE, or ztunnel encryption, in values, in
 * `cilium-config` or asked for by a Namespace (Cilium 1.20, "Mutual Authentication", "Ztunnel Transparent Encryption").
 */
export function ciliumAsMesh(view: MeshView): readonly Place[] {
  return query(view, 'ciliumMesh', () => {
    const values = ciliumCharts(view).flatMap((chart) => [
      ...present(helmValue(chart, 'authentication', 'mutual', 'spire', 'enabled'), true),
      ...(booleanOf(helmValue(chart, 'encryption', 'enabled')) === true
        ? present(helmValue(chart, 'encryption', 'type'), 'ztunnel')
        : []),
    ]);
    const settings = configMaps(view).flatMap((configMap) => present(configMap.at('data', 'enable-ztunnel'), 'true'));
    return placesOf([...requiredAuthentication(view), ...ztunnelNamespaces(view), ...values, ...settings]);
  });
}

/** Where a policy lets nothing through that has not proved who it is: `authentication.mode: required` of an entry. */
export function requiredAuthentication(view: MeshView): readonly YamlNode[] {
  return NETWORK_POLICIES.flatMap((kind) => view.ofKind(kind)).flatMap(authenticationIn);
}

/** @returns the modes of one policy that say `required` */
export function authenticationIn(policy: Resource): YamlNode[] {
  const rules = [policy.at('spec'), ...itemsOf(policy.at('specs'))];
  return rules
    .flatMap((rule) => ['ingress', 'egress'].flatMap((direction) => itemsOf(lookup(rule, direction))))
    .flatMap((entry) => present(lookup(entry, 'authentication', 'mode'), 'required'));
}

/** Namespaces whose pods' traffic Cilium's ztunnel encrypts. */
function ztunnelNamespaces(view: MeshView): YamlNode[] {
  return view.ofKind('Namespace').flatMap((namespace) => encryptedBy(namespace));
}

/** @returns the label by which a Namespace asks for Cilium's ztunnel */
export function encryptedBy(namespace: Resource): YamlNode[] {
  const label = namespace.labels.get('io.cilium/mtls-enabled');
  return label.is === 'known' && label.value === 'true' ? [label.node] : [];
}

function ciliumCharts(view: MeshView) {
  return meshCharts(view).flatMap(({ mesh, reference }) => (mesh === 'cilium' ? [reference] : []));
}

function configMaps(view: MeshView): readonly Resource[] {
  return view.ofKind('ConfigMap').filter(({ name }) => name === 'cilium-config');
}

function present(node: YamlNode | undefined, value: string | boolean): YamlNode[] {
  return isSet(node) && (stringOf(node) ?? booleanOf(node)) === value ? [node] : [];
}
