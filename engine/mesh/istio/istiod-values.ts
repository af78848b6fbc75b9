import type { YamlNode } from '../../yaml/tree';
import { helmValue } from '../helm-references';
import type { HelmReference } from '../helm-references';
import type { MeshView } from '../view';
import { installedCharts } from './control-plane';

/**
 * What an environment's installations of Istio set at a path of the values of a chart: `spec.values` of an IstioOperator, and the values of
 * each release of the chart.
 *
 * @param chart its name: `istiod`, or `cni`, whose values stand below `cni` in an IstioOperator
 * @param path keys below the values
 */
export function installationValues(view: MeshView, chart: 'istiod' | 'cni', ...path: readonly string[]): readonly YamlNode[] {
  const below = chart === 'cni' ? ['cni'] : [];
  const operators = view.ofKind('IstioOperator.install.istio.io');
  const releases = installedCharts(view).filter(([, reference]) => chartName(reference) === chart);
  return [
    ...operators.map((operator) => operator.at('spec', 'values', ...below, ...path)),
    ...releases.map(([, reference]) => helmValue(reference, ...path)),
  ].filter((node) => node !== undefined);
}

/** The last part of a chart's name or path. */
function chartName({ chart }: HelmReference): string | undefined {
  return chart?.text.slice(chart.text.lastIndexOf('/') + 1);
}

/**
 * Whether a value that was found at a path is set there, be it to what a template hides. One that hides more than that, such as all of the
 * values, need not set it.
 */
export function isWritten(node: YamlNode, ...path: readonly string[]): boolean {
  // A parameter's is called `value`, by whatever name.
  return node.type !== 'unknown' || node.key?.value === path.at(-1) || node.key?.value === 'value';
}
