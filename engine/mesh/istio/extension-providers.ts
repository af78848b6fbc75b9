import type { Resource } from '../../resources/resource';
import { entriesOf, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { helmValue } from '../helm-references';
import { valuesInText } from '../helm/values';
import type { MeshView } from '../view';
import { installedCharts } from './control-plane';

/** One of `extensionProviders` of the mesh configuration. */
export interface ExtensionProvider {
  readonly name: string;
  /** The field that says what it is, such as `zipkin` or `lightstep`. */
  readonly sort: string;
  /** Where the field stands. */
  readonly node: YamlNode;
}

/**
 * The extension providers of a name that an environment's mesh configuration defines: in the ConfigMap `istio`, with a revision behind it
 * or not, in an IstioOperator, or in the values of the chart `istiod` (istio/istio manifests/charts/istio-control/istio-discovery, 1.32
 * development). Several revisions may each define one. A memoised query.
 */
export function extensionProviders(view: MeshView, name: string): readonly ExtensionProvider[] {
  const query = view.extension('istio.extensionProviders', (graph) => {
    const all = graph.computed('istio.extensionProviders', () => meshConfigs(view).flatMap(providersIn));
    return graph.family('istio.extensionProvider', (wanted: string) => all.get().filter((provider) => provider.name === wanted));
  });
  return query(name);
}

function meshConfigs(view: MeshView): (YamlNode | undefined)[] {
  const maps = view.index.grouped('istio.meshConfigMaps', ['ConfigMap'], (map) => (isMeshConfig(map) ? MESH : []));
  return [
    ...maps.get('mesh').map((map) => valuesInText(map.at('data', 'mesh'))),
    ...view.ofKind('IstioOperator.install.istio.io').map((operator) => operator.at('spec', 'meshConfig')),
    ...installedCharts(view).map(([, reference]) => helmValue(reference, 'meshConfig')),
  ];
}

const MESH: readonly string[] = ['mesh'];

function isMeshConfig({ name }: Resource): boolean {
  return name === 'istio' || name?.startsWith('istio-') === true;
}

function providersIn(meshConfig: YamlNode | undefined): ExtensionProvider[] {
  return itemsOf(lookup(meshConfig, 'extensionProviders')).flatMap((provider) => {
    const name = stringOf(lookup(provider, 'name'));
    const sort = entriesOf(provider).find(({ key }) => key.value !== 'name')?.key;
    return name === undefined || sort === undefined ? [] : [{ name, sort: String(sort.value), node: sort }];
  });
}
