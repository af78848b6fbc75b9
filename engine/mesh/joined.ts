import type { Resource } from '../resources/resource';
import { infrastructureRole } from './infrastructure';
import type { MeshView } from './view';

/**
 * The application workloads that join one mesh and no other, each object once. Istio's sidecar and ambient modes are one mesh; Cilium's ztunnel
 * is none here, and keeps nobody out.
 */
export interface Joined {
  readonly istio: readonly Resource[];
  readonly linkerd: readonly Resource[];
}

/** Who joins which mesh in a namespace, in the environment's order; what a template or an unseen Namespace leaves open counts for none. */
export function joinedIn(view: MeshView, namespace: string): Joined {
  return queryOf(view).within(namespace);
}

/** The same for the environment as a whole: namespaces in the order of their names. */
export function joined(view: MeshView): Joined {
  return queryOf(view).whole();
}

/**
 * Where workloads of an environment join two meshes, the mesh with fewer of them, of equals Linkerd, and the first of those; undefined where
 * they join one at most. A narrow question: most edits do not change its answer.
 */
export function smallerOfTwo(view: MeshView): SmallerOfTwo | undefined {
  return queryOf(view).smaller();
}

export interface SmallerOfTwo {
  readonly mesh: 'istio' | 'linkerd';
  readonly first: Resource;
}

interface Query {
  readonly smaller: () => SmallerOfTwo | undefined;
  readonly within: (namespace: string) => Joined;
  readonly whole: () => Joined;
}

function queryOf(view: MeshView): Query {
  return view.extension('joined', (graph): Query => {
    const within = graph.family('joined.in', (namespace: string) => find(namespace, view));
    const whole = graph.computed('joined', () => {
      const all = view.index.workloadNamespaces().map(within);
      return { istio: together(all, 'istio'), linkerd: together(all, 'linkerd') };
    });
    // Counts alone: the lists of all workloads are long.
    const smaller = graph.computed('joined.smaller', (): SmallerOfTwo | undefined => {
      const all = view.index.workloadNamespaces().map(within);
      const count = (mesh: 'istio' | 'linkerd'): number => all.reduce((sum, joined) => sum + joined[mesh].length, 0);
      const mesh = count('istio') < count('linkerd') ? 'istio' : 'linkerd';
      const first = all.find((joined) => joined[mesh].length > 0)?.[mesh][0];
      return first === undefined ? undefined : { mesh, first };
    });
    return { within, whole: () => whole.get(), smaller: () => smaller.get() };
  });
}

/** `flat` takes ten times as long, and an edit may ask for thousands of workloads. */
function together(all: readonly Joined[], mesh: 'istio' | 'linkerd'): Resource[] {
  const workloads: Resource[] = [];
  for (const joined of all) for (const workload of joined[mesh]) workloads.push(workload);
  return workloads;
}

function find(namespace: string, view: MeshView): Joined {
  const istio = new Map<string | Resource, Resource>();
  const linkerd = new Map<string | Resource, Resource>();
  for (const workload of view.index.workloadsIn(namespace)) {
    const membership = view.membership(workload);
    if (membership === undefined || infrastructureRole(workload) !== undefined) continue;
    const inIstio = membership.sidecar.joins === 'yes' || membership.ambient.joins === 'yes';
    const inLinkerd = membership.linkerd.joins === 'yes';
    if (inIstio === inLinkerd) continue;
    const side = inIstio ? istio : linkerd;
    const key = workload.key ?? workload;
    if (!side.has(key)) side.set(key, workload);
  }
  return { istio: [...istio.values()], linkerd: [...linkerd.values()] };
}
