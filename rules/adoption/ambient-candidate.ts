import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { infrastructureRole } from '../../engine/mesh/infrastructure';
import { istioVersion, isOlder } from '../../engine/mesh/istio/control-plane';
import { sidecarNeeds } from '../../engine/mesh/istio/sidecar-needs';
import { waypointUses } from '../../engine/mesh/istio/waypoint-uses';
import type { MeshView } from '../../engine/mesh/view';
import type { Labels } from '../../engine/resources/labels';
import type { Resource } from '../../engine/resources/resource';
import { podTemplateOf } from '../../engine/resources/workload';
import type { YamlNode } from '../../engine/yaml/tree';
import { AMBIENT_COST, AMBIENT_SINCE, SIDECAR_COST } from './ambient-costs.data';
import { countPods } from './pod-count';
import type { PodCount } from './pod-count';

const MODE = 'istio.io/dataplane-mode';

export const rule = defineRule({
  id: 'adoption/ambient-candidate',
  severity: 'hint',
  summary: 'Sidecars are injected where nothing needs them, and ambient mode would do.',
  why:
    'A sidecar is a proxy for every pod, with memory, CPU and a place in every start and rollout of the pod. In ambient mode one proxy a node ' +
    'gives the pods identity, mutual TLS and policies on connections; a waypoint, a proxy for a whole namespace, adds HTTP routing and policies ' +
    'where they are wanted. It has been generally available since Istio 1.24. The costs in the message are those that published guides ' +
    'give, as ranges: BirJob, "Istio vs Linkerd" and BIPI. Yours will differ.',
  todo:
    'Measure what your sidecars take (`kubectl top pods --containers`), install ztunnel and istio-cni, and move one namespace: replace the ' +
    'label that injects by `istio.io/dataplane-mode: ambient`, add a waypoint if HTTP routes or policies need one, restart the pods. ' +
    'Nothing is suggested where the environment uses what ambient mode lacks: EnvoyFilter, SPIRE, virtual machines, primary-remote ' +
    'clusters, PeerAuthentication DISABLE, listeners or egress control of a Sidecar, routing by the caller, VirtualServices in a ' +
    "client's namespace or for a headless Service; nor where pods also join Linkerd.",
  kinds: ['Namespace', 'workload'],
  equivalents: [],
  docs: 'https://istio.io/latest/docs/ambient/overview/',
  since: '0.1.0',
  noFix: 'ambient mode has to be installed first, and every pod restarted',
  examples: {
    bad: [
      {
        title: 'A namespace with sidecars, and nothing that needs them',
        files: {
          'shop.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  replicas: 3\n  template:\n    metadata:\n      labels:\n        app: cart\n    spec:\n      containers:\n        - name: cart\n          image: cart:1\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: catalog\n  namespace: shop\nspec:\n  replicas: 2\n  template:\n    metadata:\n      labels:\n        app: catalog\n    spec:\n      containers:\n        - name: catalog\n          image: catalog:1\n',
        },
        findings: [
          {
            at: 'shop.yaml:6:22',
            text: 'enabled',
            message:
              'istio-injection=enabled puts an Istio sidecar into the pods of 2 workloads in Namespace shop (5 pods), and nothing in this environment needs sidecars: from Istio 1.24 on, ambient mode would do. Guides put a sidecar at 50–100 MB of memory (BirJob and "Istio vs Linkerd"; BIPI saw 80 MB) and 50–100 m of CPU ("Istio vs Linkerd"), which makes 250–500 MB and 250–500 m here; in ambient mode BIPI saw under 5 MB a pod, beside one proxy a node. With ztunnel and istio-cni installed, label the Namespace istio.io/dataplane-mode=ambient instead and restart the pods.',
          },
        ],
      },
      {
        title: 'A revision, an autoscaler, and routes that a waypoint would take over',
        files: {
          'shop.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio.io/rev: stable\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: cart\n    spec:\n      containers:\n        - name: cart\n          image: cart:1\n---\napiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  scaleTargetRef:\n    apiVersion: apps/v1\n    kind: Deployment\n    name: cart\n  minReplicas: 30\n  maxReplicas: 90\n---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  hosts: [cart]\n  http:\n    - route:\n        - destination:\n            host: cart\n',
          '.mesh-lint.yaml': 'istio:\n  version: "1.28"\n',
        },
        findings: [
          {
            at: 'shop.yaml:6:19',
            text: 'stable',
            message:
              'istio.io/rev=stable puts an Istio sidecar into the pods of Deployment shop/cart (at least 30 pods), and nothing in this environment needs sidecars: ambient mode would do. Guides put a sidecar at 50–100 MB of memory (BirJob and "Istio vs Linkerd"; BIPI saw 80 MB) and 50–100 m of CPU ("Istio vs Linkerd"), which makes at least 1.5–3 GB and 1.5–3 CPU here; in ambient mode BIPI saw under 5 MB a pod, beside one proxy a node. 1 VirtualService would need a waypoint. With ztunnel and istio-cni installed, label the Namespace istio.io/dataplane-mode=ambient instead and restart the pods.',
          },
        ],
      },
      {
        title: 'Pods that ask for their sidecars themselves',
        files: {
          'shop.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n---\napiVersion: apps/v1\nkind: DaemonSet\nmetadata:\n  name: agent\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        sidecar.istio.io/inject: "true"\n    spec:\n      containers:\n        - name: agent\n          image: agent:1\n',
        },
        findings: [
          {
            at: 'shop.yaml:15:34',
            text: '"true"',
            message:
              'sidecar.istio.io/inject=true puts an Istio sidecar into the pods of DaemonSet shop/agent (no file says how many), and nothing in this environment needs sidecars: from Istio 1.24 on, ambient mode would do. Guides put a sidecar at 50–100 MB of memory (BirJob and "Istio vs Linkerd"; BIPI saw 80 MB) and 50–100 m of CPU ("Istio vs Linkerd"); in ambient mode BIPI saw under 5 MB a pod, beside one proxy a node. With ztunnel and istio-cni installed, label the pods istio.io/dataplane-mode=ambient instead and restart them.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Ambient mode already',
        files: {
          'shop.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio.io/dataplane-mode: ambient\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: cart\n    spec:\n      containers:\n        - name: cart\n          image: cart:1\n',
        },
      },
      {
        title: 'An EnvoyFilter for sidecars',
        files: {
          'shop.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: cart\n    spec:\n      containers:\n        - name: cart\n          image: cart:1\n---\napiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata:\n  name: buffer\n  namespace: shop\nspec:\n  configPatches:\n    - applyTo: HTTP_FILTER\n      match:\n        context: SIDECAR_INBOUND\n      patch:\n        operation: INSERT_BEFORE\n        value: {}\n',
        },
      },
      {
        title: 'An Istio whose ambient mode is not ready',
        files: {
          'shop.yaml':
            'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    istio-injection: enabled\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: cart\n    spec:\n      containers:\n        - name: cart\n          image: cart:1\n',
          '.mesh-lint.yaml': 'istio:\n  version: 1.23.4\n',
        },
      },
    ],
  },
  *check(subject, view) {
    const found = subject.kind === 'Namespace' ? ofNamespace(subject, view) : ofPods(subject, view);
    if (found === undefined || !sidecarsAreUnneeded(view)) return;
    const pods = countPods(view, found.workloads);
    if (pods.atLeast > 0 || pods.open.length > 0) yield candidate(found, pods, view);
  },
});

/** Workloads that get their sidecars by one label, or by ones like it. */
interface Injected {
  readonly namespace: string;
  readonly workloads: readonly Resource[];
  /** Where the finding stands. */
  readonly node: YamlNode;
  /** `key=value` */
  readonly label: string;
  readonly whose: 'Namespace' | 'pods';
}

/** One finding for a Namespace, however many files define it. */
function ofNamespace(subject: Resource, view: MeshView): Injected | undefined {
  const { name } = subject;
  if (name === undefined || view.index.named('Namespace', '', name)[0] !== subject) return undefined;
  const label = labelOf(subject.labels, 'istio-injection') ?? labelOf(subject.labels, 'istio.io/rev');
  const workloads = injectedIn(view, name);
  if (label === undefined || workloads.length === 0) return undefined;
  return { namespace: name, workloads, ...label, whose: 'Namespace' };
}

/** Where the Namespace injects nothing, the first workload that asks for itself stands for those that do. */
function ofPods(subject: Resource, view: MeshView): Injected | undefined {
  const { namespace } = subject;
  if (namespace === undefined || view.membership(subject)?.sidecar.joins !== 'yes') return undefined;
  if (['istio-injection', 'istio.io/rev'].some((key) => view.namespaceLabel(namespace, key).value.is !== 'absent'))
    return undefined;
  const labels = podTemplateOf(subject)?.labels;
  const workloads = injectedIn(view, namespace);
  if (labels === undefined || workloads[0] !== subject) return undefined;
  const label = labelOf(labels, 'istio.io/rev') ?? labelOf(labels, 'sidecar.istio.io/inject');
  return label && { namespace, workloads, ...label, whose: 'pods' };
}

function labelOf(labels: Labels, key: string): Pick<Injected, 'node' | 'label'> | undefined {
  const label = labels.get(key);
  return label.is === 'known' ? { node: label.node, label: `${key}=${label.value}` } : undefined;
}

/** Whether nothing here needs sidecars, and the Istio here, if it is known, has ambient mode to offer. */
function sidecarsAreUnneeded(view: MeshView): boolean {
  const version = istioVersion(view);
  return (version === undefined || !isOlder(version, AMBIENT_SINCE)) && sidecarNeeds(view).length === 0;
}

/** Pods that run to their end are no standing cost. */
const SHORT_LIVED: ReadonlySet<string> = new Set(['Job.batch', 'CronJob.batch']);

/**
 * The application workloads of a namespace that get a sidecar when their pods are made. None where a label for ambient mode is there, which
 * says that somebody has thought of it, or where a workload also joins Linkerd: that comes first.
 */
function injectedIn(view: MeshView, namespace: string): readonly Resource[] {
  const query = view.extension('adoption.injectedIn', (graph) =>
    graph.family('adoption.injectedIn', (name: string) => findInjected(view, name)),
  );
  return query(namespace);
}

function findInjected(view: MeshView, namespace: string): readonly Resource[] {
  const mode = view.namespaceLabel(namespace, MODE).value;
  if (mode.is !== 'absent') return [];
  const injected = new Map<string, Resource>();
  for (const workload of view.index.workloadsIn(namespace)) {
    const membership = view.membership(workload);
    if (membership === undefined || SHORT_LIVED.has(workload.kind) || infrastructureRole(workload) !== undefined) continue;
    const { sidecar, linkerd } = membership;
    if (linkerd.joins === 'yes') return [];
    const key = workload.key ?? workload.title;
    // A proxy that stands in the manifest goes away by no label. Of alternatives that define one workload, the first counts.
    if (sidecar.joins === 'yes' && sidecar.inManifest !== true && !injected.has(key)) injected.set(key, workload);
  }
  return [...injected.values()];
}

function candidate({ namespace, workloads, node, label, whose }: Injected, pods: PodCount, view: MeshView): Finding {
  const [only] = workloads;
  const whom =
    workloads.length === 1 && only !== undefined ? only.title : `${workloads.length} workloads in Namespace ${namespace}`;
  const since = istioVersion(view) === undefined ? `from Istio ${AMBIENT_SINCE.major}.${AMBIENT_SINCE.minor} on, ` : '';
  const opening = `${label} puts an Istio sidecar into the pods of ${whom} (${podsText(pods)})`;
  const waypoint = waypointText(view, namespace);
  const move = `label the ${whose} ${MODE}=ambient instead and restart ${whose === 'pods' ? 'them' : 'the pods'}`;
  return {
    place: { node },
    message:
      `${opening}, and nothing in this environment needs sidecars: ${since}ambient mode would do. ${costText(pods)}${waypoint} ` +
      `With ztunnel and istio-cni installed, ${move}.`,
    related: workloads.flatMap((workload) => {
      const title = workload.titlePlace;
      return title === undefined ? [] : [{ place: { node: title }, message: `${workload.title} gets a sidecar.` }];
    }),
  };
}

function podsText({ atLeast, open }: PodCount): string {
  if (atLeast === 0) return 'no file says how many';
  return `${open.length > 0 ? 'at least ' : ''}${atLeast} ${atLeast === 1 ? 'pod' : 'pods'}`;
}

function costText({ atLeast, open }: PodCount): string {
  const { megabytes, millicores } = SIDECAR_COST;
  const memory = `${megabytes.least}–${megabytes.most} MB of memory (BirJob and "Istio vs Linkerd"; BIPI saw ${megabytes.seen} MB)`;
  const cpu = `${millicores.least}–${millicores.most} m of CPU ("Istio vs Linkerd")`;
  const sum = `${range(atLeast, megabytes, 'MB', 'GB')} and ${range(atLeast, millicores, 'm', 'CPU')}`;
  const total = atLeast < 2 ? '' : `, which makes ${open.length > 0 ? 'at least ' : ''}${sum} here`;
  const ambient = `in ambient mode BIPI saw under ${AMBIENT_COST.megabytesUnder} MB a pod, beside one proxy a node`;
  return `Guides put a sidecar at ${memory} and ${cpu}${total}; ${ambient}.`;
}

/** The cost of several pods, in the larger unit from a thousand of the smaller on. */
function range(
  pods: number,
  { least, most }: { readonly least: number; readonly most: number },
  small: string,
  large: string,
): string {
  const [from, to] = [least * pods, most * pods];
  if (from < 1000) return `${from}–${to} ${small}`;
  const inLarge = (amount: number): string => String(Math.round(amount / 100) / 10);
  return `${inLarge(from)}–${inLarge(to)} ${large}`;
}

/** What would have to move to a waypoint, by kind. */
function waypointText(view: MeshView, namespace: string): string {
  const uses = waypointUses(view, namespace);
  if (uses.length === 0) return '';
  const counts = uses.map(({ kind, resources }) => `${resources.length} ${resources.length === 1 ? kind : pluralOf(kind)}`);
  const last = counts.at(-1) ?? '';
  const list = counts.length === 1 ? last : `${counts.slice(0, -1).join(', ')} and ${last}`;
  return ` ${list} would need a waypoint.`;
}

const pluralOf = (kind: string): string => (kind.endsWith('y') ? `${kind.slice(0, -1)}ies` : `${kind}s`);
