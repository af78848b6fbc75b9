import { baseNameOf } from '../environments/paths';
import { helmFileSubjects } from '../mesh/helm/file-subjects';
import { HELM_SUBJECTS, helmReferencesOf } from '../mesh/helm-references';
import type { HelmReference } from '../mesh/helm-references';
import type { MeshView } from '../mesh/view';
import { query } from './evidence';

/** What a chart installs, as far as the decision asks. */
export type ChartRole =
  'istio' | 'istio-ambient' | 'linkerd' | 'linkerd-viz' | 'linkerd-multicluster' | 'cilium' | 'kiali' | 'opentelemetry' | 'spire';

/** Charts that nothing else is called. */
const CHARTS: ReadonlyMap<string, ChartRole> = new Map<string, ChartRole>([
  // istio/istio manifests/charts and the names that the release archive and mirrors give them.
  ['istiod', 'istio'],
  ['istio-base', 'istio'],
  ['istio-cni', 'istio'],
  ['istio-control', 'istio'],
  ['istio-discovery', 'istio'],
  ['istio-operator', 'istio'],
  ['ztunnel', 'istio-ambient'],
  // helm.linkerd.io and helm.buoyant.cloud.
  ['linkerd2', 'linkerd'],
  ['linkerd-crds', 'linkerd'],
  ['linkerd-control-plane', 'linkerd'],
  ['linkerd2-cni', 'linkerd'],
  ['linkerd-enterprise-crds', 'linkerd'],
  ['linkerd-enterprise-control-plane', 'linkerd'],
  ['linkerd-preview-control-plane', 'linkerd'],
  ['linkerd-viz', 'linkerd-viz'],
  ['linkerd-jaeger', 'linkerd-viz'],
  ['linkerd-multicluster', 'linkerd-multicluster'],
  ['linkerd-enterprise-multicluster', 'linkerd-multicluster'],
  ['cilium', 'cilium'],
  ['kiali-server', 'kiali'],
  ['kiali-operator', 'kiali'],
  ['opentelemetry-collector', 'opentelemetry'],
  ['opentelemetry-operator', 'opentelemetry'],
  ['opentelemetry-kube-stack', 'opentelemetry'],
  ['spire', 'spire'],
  ['spire-server', 'spire'],
]);

/** Charts of Istio's repository whose names say too little by themselves. */
const ISTIO_CHARTS: ReadonlyMap<string, ChartRole> = new Map<string, ChartRole>([
  ['base', 'istio'],
  ['cni', 'istio'],
  ['gateway', 'istio'],
  ['ambient', 'istio-ambient'],
]);

/** A chart that something in the environment installs. */
export interface MeshChart {
  readonly role: ChartRole;
  readonly mesh: 'istio' | 'linkerd' | 'cilium' | undefined;
  readonly reference: HelmReference;
}

/** The charts of meshes and of what goes with them that an environment's resources and Helm's own files refer to. */
export function meshCharts(view: MeshView): readonly MeshChart[] {
  return query(view, 'charts', () => {
    const resources = HELM_SUBJECTS.flatMap((kind) => view.ofKind(kind));
    return [...resources, ...helmFileSubjects(view)].flatMap((subject) =>
      helmReferencesOf(subject, view).flatMap((reference) => {
        const role = roleOf(reference);
        return role === undefined ? [] : { role, mesh: meshOf(role), reference };
      }),
    );
  });
}

function roleOf({ chart, repository }: HelmReference): ChartRole | undefined {
  if (chart === undefined) return undefined;
  const name = baseNameOf(chart.text.replace(/\/$/, ''));
  const origin = `${repository?.text ?? ''} ${chart.text}`;
  return CHARTS.get(name) ?? (/(?:^|[^a-z])istio/i.test(origin) ? ISTIO_CHARTS.get(name) : undefined);
}

function meshOf(role: ChartRole): MeshChart['mesh'] {
  if (role === 'istio' || role === 'istio-ambient') return 'istio';
  return role === 'linkerd' || role === 'cilium' ? role : undefined;
}
