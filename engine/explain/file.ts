import { kustomizationIn } from '../environments/kustomize/kustomization';
import type { MeshView } from '../mesh/view';
import type { Place } from '../yaml/tree';
import { joined, statement } from './statement';
import type { Part, Statement } from './statement';

/** Which of the environments use a file, and which of them were built only in part. Nothing where the repository is one environment. */
export function explainFile(file: string, views: readonly MeshView[]): Statement[] {
  const users = views.filter((view) => usesFile(file, view));
  if (users.length === 0) return [statement('file', 'No environment here uses this file.')];
  const partial = users.flatMap((view) => {
    const reasons = view.environment().partial;
    if (reasons.length === 0) return [];
    const name = isWhole(views) ? '' : `${view.environment().plan.name}: `;
    return [statement('partial', `${name}Not everything here could be built: `, ...joined(reasons, (reason) => reason), '.')];
  });
  if (isWhole(views)) return partial;
  return [
    statement('file', `Used in environment${users.length === 1 ? '' : 's'} `, ...joined(users, environmentPart), '.'),
    ...partial,
  ];
}

/** Whether the repository itself is the one environment, whose name says nothing. */
export function isWhole(views: readonly MeshView[]): boolean {
  const [only, ...others] = views;
  return only !== undefined && others.length === 0 && only.environment().plan.root === '';
}

export function usesFile(file: string, view: MeshView): boolean {
  return view.environment().files.includes(file);
}

/** The file that makes an environment: its kustomization or its chart; undefined for a folder. */
export function environmentPlace(view: MeshView): Place | undefined {
  const { plan } = view.environment();
  const chart = plan.root === '' ? 'Chart.yaml' : `${plan.root}/Chart.yaml`;
  const node =
    plan.build === undefined
      ? plan.kind === 'helm'
        ? view.repository.peekManifest(chart)?.documents[0]?.root
        : undefined
      : kustomizationIn(view.repository, plan.build)?.root;
  return node === undefined ? undefined : { node, from: 0, to: 0 };
}

function environmentPart(view: MeshView): Part {
  const place = environmentPlace(view);
  const { name } = view.environment().plan;
  return place === undefined ? name : { text: name, place };
}
