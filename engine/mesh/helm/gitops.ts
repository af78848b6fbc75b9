import { baseNameOf, resolvePath } from '../../environments/paths';
import type { Resource } from '../../resources/resource';
import { absent, unknown } from '../../tristate';
import { isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { MeshView } from '../view';
import { chartOfUrl, firstSet, identity, isLocalPath } from './reference';
import type { ChartIdentity, HelmReference } from './reference';
import {
  helmText,
  mappedParameters,
  namedParameters,
  NO_VALUES,
  textState,
  valuesFromConfigMaps,
  treeOfFile,
  valuesInFiles,
  valuesInText,
} from './values';
import type { HelmText } from './values';

/** The sources of an Argo CD Application's spec that Helm renders. `sources` beats `source`. */
export function argoReferences(spec: YamlNode | undefined, view: MeshView): HelmReference[] {
  const several = itemsOf(lookup(spec, 'sources'));
  const sources = several.length > 0 ? several : [lookup(spec, 'source')].filter((source) => source !== undefined);
  return sources.flatMap((source) => {
    const chart = argoChart(source, view);
    if (chart === undefined) return [];
    const helm = lookup(source, 'helm');
    const object = lookup(helm, 'valuesObject');
    // A `valuesObject` makes Argo CD leave `values` aside.
    const inline = isSet(object) ? object : valuesInText(lookup(helm, 'values'));
    return {
      ...chart,
      values: [...argoValueFiles(source, sources, view), ...(inline === undefined ? [] : [inline])],
      parameters: namedParameters(lookup(helm, 'parameters')),
      releaseNamespace: textState(helmText(firstSet(lookup(helm, 'namespace'), lookup(spec, 'destination', 'namespace')))),
    };
  });
}

function argoChart(source: YamlNode, view: MeshView): ChartIdentity | undefined {
  const repository = helmText(lookup(source, 'repoURL'));
  const chart = helmText(lookup(source, 'chart'));
  const version = helmText(lookup(source, 'targetRevision'));
  if (chart !== undefined) return identity({ repository, chart, version });
  if (repository?.text.startsWith('oci://') === true) {
    const split = chartOfUrl(repository);
    return identity({ ...split, version: version ?? split?.version });
  }
  const path = helmText(lookup(source, 'path'));
  if (path === undefined) return undefined;
  const directory = resolvePath('', path.text);
  const isChart = directory !== undefined && view.repository.exists(directory === '' ? 'Chart.yaml' : `${directory}/Chart.yaml`);
  return isChart || isSet(lookup(source, 'helm')) ? identity({ chart: path, local: true }) : undefined;
}

/** Those that are files of this repository: beside a chart that is one, or behind the `ref` of a source. */
function argoValueFiles(source: YamlNode, sources: readonly YamlNode[], view: MeshView): YamlNode[] {
  const path = stringOf(lookup(source, 'path'));
  return itemsOf(lookup(source, 'helm', 'valueFiles')).flatMap((item) => {
    const written = stringOf(item)?.trim();
    if (written === undefined) return [];
    const behindRef = /^\$([A-Za-z0-9_-]{1,100})\/(.+)$/.exec(written);
    if (behindRef !== null) {
      const named = sources.some((other) => stringOf(lookup(other, 'ref')) === behindRef[1]);
      // Whether the ref leads to this very repository is not known; a file of that path says that it does.
      return (named ? treeOfFile(view, resolvePath('', behindRef[2] ?? '')) : undefined) ?? [];
    }
    if (written.startsWith('/')) return treeOfFile(view, resolvePath('', written.slice(1))) ?? [];
    return path === undefined ? [] : valuesInFiles(view, resolvePath('', path) ?? '', item);
  });
}

const HELM_REPOSITORY = 'HelmRepository.source.toolkit.fluxcd.io';

/** What a Flux HelmRelease installs, its source looked up in the same environment. */
export function helmReleaseReferences(release: Resource, view: MeshView): HelmReference[] {
  const inline = release.at('spec', 'values');
  const from = valuesFromConfigMaps(release, view);
  const own = fluxChart(release, release.at('spec', 'chart', 'spec'), view);
  const chart = own ?? chartBehindReference(release, view);
  if (chart === undefined) return [];
  const target = release.at('spec', 'targetNamespace');
  return [
    {
      ...chart,
      values: [...from.values, ...(isSet(inline) ? [inline] : [])],
      parameters: from.parameters,
      releaseNamespace: isSet(target) ? textState(helmText(target)) : release.header.namespace,
    },
  ];
}

/** A Flux HelmChart, which the chart of a HelmRelease may also be written as. */
export function fluxHelmChartReferences(helmChart: Resource, view: MeshView): HelmReference[] {
  const chart = fluxChart(helmChart, helmChart.at('spec'), view);
  return chart === undefined ? [] : [{ ...chart, ...NO_VALUES, releaseNamespace: absent }];
}

/** @param spec `{ chart, version, sourceRef }` of a HelmRelease or of a HelmChart */
function fluxChart(owner: Resource, spec: YamlNode | undefined, view: MeshView): ChartIdentity | undefined {
  const chart = helmText(lookup(spec, 'chart'));
  if (chart === undefined) return undefined;
  const kind = stringOf(lookup(spec, 'sourceRef', 'kind')) ?? 'HelmRepository';
  // In a GitRepository or a Bucket the chart is a path, and `version` means nothing.
  if (kind !== 'HelmRepository') return identity({ chart, local: true });
  const found = named(owner, HELM_REPOSITORY, lookup(spec, 'sourceRef'), view);
  const urls = found.map((repository) => helmText(repository.at('spec', 'url')));
  const url = urls.every((other) => other?.text === urls[0]?.text) ? urls[0] : undefined;
  return identity({ repository: foreign(url), chart, version: helmText(lookup(spec, 'version')) });
}

function chartBehindReference(release: Resource, view: MeshView): ChartIdentity | undefined {
  const reference = release.at('spec', 'chartRef');
  const kind = stringOf(lookup(reference, 'kind'));
  if (kind === undefined) return undefined;
  const [found] = named(release, `${kind}.source.toolkit.fluxcd.io`, reference, view);
  // The values are there all the same.
  if (found === undefined) return {};
  const chart =
    kind === 'OCIRepository' ? ociChart(found) : kind === 'HelmChart' ? fluxChart(found, found.at('spec'), view) : undefined;
  return (
    chart &&
    identity({
      ...chart,
      repository: foreign(chart.repository),
      chart: foreign(chart.chart),
      version: foreign(chart.version),
      digest: foreign(chart.digest),
    })
  );
}

function named(from: Resource, kind: string, reference: YamlNode | undefined, view: MeshView): readonly Resource[] {
  const name = stringOf(lookup(reference, 'name'));
  const written = lookup(reference, 'namespace');
  const namespace = isSet(written) ? stringOf(written) : from.namespace;
  return name === undefined || namespace === undefined ? [] : view.index.named(kind, namespace, name);
}

function foreign(text: HelmText | undefined): HelmText | undefined {
  return text && { ...text, foreign: true };
}

export function helmRepositoryReferences(repository: Resource): HelmReference[] {
  const url = helmText(repository.at('spec', 'url'));
  return url === undefined ? [] : [{ repository: url, ...NO_VALUES, releaseNamespace: absent }];
}

export function ociRepositoryReferences(repository: Resource): HelmReference[] {
  const chart = ociChart(repository);
  return chart === undefined ? [] : [{ ...chart, ...NO_VALUES, releaseNamespace: absent }];
}

/** An OCIRepository's `ref`: a digest beats a range, which beats a tag. */
function ociChart(repository: Resource): ChartIdentity | undefined {
  const url = helmText(repository.at('spec', 'url'));
  const split = url && chartOfUrl(url);
  if (split === undefined) return undefined;
  const ref = repository.at('spec', 'ref');
  return identity({
    ...split,
    version: helmText(firstSet(lookup(ref, 'semver'), lookup(ref, 'tag'))) ?? split.version,
    digest: helmText(lookup(ref, 'digest')) ?? split.digest,
  });
}

/** A HelmChart of the controller in k3s and RKE2. */
export function k3sReferences(helmChart: Resource): HelmReference[] {
  const written = helmText(helmChart.at('spec', 'chart'));
  if (written === undefined) return [];
  const repository = helmText(helmChart.at('spec', 'repo'));
  const version = helmText(helmChart.at('spec', 'version'));
  const split = chartOfUrl(written);
  const chart = { ...written, text: baseNameOf(written.text) };
  const content = valuesInText(helmChart.at('spec', 'valuesContent'));
  const map = helmChart.at('spec', 'values');
  const target = helmChart.at('spec', 'targetNamespace');
  return [
    {
      ...(split === undefined
        ? identity({ repository, chart, version, local: isLocalPath(written.text) || undefined })
        : identity({ ...split, version: version ?? split.version })),
      values: [map, content].filter(isSet),
      parameters: mappedParameters(helmChart.at('spec', 'set')),
      releaseNamespace: isSet(target) ? textState(helmText(target)) : unknown,
    },
  ];
}
