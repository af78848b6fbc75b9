import type { Resource } from '../../resources/resource';
import type { YamlNode } from '../../yaml/tree';
import { helmValue } from '../helm-references';
import { valuesInText } from '../helm/values';
import type { MeshView } from '../view';
import { installedCharts } from './control-plane';

/**
 * The mesh configurations that an environment shows: in the ConfigMap `istio`, with a revision behind it or not, in an IstioOperator, or in
 * the values of the chart `istiod` (istio/istio manifests/charts/istio-control/istio-discovery, 1.32 development). Several revisions may
 * each have one. A memoised query.
 *
 * @returns their trees; an UnknownNode where a template hides one, nothing for an installation that sets none
 */
export function meshConfigs(view: MeshView): readonly YamlNode[] {
  const query = view.extension('istio.meshConfigs', (graph) => graph.computed('istio.meshConfigs', () => findConfigs(view)));
  return query.get();
}

function findConfigs(view: MeshView): readonly YamlNode[] {
  const maps = view.index.grouped('istio.meshConfigMaps', ['ConfigMap'], (map) => (isMeshConfig(map) ? MESH : []));
  return [
    ...maps.get('mesh').map((map) => valuesInText(map.at('data', 'mesh'))),
    ...view.ofKind('IstioOperator.install.istio.io').map((operator) => operator.at('spec', 'meshConfig')),
    ...installedCharts(view).map(([, reference]) => helmValue(reference, 'meshConfig')),
  ].filter((tree) => tree !== undefined);
}

const MESH: readonly string[] = ['mesh'];

function isMeshConfig({ name }: Resource): boolean {
  return name === 'istio' || name?.startsWith('istio-') === true;
}
