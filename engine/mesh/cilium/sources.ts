import { baseNameOf } from '../../environments/paths';
import type { Resource } from '../../resources/resource';
import { unknown } from '../../tristate';
import { HELM_SUBJECTS, helmReferencesOf } from '../helm-references';
import type { HelmReference } from '../helm-references';
import { helmFileSubjects } from '../helm/file-subjects';
import { valuesInText } from '../helm/values';
import type { MeshView } from '../view';

/** A release of the chart `cilium`. */
export interface CiliumChart {
  readonly reference: HelmReference;
  /** What makes the release, with all charts that it names. */
  readonly subject: Resource;
  readonly references: readonly HelmReference[];
}

/** What an environment shows of how Cilium is installed. */
export interface CiliumSources {
  /** Cilium's rendered settings: the ConfigMap `cilium-config`. */
  readonly configMaps: readonly Resource[];
  readonly charts: readonly CiliumChart[];
  /** Settings for some of the nodes. */
  readonly nodeConfigs: readonly Resource[];
}

/**
 * What says how Cilium is set in an environment (cilium/cilium install/kubernetes/cilium/templates/cilium-configmap.yaml, v1.20.0): its
 * ConfigMap, releases of its chart, and each CiliumNodeConfig. A memoised query.
 */
export function ciliumSources(view: MeshView): CiliumSources {
  const query = view.extension('cilium.sources', (graph) => graph.computed('cilium.sources', () => find(view)));
  return query.get();
}

/** Whether anything here says how Cilium is set. */
export function showsCilium(view: MeshView): boolean {
  const { configMaps, charts } = ciliumSources(view);
  return configMaps.length > 0 || charts.length > 0;
}

const CONFIG_MAP = 'cilium-config';

/** What brings a chart to a cluster; a repository or a chart that waits in one does not. */
const INSTALLERS: readonly string[] = HELM_SUBJECTS.filter(
  (kind) => !kind.startsWith('file:') && !kind.endsWith('.source.toolkit.fluxcd.io'),
);

function find(view: MeshView): CiliumSources {
  const maps = view.index.grouped('cilium.configMaps', ['ConfigMap'], ({ name }) => (name === CONFIG_MAP ? CILIUM : NONE));
  return {
    configMaps: maps.get('cilium'),
    charts: chartsIn(view),
    nodeConfigs: view.ofKind('CiliumNodeConfig.cilium.io'),
  };
}

const CILIUM: readonly string[] = ['cilium'];
const NONE: readonly string[] = [];

function chartsIn(view: MeshView): CiliumChart[] {
  const subjects = [...INSTALLERS.flatMap((kind) => view.ofKind(kind)), ...helmFileSubjects(view)];
  const overrides = new Set(view.ofKind('HelmChartConfig.helm.cattle.io').filter(({ name }) => RANCHER.has(name ?? '')));
  const charts = subjects.flatMap((subject) => {
    const references = helmReferencesOf(subject, view);
    return references.filter(isCilium).map((reference): CiliumChart => {
      const override = [...overrides].find(({ name }) => name === subject.name);
      if (override === undefined) return { reference, subject, references };
      overrides.delete(override);
      return { reference: overridden(reference, override), subject, references };
    });
  });
  const bundled = [...overrides].map((override): CiliumChart => {
    const reference = overridden(BUNDLED, override);
    return { reference, subject: override, references: [reference] };
  });
  return [...charts, ...bundled];
}

function isCilium({ chart }: HelmReference): boolean {
  return chart !== undefined && baseNameOf(chart.text.replace(/\/$/, '')) === 'cilium';
}

/** Names of the chart's releases in k3s and RKE2; the second brings a chart of its own, whose values a HelmChartConfig sets. */
const RANCHER: ReadonlySet<string> = new Set(['cilium', 'rke2-cilium']);
const BUNDLED: HelmReference = { values: [], parameters: [], releaseNamespace: unknown };

function overridden(reference: HelmReference, override: Resource): HelmReference {
  const node = override.titlePlace;
  const tree = valuesInText(override.at('spec', 'valuesContent'));
  return {
    ...reference,
    ...(reference.chart === undefined && node !== undefined && { chart: { text: 'cilium', node } }),
    values: tree === undefined ? reference.values : [...reference.values, tree],
  };
}
