import type { Resource } from '../resources/resource';
import { dependencyReferences, helmfileReferences, kustomizationReferences } from './helm/files';
import {
  argoReferences,
  fluxHelmChartReferences,
  helmReleaseReferences,
  helmRepositoryReferences,
  k3sReferences,
  ociRepositoryReferences,
} from './helm/gitops';
import type { HelmReference } from './helm/reference';
import type { MeshView } from './view';

export type { HelmReference } from './helm/reference';
export { helmValue } from './helm/values';
export type { HelmParameter, HelmText } from './helm/values';

type Reader = (subject: Resource, view: MeshView) => readonly HelmReference[];

const READERS: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['Application.argoproj.io', (subject, view) => argoReferences(subject.at('spec'), view)],
  ['ApplicationSet.argoproj.io', (subject, view) => argoReferences(subject.at('spec', 'template', 'spec'), view)],
  ['HelmRelease.helm.toolkit.fluxcd.io', helmReleaseReferences],
  ['HelmChart.source.toolkit.fluxcd.io', fluxHelmChartReferences],
  ['HelmRepository.source.toolkit.fluxcd.io', helmRepositoryReferences],
  ['OCIRepository.source.toolkit.fluxcd.io', ociRepositoryReferences],
  ['HelmChart.helm.cattle.io', k3sReferences],
  ['file:Chart.yaml', dependencyReferences],
  ['file:requirements.yaml', dependencyReferences],
  ['file:kustomization.yaml', kustomizationReferences],
  ['file:helmfile.yaml', helmfileReferences],
]);

/** The kinds of subjects that can refer to Helm charts: what a rule about them names as its own. */
export const HELM_SUBJECTS: readonly string[] = [...READERS.keys()];

/**
 * Every chart and chart repository that one subject refers to, whatever the chart is for. A recorded query, which also depends on what a
 * reference leads to: the HelmRepository of a HelmRelease, value files, ConfigMaps.
 *
 * @returns in the order of the text; empty for subjects of other kinds
 */
export function helmReferencesOf(subject: Resource, view: MeshView): readonly HelmReference[] {
  return view.extension('helm.references', (graph) =>
    graph.family('helm.references', (of: Resource) => READERS.get(of.kind)?.(of, view) ?? []),
  )(subject);
}
