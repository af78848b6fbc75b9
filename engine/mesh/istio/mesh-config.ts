import type { Resource } from '../../resources/resource';
import { lookup } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { helmValue } from '../helm-references';
import { valuesInText } from '../helm/values';
import type { MeshView } from '../view';
import { installedCharts } from './control-plane';
import { isWritten } from './istiod-values';

/**
 * The mesh configurations that an environment shows: in the ConfigMap `istio`, with a revision behind it or not, in an IstioOperator, or in
 * the values of the chart `istiod` (istio/istio manifests/charts/istio-control/istio-discovery, 1.32 development). Several revisions may
 * each have one. A memoised query.
 *
 * @returns their trees; an UnknownNode where a template hides one, nothing for an installation that sets none
 */
export function meshConfigs(view: MeshView): readonly YamlNode[] {
  const query = view.extension('istio.meshConfigs', (graph) =>
    graph.computed('istio.meshConfigs', () => [
      ...writtenConfigs(view, []),
      ...installedCharts(view).flatMap(([, reference]) => helmValue(reference, 'meshConfig') ?? []),
    ]),
  );
  return query.get();
}

/**
 * What the mesh configurations of an environment have at a path, set there by single parameters of a chart as well. Values of a chart that a
 * template hides altogether are not taken to have anything there.
 *
 * @param path keys below a mesh configuration
 */
export function meshConfigNodes(view: MeshView, ...path: readonly string[]): readonly YamlNode[] {
  const inCharts = installedCharts(view).flatMap(([, reference]) => {
    const node = helmValue(reference, 'meshConfig', ...path);
    return node !== undefined && isWritten(node, 'meshConfig', ...path) ? [node] : [];
  });
  return [...writtenConfigs(view, path), ...inCharts];
}

function writtenConfigs(view: MeshView, path: readonly string[]): readonly YamlNode[] {
  const maps = view.index.grouped('istio.meshConfigMaps', ['ConfigMap'], (map) => (isMeshConfig(map) ? MESH : []));
  return [
    ...maps.get('mesh').map((map) => lookup(valuesInText(map.at('data', 'mesh')), ...path)),
    ...view.ofKind('IstioOperator.install.istio.io').map((operator) => operator.at('spec', 'meshConfig', ...path)),
  ].filter((node) => node !== undefined);
}

const MESH: readonly string[] = ['mesh'];

function isMeshConfig({ name }: Resource): boolean {
  return name === 'istio' || name?.startsWith('istio-') === true;
}
