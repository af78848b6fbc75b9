import { directoryOf } from '../../environments/paths';
import type { Resource } from '../../resources/resource';
import { absent, unknown } from '../../tristate';
import { booleanOf, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { MeshView } from '../view';
import { chartOfUrl, identity, isLocalPath } from './reference';
import type { ChartIdentity, HelmReference } from './reference';
import { helmText, namedParameters, NO_VALUES, textState, treeOfFile, valuesInFiles } from './values';
import type { HelmText } from './values';

/** The dependencies that a `Chart.yaml` or `requirements.yaml` declares, each with its block of the chart's own `values.yaml`. */
export function dependencyReferences(subject: Resource, view: MeshView): HelmReference[] {
  const directory = directoryOf(subject.file);
  const beside = treeOfFile(view, directory === '' ? 'values.yaml' : `${directory}/values.yaml`);
  return itemsOf(subject.at('dependencies')).flatMap((dependency) => {
    const chart = helmText(lookup(dependency, 'name'));
    if (chart === undefined) return [];
    const repository = helmText(lookup(dependency, 'repository'));
    // Without a repository the chart stands in `charts/`.
    const local = repository === undefined || isLocalPath(repository.text) ? true : undefined;
    const block = lookup(beside, stringOf(lookup(dependency, 'alias')) ?? chart.text);
    return {
      ...identity({ repository, chart, version: helmText(lookup(dependency, 'version')), local }),
      values: block === undefined ? [] : [block],
      parameters: [],
      releaseNamespace: unknown,
    };
  });
}

/** The charts that a kustomization inflates, in the current field and in the one before it. */
export function kustomizationReferences(subject: Resource, view: MeshView): HelmReference[] {
  const apiVersion = stringOf(subject.at('apiVersion'));
  // Flux' Kustomization shares the file name.
  if (apiVersion !== undefined && !apiVersion.startsWith('kustomize.config.k8s.io/')) return [];
  const directory = directoryOf(subject.file);
  const charts = itemsOf(subject.at('helmCharts')).map((chart) =>
    inflated(
      chart,
      ['name', 'repo', 'version', 'namespace'],
      [
        ...valuesInFiles(view, directory, lookup(chart, 'valuesFile')),
        ...valuesInFiles(view, directory, lookup(chart, 'additionalValuesFiles')),
        ...[lookup(chart, 'valuesInline')].filter((tree) => tree !== undefined),
      ],
    ),
  );
  const older = itemsOf(subject.at('helmChartInflationGenerator')).map((chart) =>
    inflated(
      chart,
      ['chartName', 'chartRepoUrl', 'chartVersion', 'releaseNamespace'],
      valuesInFiles(view, directory, lookup(chart, 'values')),
    ),
  );
  return [...charts, ...older].flatMap((reference) => reference ?? []);
}

function inflated(
  chart: YamlNode,
  [name, repo, version, namespace]: readonly [string, string, string, string],
  values: readonly YamlNode[],
): HelmReference | undefined {
  const text = helmText(lookup(chart, name));
  if (text === undefined) return undefined;
  const repository = helmText(lookup(chart, repo));
  // Without a repository kustomize looks in `chartHome`.
  const local = repository === undefined ? true : undefined;
  return {
    ...identity({ repository, chart: text, version: helmText(lookup(chart, version)), local }),
    values,
    parameters: [],
    releaseNamespace: textState(helmText(lookup(chart, namespace))),
  };
}

/**
 * The releases of one document of a helmfile, with repositories from all of them: they often stand above a `---`. A repository that no
 * release of the file uses is a reference of its own.
 */
export function helmfileReferences(subject: Resource, view: MeshView): HelmReference[] {
  const roots = (view.repository.manifest(subject.file)?.documents ?? []).map((document) => document.root);
  const repositories = new Map<string, HelmText>();
  for (const entry of roots.flatMap((root) => itemsOf(lookup(root, 'repositories')))) {
    const name = stringOf(lookup(entry, 'name'));
    const url = helmText(lookup(entry, 'url'));
    if (name === undefined || url === undefined) continue;
    const oci = booleanOf(lookup(entry, 'oci')) === true && !url.text.includes('://');
    repositories.set(name, oci ? { ...url, text: `oci://${url.text}` } : url);
  }
  const used = new Set(roots.flatMap((root) => releasesOf(root).flatMap((release) => aliasOf(release, repositories) ?? [])));
  const alone = itemsOf(subject.at('repositories')).flatMap((entry) => {
    const name = stringOf(lookup(entry, 'name'));
    const repository = name === undefined || used.has(name) ? undefined : repositories.get(name);
    return repository === undefined ? [] : { repository, ...NO_VALUES, releaseNamespace: absent };
  });
  const directory = directoryOf(subject.file);
  const releases = releasesOf(subject.root).flatMap((release) => {
    const chart = chartOfRelease(release, repositories);
    if (chart === undefined) return [];
    return {
      ...chart,
      values: itemsOf(lookup(release, 'values')).flatMap((item) =>
        item.type === 'map' ? [item] : valuesInFiles(view, directory, item),
      ),
      parameters: [...namedParameters(lookup(release, 'set')), ...namedParameters(lookup(release, 'setString'))],
      releaseNamespace: textState(helmText(lookup(release, 'namespace'))),
    };
  });
  return [...alone, ...releases];
}

/** Releases that are installed: `installed: false` takes one away. */
function releasesOf(root: YamlNode | undefined): readonly YamlNode[] {
  return itemsOf(lookup(root, 'releases')).filter((release) => booleanOf(lookup(release, 'installed')) !== false);
}

function aliasOf(release: YamlNode, repositories: ReadonlyMap<string, HelmText>): string | undefined {
  const chart = helmText(lookup(release, 'chart'))?.text ?? '';
  const alias = chart.slice(0, Math.max(0, chart.indexOf('/')));
  return repositories.has(alias) ? alias : undefined;
}

function chartOfRelease(release: YamlNode, repositories: ReadonlyMap<string, HelmText>): ChartIdentity | undefined {
  const written = helmText(lookup(release, 'chart'));
  if (written === undefined) return undefined;
  const version = helmText(lookup(release, 'version'));
  const alias = aliasOf(release, repositories);
  if (alias !== undefined) {
    const chart = { ...written, text: written.text.slice(alias.length + 1) };
    return identity({ repository: repositories.get(alias), chart, version });
  }
  const split = chartOfUrl(written);
  if (split !== undefined) return identity({ ...split, version: version ?? split.version });
  if (isLocalPath(written.text)) return identity({ chart: written, local: true });
  // An alias that another file defines: it says nothing, and the name behind it is the chart's.
  return identity({ chart: { ...written, text: written.text.slice(written.text.lastIndexOf('/') + 1) }, version });
}
