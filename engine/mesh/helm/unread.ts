import { directoryOf } from '../../environments/paths';
import type { Resource } from '../../resources/resource';
import { isSet, itemsOf, lookup } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { HelmReference } from '../helm-references';
import type { MeshView } from '../view';

/**
 * Whether a subject's charts get values that nobody can read here: from a Secret, a file of another repository, one that is missing or
 * encrypted, or one of several that stand beside a chart. What the values that are here leave unset is then open, and not the default.
 *
 * @param references the charts of the subject, with what could be read
 */
export function hasUnreadValues(subject: Resource, references: readonly HelmReference[], view: MeshView): boolean {
  const named = SOURCES.get(subject.kind)?.(subject);
  if (named === undefined) return hasFurtherFiles(subject, view);
  const read = references.reduce((sum, { values, parameters }) => sum + values.length + parameters.length, 0);
  return named === 'open' || named > read;
}

/** How many trees and parameters a subject names; `open` where a template may name more. */
type Named = number | 'open';

const SOURCES: ReadonlyMap<string, (subject: Resource) => Named> = new Map([
  ['Application.argoproj.io', (subject: Resource) => inApplication(subject.at('spec'))],
  ['ApplicationSet.argoproj.io', (subject: Resource) => inApplication(subject.at('spec', 'template', 'spec'))],
  ['HelmRelease.helm.toolkit.fluxcd.io', inRelease],
  ['HelmChart.helm.cattle.io', inK3s],
  ['file:helmfile.yaml', (subject: Resource) => sum(itemsOf(subject.at('releases')).map(inHelmfile))],
  ['file:kustomization.yaml', inKustomization],
]);

function inApplication(spec: YamlNode | undefined): Named {
  const several = lookup(spec, 'sources');
  const sources = itemsOf(several).length > 0 ? itemsOf(several) : [lookup(spec, 'source')];
  return sum(
    sources.map((source) => {
      const helm = lookup(source, 'helm');
      const inline = [lookup(helm, 'valuesObject'), lookup(helm, 'values')].some(isSet) ? 1 : 0;
      return sum([listed(lookup(helm, 'valueFiles')), listed(lookup(helm, 'parameters')), inline]);
    }),
  );
}

function inRelease(release: Resource): Named {
  return sum([listed(release.at('spec', 'valuesFrom')), given(release.at('spec', 'values'))]);
}

function inK3s(chart: Resource): Named {
  const set = chart.at('spec', 'set');
  const parameters = set?.type === 'map' ? set.entries.length : 0;
  return sum([given(chart.at('spec', 'values')), given(chart.at('spec', 'valuesContent')), parameters]);
}

function inHelmfile(release: YamlNode): Named {
  const lists = ['values', 'secrets', 'set', 'setString'].map((field) => listed(lookup(release, field)));
  return sum(lists);
}

function inKustomization(kustomization: Resource): Named {
  const charts = itemsOf(kustomization.at('helmCharts')).flatMap((chart) => [
    given(lookup(chart, 'valuesFile')),
    listed(lookup(chart, 'additionalValuesFiles')),
    given(lookup(chart, 'valuesInline')),
  ]);
  const older = itemsOf(kustomization.at('helmChartInflationGenerator')).map((chart) => given(lookup(chart, 'values')));
  return sum([...charts, ...older]);
}

function given(node: YamlNode | undefined): Named {
  return isSet(node) ? 1 : 0;
}

function listed(node: YamlNode | undefined): Named {
  if (node === undefined) return 0;
  if (node.type === 'unknown') return 'open';
  return node.type === 'sequence' ? (node.open ? 'open' : node.items.length) : 0;
}

function sum(all: readonly Named[]): Named {
  return all.reduce<Named>((total, one) => (total === 'open' || one === 'open' ? 'open' : total + one), 0);
}

/** Of a chart's dependencies `values.yaml` is read; another values file beside it may be the one that is used. */
function hasFurtherFiles(subject: Resource, view: MeshView): boolean {
  const directory = directoryOf(subject.file);
  return view.repository
    .paths()
    .some((path) => directoryOf(path) === directory && /(?:^|\/)values[^/]{1,200}\.ya?ml$/.test(path));
}
