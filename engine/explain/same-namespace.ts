import { ancestorsOf, directoryOf } from '../environments/paths';
import type { MeshView } from '../mesh/view';
import { sameNamespaceName } from '../resources/resource';
import type { Answer } from '../resources/labels';
import type { Resource } from '../resources/resource';
import type { Tristate } from '../tristate';
import type { YamlNode } from '../yaml/tree';

/**
 * Whether two resources land in one namespace; for a Namespace it is the one that it makes.
 *
 * Templates hide most namespaces of charts. Within one chart the same spelling makes the same name, and a resource that sets none lands in
 * the release's namespace (helm.sh/docs/chart_best_practices/templates; `helm install --namespace`), which its subcharts share. What is
 * spelled in two ways may still be one name: then the answer is unknown, as it is for the same spelling outside of charts, where whoever
 * substitutes may do so file by file.
 */
export function shareNamespace(a: Resource, b: Resource, view: MeshView): Answer {
  const answer = sameNamespaceName(nameOf(a), nameOf(b));
  if (answer !== 'unknown') return answer;
  const spelling = spelledName(a);
  if (spelling === undefined || spelling !== spelledName(b)) return 'unknown';
  // Subcharts have values and helpers of their own; the release is that of the outermost chart.
  const nth = spelling === RELEASE ? -1 : 0;
  const chart = chartsAround(a.file, view).at(nth);
  return chart !== undefined && chart === chartsAround(b.file, view).at(nth) ? 'yes' : 'unknown';
}

/** The name of the namespace that a resource is in, or that it makes. */
function nameOf({ kind, header }: Resource): Tristate<string> {
  return kind === 'Namespace' ? header.name : header.namespace;
}

/** How that name is spelled where it is not known. */
function spelledName(resource: Resource): string | undefined {
  if (nameOf(resource).is === 'absent') return RELEASE;
  return spellingOf(resource.at('metadata', resource.kind === 'Namespace' ? 'name' : 'namespace'));
}

const RELEASE = '{{.Release.Namespace}}';

/**
 * What a template action or a variable stands for a value with, without spaces, quotes and Helm's `quote`: two that are spelled alike have
 * one value. Undefined for a value that is no such text on one line, and for one that no text holds.
 */
function spellingOf(node: YamlNode | undefined): string | undefined {
  if (node?.type !== 'unknown' || node.madeBy !== undefined) return undefined;
  const written = node.start < node.end ? node.source.slice(node.start, node.end) : actionBehind(node);
  const text = written
    .replace(/[\s"']/g, '')
    .replaceAll('{{-', '{{')
    .replaceAll('-}}', '}}')
    .replaceAll('|quote}}', '}}');
  return text === '' ? undefined : text;
}

/** A value that is an action and nothing else has no text of its own in the tree: what stands behind its key. */
function actionBehind({ key, source }: YamlNode): string {
  if (key?.source !== source) return '';
  const { text } = source;
  const feed = text.indexOf('\n', key.end);
  const line = text.slice(key.end, feed < 0 ? text.length : feed);
  return line.slice(line.indexOf('{{'), line.lastIndexOf('}}') + 2);
}

/** Whether two values that a template hides are spelled alike. */
export function isSpelledAlike(a: YamlNode, b: YamlNode): boolean {
  const spelling = spellingOf(a);
  return spelling !== undefined && spelling === spellingOf(b);
}

/** Whether two files belong to one chart: its values and its helpers are the same for both. */
export function shareChart(a: Resource, b: Resource, view: MeshView): boolean {
  const [chart] = chartsAround(a.file, view);
  return chart !== undefined && chart === chartsAround(b.file, view)[0];
}

/** The directories of the charts around a file, the innermost first. */
function chartsAround(file: string, view: MeshView): string[] {
  const charts = view.repository.charts();
  return charts.size === 0 ? [] : ancestorsOf(directoryOf(file)).filter((directory) => charts.has(directory));
}
