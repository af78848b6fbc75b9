import { entriesOf, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { MeshView } from '../view';
import { meshConfigs } from './mesh-config';

/** One of `extensionProviders` of the mesh configuration. */
export interface ExtensionProvider {
  readonly name: string;
  /** The field that says what it is, such as `zipkin` or `lightstep`. */
  readonly sort: string;
  /** Where the field stands. */
  readonly node: YamlNode;
}

/** The extension providers of a name that an environment's mesh configurations define: each may have one. A memoised query. */
export function extensionProviders(view: MeshView, name: string): readonly ExtensionProvider[] {
  const query = view.extension('istio.extensionProviders', (graph) => {
    const all = graph.computed('istio.extensionProviders', () => meshConfigs(view).flatMap(providersIn));
    return graph.family('istio.extensionProvider', (wanted: string) => all.get().filter((provider) => provider.name === wanted));
  });
  return query(name);
}

function providersIn(meshConfig: YamlNode | undefined): ExtensionProvider[] {
  return itemsOf(lookup(meshConfig, 'extensionProviders')).flatMap((provider) => {
    const name = stringOf(lookup(provider, 'name'));
    const sort = entriesOf(provider).find(({ key }) => key.value !== 'name')?.key;
    return name === undefined || sort === undefined ? [] : [{ name, sort: String(sort.value), node: sort }];
  });
}
