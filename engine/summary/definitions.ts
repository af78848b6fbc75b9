import type { MeshName } from '../decision/facts';
import type { KindName } from '../resources/kinds';
import type { Resource } from '../resources/resource';
import type { MeshView } from '../mesh/view';

/** Whose kinds they are: Istio's say nothing of how pods join it. */
export type MeshFamily = 'istio' | 'linkerd' | 'cilium';

export function familyOf(mesh: MeshName): MeshFamily {
  return mesh === 'linkerd' || mesh === 'cilium' ? mesh : 'istio';
}

const DEFINITION: KindName = 'CustomResourceDefinition.apiextensions.k8s.io';

/** The ends of their groups. A definition is called `<plural>.<group>` (kubernetes apiextensions v1 types.go), so its name tells. */
const GROUPS: readonly (readonly [string, MeshFamily])[] = [
  ['.istio.io', 'istio'],
  ['.linkerd.io', 'linkerd'],
  ['.cilium.io', 'cilium'],
];

/**
 * The definitions of a mesh's own kinds that an environment holds, in its order. They are installed before a control plane, and stay when it
 * has gone: by themselves they put no pod into a mesh.
 */
export function definitionsOf(view: MeshView, family: MeshFamily): readonly Resource[] {
  return view.index.grouped('kinds of meshes', [DEFINITION], familiesOf).get(family);
}

function familiesOf({ name }: Resource): readonly string[] {
  return GROUPS.flatMap(([end, family]) => (name?.endsWith(end) === true ? [family] : []));
}
