import type { Resource } from '../../resources/resource';
import { isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { NOTHING_DELIVERED } from '../gitops/delivery';
import type { Delivery, Deployer } from '../gitops/delivery';
import { directoryNamed, fluxSource } from '../gitops/sources';
import type { Sources } from '../gitops/sources';
import { lacking } from '../lacking';
import type { Repository } from '../repository';
import { chartContent, chartFiles, valuesFile, valuesTree } from '../helm/charts';
import type { ChartValues } from '../helm/values';
import { remoteCluster } from './kustomization';

/** What a HelmRelease brings: the templates of a chart in this repository (helm-controller 1.6 docs/spec/v2/helmreleases.md). */
export function readRelease(release: Resource, repository: Repository, sources: Sources): Deployer {
  const delivery = deliveryOf(release, repository, sources);
  const isNothing = typeof delivery === 'string';
  return {
    resource: release,
    tool: 'flux',
    cluster: remoteCluster(release),
    deliveries: isNothing ? [] : [delivery],
    partial: isNothing ? [delivery] : [],
  };
}

function deliveryOf(release: Resource, repository: Repository, sources: Sources): Delivery | string {
  const { title } = release;
  const chart = release.at('spec', 'chart', 'spec');
  const written = stringOf(lookup(chart, 'chart'));
  const source = fluxSource(lookup(chart, 'sourceRef'));
  const isGit = source?.startsWith('GitRepository/') === true;
  const root = written === undefined ? undefined : directoryNamed(written);
  if (written === undefined || !isGit || (root !== undefined && !sources.isOurs(source, root)))
    return lacking('charts of elsewhere', title);
  if (root === undefined || !repository.exists(root === '' ? 'Chart.yaml' : `${root}/Chart.yaml`))
    return lacking('charts that are not here', `${written} of ${title}`);
  const content = chartContent(repository, root);
  const isChanged = itemsOf(release.at('spec', 'postRenderers')).length > 0;
  const target = release.at('spec', 'targetNamespace');
  return {
    ...NOTHING_DELIVERED,
    ...content,
    partial: isChanged ? [...content.partial, lacking('fields that are not read', `postRenderers of ${title}`)] : content.partial,
    by: release,
    root,
    namespace: isSet(target) ? target : release.at('metadata', 'namespace'),
    chart: chartOf(release, root, repository),
  };
}

/** Where `valuesFrom` names ConfigMaps and Secrets, what they hold is not looked for. */
function chartOf(release: Resource, directory: string, repository: Repository): Delivery['chart'] {
  const spec = release.at('spec');
  const files = valuesFilesOf(release) ?? [valuesFile(directory)].filter((path) => repository.exists(path));
  const from = itemsOf(lookup(spec, 'valuesFrom'));
  const parameters = new Map<string, YamlNode>();
  for (const item of from) {
    const path = stringOf(lookup(item, 'targetPath'));
    // A map is no value: what stands there is unknown.
    if (path !== undefined) parameters.set(path, item);
  }
  const inline = lookup(spec, 'values');
  const trees = [
    ...files.map((path) => valuesTree(repository, path)),
    ...from.filter((item) => !isSet(lookup(item, 'targetPath'))).map(() => undefined),
    ...(isSet(inline) ? [inline] : []),
  ];
  const target = lookup(spec, 'targetNamespace');
  const releaseName = lookup(spec, 'releaseName');
  const values: ChartValues = {
    trees,
    parameters,
    // With a targetNamespace the name is made of both.
    name: isSet(releaseName) ? releaseName : isSet(target) ? undefined : release.at('metadata', 'name'),
    namespace: isSet(target) ? target : release.at('metadata', 'namespace'),
  };
  return { directory, values, files: [...chartFiles(repository, directory), ...files.filter((path) => repository.exists(path))] };
}

/** The files that stand in for the chart's own values, from the source's root; undefined where the chart's own count. */
export function valuesFilesOf(release: Resource): readonly string[] | undefined {
  const list = itemsOf(release.at('spec', 'chart', 'spec', 'valuesFiles'));
  return list.length === 0 ? undefined : list.map((item) => directoryNamed(stringOf(item) ?? '') ?? '');
}
