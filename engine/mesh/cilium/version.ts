import { podTemplateOf } from '../../resources/workload';
import { infrastructureRole } from '../infrastructure';
import { isOlder, parseVersion } from '../istio/control-plane';
import type { IstioVersion } from '../istio/control-plane';
import type { MeshView } from '../view';
import { ciliumSources } from './sources';

/** A version as `parseVersion` reads it: nothing of it is Istio's own. */
export type CiliumVersion = IstioVersion;

/** Mutual authentication is deprecated from here on (cilium/cilium #47132). */
const CILIUM_1_20: CiliumVersion = { major: 1, minor: 20 };

/**
 * Cilium's version: as configured, else the oldest that releases of its chart and the images of its agents name.
 * @returns undefined when nothing names one
 */
export function ciliumVersion(view: MeshView): CiliumVersion | undefined {
  const configured = view.configuration().cilium.version;
  if (configured !== undefined) return parseVersion(configured);
  const charts = ciliumSources(view).charts.map(({ reference }) => reference.version?.text);
  const shown = [...charts, ...agentTags(view)].flatMap((text) => (text === undefined ? [] : (parseVersion(text) ?? [])));
  return shown.reduce<CiliumVersion | undefined>(
    (oldest, next) => (oldest === undefined || isOlder(next, oldest) ? next : oldest),
    undefined,
  );
}

/** Whether Cilium is shown to be of a version that deprecates mutual authentication. */
export function deprecatesAuthentication(view: MeshView): boolean {
  const version = ciliumVersion(view);
  return version !== undefined && !isOlder(version, CILIUM_1_20);
}

function agentTags(view: MeshView): readonly string[] {
  const agents = view.index.grouped('cilium agents', 'workloads', (workload) =>
    infrastructureRole(workload) === 'cilium' ? CILIUM : NONE,
  );
  return agents.get('cilium').flatMap((workload) => {
    const image = podTemplateOf(workload)?.containers.find(({ name }) => name === 'cilium-agent')?.image;
    return /:([^:/@]{1,128})(?:@|$)/.exec(image ?? '')?.[1] ?? [];
  });
}

const CILIUM: readonly string[] = ['cilium'];
const NONE: readonly string[] = [];
