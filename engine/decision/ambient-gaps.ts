import { helmValue } from '../mesh/helm-references';
import type { MeshView } from '../mesh/view';
import { entriesOf, lookup, stringOf } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';
import { volumesOf } from './alternatives';
import { applicationWorkloads, usedOfKind } from './applications';
import { itself, placesOf, query, remembered, signsIn } from './evidence';
import type { Find } from './evidence';
import type { AdvancedFeature, DecisionFacts } from './facts';
import { VIRTUAL_SERVICE } from './mesh-features';
import { meshCharts } from './mesh-charts';
import { virtualServiceUse } from './routing';

/** Something that ambient mode lacks, as resources of some kinds show it. */
interface Gap {
  /** As prose names it, or an advanced feature's id. */
  readonly feature: AdvancedFeature | (string & {});
  readonly kinds: readonly string[];
  readonly find: Find;
}

const PRIMARY_REMOTE = 'a control plane in another cluster (primary-remote)';
const SPIRE = 'SPIRE';

/**
 * What ambient mode lacks (istio.io, "Ambient mode: Migrate policies", "Ambient and sidecar feature support"; istio/istio
 * pilot/pkg/networking/core/listener_waypoint.go and pilot/pkg/serviceregistry/ambient, 1.32 development): EnvoyFilters, SPIRE, virtual
 * machines and primary-remote clusters, matches on the client's labels, and switching mTLS off. Policies that select workloads, which
 * ambient mode ignores, are no gap: they can be bound to a waypoint instead.
 */
const GAPS: readonly Gap[] = [
  { feature: 'envoy-filter', kinds: ['EnvoyFilter.networking.istio.io'], find: itself },
  { feature: SPIRE, kinds: ['ClusterSPIFFEID.spire.spiffe.io', 'ClusterStaticEntry.spire.spiffe.io'], find: itself },
  {
    feature: 'virtual machines in the mesh',
    kinds: ['WorkloadEntry.networking.istio.io', 'WorkloadGroup.networking.istio.io', 'ExternalWorkload.workload.linkerd.io'],
    find: itself,
  },
  {
    feature: "matches on the client's labels (sourceLabels)",
    kinds: [VIRTUAL_SERVICE],
    find: (resource) => virtualServiceUse(resource).sources,
  },
  {
    feature: 'mTLS switched off by PeerAuthentication',
    kinds: ['PeerAuthentication.security.istio.io'],
    find: (policy) => {
      const ports = entriesOf(policy.at('spec', 'portLevelMtls')).map(({ value }) => lookup(value, 'mode'));
      return [policy.at('spec', 'mtls', 'mode'), ...ports].flatMap((mode) => said(mode, 'DISABLE'));
    },
  },
  {
    feature: PRIMARY_REMOTE,
    kinds: ['IstioOperator.install.istio.io'],
    find: (operator) => [
      ...said(operator.at('spec', 'profile'), 'remote', 'external'),
      ...named(operator.at('spec', 'values', 'global', 'remotePilotAddress')),
    ],
  },
  {
    feature: PRIMARY_REMOTE,
    kinds: ['Namespace'],
    find: ({ annotations }) => {
      const annotation = annotations.get('topology.istio.io/controlPlaneClusters');
      return annotation.is === 'known' ? [annotation.node] : [];
    },
  },
];

/** SPIRE's driver hands its socket to a workload. */
const sockets = remembered((workload) =>
  volumesOf(workload).flatMap((volume) => said(lookup(volume, 'csi', 'driver'), 'csi.spiffe.io')),
);

/** What is in use here and ambient mode lacks, each once. */
export function ambientGaps(view: MeshView): DecisionFacts<Place>['ambientGaps'] {
  return query(view, 'ambientGaps', () => {
    const found = new Map<string, Place[]>();
    const add = (feature: string, evidence: readonly Place[]): void => {
      if (evidence.length > 0) found.set(feature, [...(found.get(feature) ?? []), ...evidence]);
    };
    for (const { feature, kinds, find } of GAPS) {
      for (const kind of kinds) add(feature, signsIn(usedOfKind(view, kind), find).evidence);
    }
    add(SPIRE, signsIn(applicationWorkloads(view), sockets).evidence);
    for (const { role, mesh, reference } of meshCharts(view)) {
      if (role === 'spire') add(SPIRE, placesOf([reference.chart?.node].flatMap((node) => node ?? [])));
      if (mesh === 'istio')
        add(
          PRIMARY_REMOTE,
          placesOf([
            ...named(helmValue(reference, 'global', 'remotePilotAddress')),
            ...said(helmValue(reference, 'profile'), 'remote'),
          ]),
        );
    }
    return [...found].map(([feature, evidence]) => ({ feature, evidence }));
  });
}

function said(node: YamlNode | undefined, ...values: readonly string[]): YamlNode[] {
  return node !== undefined && values.includes(stringOf(node) ?? '') ? [node] : [];
}

function named(node: YamlNode | undefined): YamlNode[] {
  return node !== undefined && (stringOf(node) ?? '') !== '' ? [node] : [];
}
