import type { MeshView } from '../mesh/view';
import { itemsOf, lookup, stringOf } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';
import { applicationServices, infrastructure } from './applications';
import { countedObjects, placesOf } from './evidence';
import type { DecisionFacts } from './facts';
import { count, list, TARGET_NAMES } from './situation';
import type { Reason } from './situation';

/** What is said in place of a count of services where there are none. */
export interface WithoutServices {
  /** One sentence; its first 80 characters say why there is nothing to decide, or what is missing. */
  readonly summary: string;
  /** Undefined where those of the verdict stand. */
  readonly reasons: readonly Reason<Place>[] | undefined;
}

/**
 * The words for an environment in which no Service of the team's leads to a workload: a mesh's own chart or installation, files of a mesh's
 * configuration alone, or workloads that nobody calls. Undefined where there are services.
 */
export function withoutServices(view: MeshView, facts: DecisionFacts<Place>): WithoutServices | undefined {
  if (facts.services.count > 0) return undefined;
  const workloads = facts.workloads.count;
  if (workloads > 0)
    return { summary: `No mesh: no Service here leads to ${whichWorkloads(workloads)} of yours.`, reasons: undefined };
  const services = applicationServices(view);
  if (services.length > 0) {
    const which = services.length === 1 ? 'the 1 Service here leads' : `none of the ${services.length} Services here leads`;
    const { evidence } = countedObjects(services);
    return {
      summary: `Nothing to decide: ${which} to ${services.length === 1 ? 'no' : 'a'} workload of yours.`,
      reasons: [{ text: 'The workloads behind the Services are not among these files.', evidence }],
    };
  }
  const own = ownChart(view);
  if (own !== undefined) {
    const reason = {
      text: `Chart.yaml names the ${own.project} project as its own.`,
      evidence: placesOf([own.node]),
    };
    return { summary: `Nothing to decide: this is ${own.project}'s own chart, without a Service of yours.`, reasons: [reason] };
  }
  const installed = facts.meshes.filter(({ how }) => how === 'installed');
  if (installed.length > 0) {
    const names = list([...new Set(installed.map(({ mesh }) => (mesh.startsWith('istio-') ? 'Istio' : TARGET_NAMES[mesh])))]);
    const evidence = installed.flatMap((presence) => presence.evidence);
    return {
      summary: `Nothing to decide: this installs ${names}, and holds no Service of yours.`,
      reasons: [{ text: `${names} ${names.includes(' and ') ? 'are' : 'is'} installed here.`, evidence }],
    };
  }
  const text =
    infrastructure(view).size > 0
      ? 'Every workload here belongs to a mesh, to an add-on or to Kubernetes itself.'
      : 'These files hold no workload.';
  return { summary: 'Nothing to decide: no Service and no workload of yours is here.', reasons: [{ text, evidence: [] }] };
}

function whichWorkloads(number: number): string {
  return number === 1 ? 'the 1 workload' : `any of the ${count(number, 'workload')}`;
}

/**
 * The projects whose charts name them: `sources`, `home` or `icon` of Chart.yaml in linkerd/linkerd2 (charts, viz/charts, multicluster/charts,
 * edge-26.8.3), istio/istio (manifests/charts, 1.32 development) and cilium/cilium (install/kubernetes/cilium, 1.20 development).
 */
const PROJECTS: readonly (readonly [project: string, address: RegExp])[] = [
  ['Linkerd', /^https:\/\/(?:linkerd\.io|github\.com\/linkerd)(?:\/|$)/],
  ['Istio', /^https:\/\/(?:istio\.io|github\.com\/istio)(?:\/|$)/],
  ['Cilium', /^https:\/\/(?:cilium\.io|github\.com\/cilium)(?:\/|$)/],
];

/** The project whose chart an environment is, and where Chart.yaml says so. */
function ownChart(view: MeshView): { readonly project: string; readonly node: YamlNode } | undefined {
  const { kind, root } = view.environment().plan;
  if (kind !== 'helm') return undefined;
  const [document] = view.repository.manifest(root === '' ? 'Chart.yaml' : `${root}/Chart.yaml`)?.documents ?? [];
  const chart = document?.root;
  for (const node of [...itemsOf(lookup(chart, 'sources')), lookup(chart, 'home'), lookup(chart, 'icon')]) {
    const project = PROJECTS.find(([, address]) => address.test(stringOf(node) ?? ''))?.[0];
    if (node !== undefined && project !== undefined) return { project, node };
  }
  return undefined;
}
