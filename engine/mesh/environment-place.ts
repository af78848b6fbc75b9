import { deployersOf } from '../environments/environment';
import { kustomizationIn } from '../environments/kustomize/kustomization';
import type { Place } from '../yaml/tree';
import type { MeshView } from './view';

/** The file that makes an environment: its kustomization, its chart, or the first Application or Kustomization; undefined for a folder. */
export function environmentPlace(view: MeshView): Place | undefined {
  const { plan } = view.scope();
  const chart = plan.root === '' ? 'Chart.yaml' : `${plan.root}/Chart.yaml`;
  const node =
    plan.kind === 'helm'
      ? view.repository.peekManifest(chart)?.documents[0]?.root
      : plan.build === undefined
        ? deployersOf(plan)[0]?.root
        : kustomizationIn(view.repository, plan.build)?.root;
  return node === undefined ? undefined : { node, from: 0, to: 0 };
}
