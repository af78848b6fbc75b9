import type { MeshView } from '../view';
import { DEFAULT_ROOT } from './peer-authentication';

export interface NamespaceNames {
  /** Sorted. */
  readonly names: readonly string[];
  /** Whether no other namespace exists. */
  readonly isWhole: boolean;
}

/** Every cluster has these; the root namespace of Istio is among them where nothing else is configured. */
const ALWAYS: readonly string[] = ['default', 'kube-node-lease', 'kube-public', 'kube-system'];

/**
 * The namespaces that an environment shows: those that a file defines, those that workloads stand in, whoever makes them, and those that
 * are there in any cluster with Istio. A memoised query.
 */
export function namespaceNames(view: MeshView): NamespaceNames {
  const query = view.extension('istio.namespaceNames', (graph) =>
    graph.computed('istio.namespaceNames', (): NamespaceNames => {
      const root = view.rootNamespace();
      const defined = view.ofKind('Namespace').flatMap(({ name }) => name ?? []);
      const used = view.index.workloadNamespaces().filter((name) => name !== '');
      const isHidden = view.ofKind('Namespace').some(({ name }) => name === undefined);
      const { plan, partial } = view.scope();
      return {
        names: [...new Set([...ALWAYS, root.is === 'known' ? root.value : DEFAULT_ROOT, ...defined, ...used])].sort(),
        isWhole: plan.complete && partial.length === 0 && !isHidden,
      };
    }),
  );
  return query.get();
}
