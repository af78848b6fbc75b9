import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import { itemsOf, lookup, numberOf, stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import { selectingServices } from './service-selection';
import type { MeshView } from './view';

/** The TCP ports of a workload's pods that its environment names. */
export interface ServedPorts {
  /** Those that a container declares or a Service leads to; ports of the pod, not of the Service. */
  readonly numbers: ReadonlySet<number>;
  /** Whether a template, or a name that no container gives a port, may stand for one more. */
  readonly open: boolean;
}

/**
 * The ports of a workload's pods that its containers declare or that Services of its namespace lead to. A memoised query. Containers need
 * not declare what they listen on: no port named is no proof that there is none.
 */
export function servedPorts(workload: Resource, view: MeshView): ServedPorts {
  const query = view.extension('servedPorts', (graph) => graph.family('servedPorts', (of: Resource) => collectPorts(of, view)));
  return query(workload);
}

function collectPorts(workload: Resource, view: MeshView): ServedPorts {
  const template = podTemplateOf(workload);
  const numbers = new Set<number>();
  if (template === undefined) return { numbers, open: false };
  const containers = lookup(template.spec, 'containers');
  let open = isOpen(containers);
  const named = new Map<string, number>();
  for (const container of template.containers) {
    const ports = lookup(container.node, 'ports');
    open ||= isOpen(ports);
    for (const port of itemsOf(ports)) {
      const number = numberOf(lookup(port, 'containerPort'));
      const name = stringOf(lookup(port, 'name'));
      if (!isTcp(port)) continue;
      if (number === undefined) open = true;
      else numbers.add(number);
      if (number !== undefined && name !== undefined) named.set(name, number);
    }
  }
  for (const service of selectingServices(workload, template, view)) {
    const ports = service.at('spec', 'ports');
    open ||= isOpen(ports);
    for (const port of itemsOf(ports)) {
      if (!isTcp(port)) continue;
      const target = lookup(port, 'targetPort') ?? lookup(port, 'port');
      const number = numberOf(target) ?? named.get(stringOf(target) ?? '');
      if (number === undefined) open = true;
      else numbers.add(number);
    }
  }
  return { numbers, open };
}

function isOpen(list: YamlNode | undefined): boolean {
  return list?.type === 'unknown' || (list?.type === 'sequence' && list.open);
}

/** TCP is the default; a protocol that cannot be read may be it. */
function isTcp(port: YamlNode): boolean {
  const protocol = stringOf(lookup(port, 'protocol'));
  return protocol === undefined || protocol === 'TCP';
}
