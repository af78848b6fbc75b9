import { baseNameOf, isInside } from '../../engine/environments/paths';
import { installedCharts } from '../../engine/mesh/istio/control-plane';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { isSet, itemsOf, lookup, stringOf } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';
import { CHARTS_WITHOUT_APPLICATIONS, MESH_CHARTS } from './addon-charts.data';

const APPLICATION = 'Application.argoproj.io';
const APPLICATION_SET = 'ApplicationSet.argoproj.io';
const KUSTOMIZATION = 'Kustomization.kustomize.toolkit.fluxcd.io';

/**
 * Whether the files show the applications of an environment, so that counting them says something: it was built as a whole, no chart
 * brings more of them, and nothing delivers a folder that is not part of it. A rule asks when all else speaks for a finding.
 */
export function showsApplications(view: MeshView): boolean {
  const charts = installedCharts(view);
  const [brings, bringsNot] = [charts.filter(mayBringApplications), charts.filter((one) => !mayBringApplications(one))];
  if (brings.length > 0 || view.scope().partial.some((reason) => !isAboutChartOf(reason, bringsNot))) return false;
  // What a generator makes of its template is not told from here.
  if (view.ofKind(APPLICATION_SET).length > 0) return false;
  const folders = [
    ...view.ofKind(APPLICATION).flatMap(foldersOfApplication),
    ...view.ofKind(KUSTOMIZATION).map((kustomization) => kustomization.at('spec', 'path')),
  ];
  return folders.every((folder) => isHere(folder, view));
}

/**
 * Whether the files show everybody who may call an application: no chart brings anything but a mesh. What an operator or a Prometheus of
 * a chart calls, and whether it is in the mesh, no file here tells.
 */
export function showsClients(view: MeshView): boolean {
  return (
    showsApplications(view) &&
    installedCharts(view).every(([, { chart }]) => chart !== undefined && MESH_CHARTS.has(baseNameOf(chart.text)))
  );
}

type InstalledChart = ReturnType<typeof installedCharts>[number];

function mayBringApplications([, { chart }]: InstalledChart): boolean {
  return chart === undefined || !CHARTS_WITHOUT_APPLICATIONS.has(baseNameOf(chart.text));
}

/** Whether all that a reason for an incomplete build says is that the chart of one of these releases is not here. */
function isAboutChartOf(reason: string, charts: readonly InstalledChart[]): boolean {
  return reason.includes('chart') && charts.some(([{ title }]) => ` ${reason} `.includes(` ${title} `));
}

/** The folders that an Application takes manifests from; those of a chart repository are charts. */
function foldersOfApplication(application: Resource): (YamlNode | undefined)[] {
  const sources = [application.at('spec', 'source'), ...itemsOf(application.at('spec', 'sources'))].filter(isSet);
  return sources.filter((source) => !isSet(lookup(source, 'chart'))).map((source) => lookup(source, 'path'));
}

function isHere(folder: YamlNode | undefined, view: MeshView): boolean {
  const path = stringOf(folder)?.replace(/^\.\//, '').replace(/\/$/, '');
  if (path === undefined || path === '' || path === '.') return false;
  return view.scope().files.some((file) => isInside(file, path));
}
