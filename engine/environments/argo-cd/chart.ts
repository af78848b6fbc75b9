import type { Resource } from '../../resources/resource';
import { booleanOf, isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import { chartContent, chartFiles, valuesFile, valuesTree } from '../helm/charts';
import { valuesInText } from '../helm/embedded';
import { parametersOf } from '../helm/values';
import type { ChartValues } from '../helm/values';
import type { Delivery } from '../gitops/delivery';
import { argoSource, argoSources } from '../gitops/sources';
import type { Sources } from '../gitops/sources';
import { resolvePath } from '../paths';
import type { Repository } from '../repository';

/** What a chart of this repository brings as an Application installs it. */
export function applicationChart(
  application: Resource,
  source: YamlNode,
  root: string,
  repository: Repository,
  sources: Sources,
): Pick<Delivery, 'files' | 'partial' | 'chart'> {
  const spec = application.at('spec');
  const helm = lookup(source, 'helm');
  const own = lookup(helm, 'namespace');
  // Of the release: what sets no namespace goes to the destination's all the same.
  const namespace = isSet(own) ? own : lookup(spec, 'destination', 'namespace');
  const defaults = valuesFile(root);
  const read: string[] = repository.exists(defaults) ? [defaults] : [];
  const trees: (YamlNode | undefined)[] = read.map((path) => valuesTree(repository, path));
  const skipsMissing = booleanOf(lookup(helm, 'ignoreMissingValueFiles')) === true;
  for (const item of itemsOf(lookup(helm, 'valueFiles'))) {
    const path = valueFile(item, root, spec, sources);
    if (path !== undefined && repository.exists(path)) read.push(path);
    else if (path !== undefined && skipsMissing) continue;
    trees.push(valuesTree(repository, path));
  }
  // A `valuesObject` makes Argo CD leave `values` aside.
  const object = lookup(helm, 'valuesObject');
  const text = lookup(helm, 'values');
  if (isSet(object)) trees.push(object.type === 'map' ? object : undefined);
  else if (isSet(text)) trees.push(valuesInText(text));
  const releaseName = lookup(helm, 'releaseName');
  const values: ChartValues = {
    trees,
    parameters: parametersIn(helm),
    name: isSet(releaseName) ? releaseName : application.at('metadata', 'name'),
    namespace,
  };
  const chart = { directory: root, values, files: [...chartFiles(repository, root), ...read] };
  return { ...chartContent(repository, root), chart };
}

/** The files of this repository that an Application's spec takes values from, whatever they are called. */
export function valueFilesOf(spec: YamlNode | undefined, sources: Sources): readonly string[] {
  return argoSources(spec).flatMap((source) => {
    const root = resolvePath('', stringOf(lookup(source, 'path'))?.replace(/^\/+/, '') ?? '');
    return root === undefined
      ? []
      : itemsOf(lookup(source, 'helm', 'valueFiles')).flatMap((item) => valueFile(item, root, spec, sources) ?? []);
  });
}

/** Relative to the chart, from the repository's root, or in a source with a `ref`; undefined for what is elsewhere. */
function valueFile(item: YamlNode, root: string, spec: YamlNode | undefined, sources: Sources): string | undefined {
  const written = stringOf(item)?.trim();
  if (written === undefined || /^[a-z]+:\/\//i.test(written) || /[*?[]/.test(written)) return undefined;
  const [, ref, behind] = /^\$([A-Za-z0-9_-]{1,100})\/(.+)$/.exec(written) ?? [];
  if (behind === undefined) {
    if (written.includes('$')) return undefined;
    return written.startsWith('/') ? resolvePath('', written.slice(1)) : resolvePath(root, written);
  }
  const path = resolvePath('', behind);
  const named = argoSources(spec).find((source) => stringOf(lookup(source, 'ref')) === ref);
  return path !== undefined && named !== undefined && sources.isOurs(argoSource(lookup(named, 'repoURL')), path)
    ? path
    : undefined;
}

/** Build variables (`$ARGOCD_APP_NAME`) and files are filled in later: a value that is no scalar counts as unknown. */
function parametersIn(helm: YamlNode | undefined): ReadonlyMap<string, YamlNode> {
  const items = itemsOf(lookup(helm, 'parameters'));
  const parameters = new Map(parametersOf(items));
  for (const item of items) {
    const name = stringOf(lookup(item, 'name'));
    if (name !== undefined && stringOf(lookup(item, 'value'))?.includes('$') === true) parameters.set(name, item);
  }
  for (const item of itemsOf(lookup(helm, 'fileParameters'))) {
    const name = stringOf(lookup(item, 'name'));
    if (name !== undefined) parameters.set(name, item);
  }
  return parameters;
}
