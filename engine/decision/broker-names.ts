import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import type { Container } from '../resources/workload';
import { entriesOf, itemsOf, lookup, stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import { namesBroker } from './brokers';

/** No more of one value is searched: a mounted file may be a whole data set. */
const SEARCHED = 20_000;

/**
 * The first place in which a workload names a message broker: a variable, an argument, a ConfigMap that it takes variables from or mounts
 * (its name, its keys and what they hold), the name of a Secret. Undefined where none is named. A memoised query.
 */
export function brokerNamedBy(workload: Resource, view: MeshView): YamlNode | undefined {
  const query = view.extension('decision.broker', (graph) =>
    graph.family('decision.broker', (of: Resource) => brokerIn(of, view)),
  );
  return query(workload);
}

function brokerIn(workload: Resource, view: MeshView): YamlNode | undefined {
  const template = podTemplateOf(workload);
  if (template === undefined) return undefined;
  for (const container of [...template.containers, ...template.initContainers]) {
    const node = brokerInContainer(container) ?? brokerInSources(container, workload, view);
    if (node !== undefined) return node;
  }
  for (const volume of itemsOf(lookup(template.spec, 'volumes'))) {
    const projected = itemsOf(lookup(volume, 'projected', 'sources'));
    for (const source of [volume, ...projected]) {
      const node = brokerInConfigMap(lookup(source, 'configMap', 'name'), workload, view);
      if (node !== undefined) return node;
    }
  }
  return undefined;
}

function brokerInContainer({ node }: Container): YamlNode | undefined {
  for (const variable of itemsOf(lookup(node, 'env'))) {
    const from = lookup(variable, 'valueFrom');
    const references = ['configMapKeyRef', 'secretKeyRef'].flatMap((kind) => [
      lookup(from, kind, 'name'),
      lookup(from, kind, 'key'),
    ]);
    const found = firstNaming([lookup(variable, 'name'), lookup(variable, 'value'), ...references]);
    if (found !== undefined) return found;
  }
  return firstNaming([...itemsOf(lookup(node, 'command')), ...itemsOf(lookup(node, 'args'))]);
}

function brokerInSources({ node }: Container, workload: Resource, view: MeshView): YamlNode | undefined {
  for (const source of itemsOf(lookup(node, 'envFrom'))) {
    const found =
      firstNaming([lookup(source, 'secretRef', 'name')]) ??
      brokerInConfigMap(lookup(source, 'configMapRef', 'name'), workload, view);
    if (found !== undefined) return found;
  }
  for (const variable of itemsOf(lookup(node, 'env'))) {
    const reference = lookup(variable, 'valueFrom', 'configMapKeyRef');
    const found = brokerInConfigMap(lookup(reference, 'name'), workload, view, stringOf(lookup(reference, 'key')));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** @param key the one key that is taken from it; all of them when absent */
function brokerInConfigMap(name: YamlNode | undefined, workload: Resource, view: MeshView, key?: string): YamlNode | undefined {
  const text = stringOf(name);
  if (text === undefined || workload.namespace === undefined) return undefined;
  if (namesBroker(text)) return name;
  for (const configMap of view.index.named('ConfigMap', workload.namespace, text)) {
    for (const entry of entriesOf(configMap.at('data'))) {
      if (key !== undefined && entry.key.value !== key) continue;
      // A file of several lines is large; its key says where it is.
      if (firstNaming([entry.key, entry.value]) !== undefined) return entry.key;
    }
  }
  return undefined;
}

function firstNaming(nodes: readonly (YamlNode | undefined)[]): YamlNode | undefined {
  return nodes.find((node) => {
    const text = stringOf(node);
    return text !== undefined && namesBroker(text.slice(0, SEARCHED));
  });
}
