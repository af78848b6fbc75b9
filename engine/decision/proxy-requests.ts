import { helmValue } from '../mesh/helm-references';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import { isSet, lookup } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';
import { applicationWorkloads } from './applications';
import { podsByWorkload } from './count-pods';
import { placesOf, query } from './evidence';
import { meshCharts } from './mesh-charts';
import { quantityOf } from './quantity';

/** What the proxies of one mesh request here, as manifests and values say. */
export interface ProxyRequests<E> {
  readonly mesh: 'istio-sidecar' | 'linkerd';
  /** Workloads whose proxies request something that can be read. */
  readonly workloads: number;
  /** Workloads in the mesh for whose proxies no file shows a request: the installation's default holds, or the number of pods is not known. */
  readonly unshown: number;
  /** Thousandths of a core, from the fewest pods to the most. */
  readonly cpu: { readonly low: number; readonly high: number };
  /** MB. */
  readonly memory: { readonly low: number; readonly high: number };
  /** Each setting once, where it is written. */
  readonly evidence: readonly E[];
}

type Amount = 'cpu' | 'memory';

interface Source {
  readonly mesh: 'istio-sidecar' | 'linkerd';
  readonly side: 'sidecar' | 'linkerd';
  readonly container: string;
  readonly annotations: Readonly<Record<Amount, string>>;
  /** Whether a Namespace's annotation holds for its pods. */
  readonly fromNamespace: boolean;
  /** Where an installation sets the request of every proxy. */
  readonly installed: (view: MeshView, amount: Amount) => YamlNode | undefined;
}

/**
 * Istio: annotations `sidecar.istio.io/proxyCPU` and `proxyMemory`, `global.proxy.resources.requests` of istiod's values. Linkerd:
 * `config.linkerd.io/proxy-cpu-request` and `proxy-memory-request` on pods or Namespaces, `proxy.resources.<cpu|memory>.request` of the
 * control plane's (istio.io, "Resource Annotations"; linkerd/linkerd2 pkg/k8s/labels.go, edge-26.8.3).
 */
const SOURCES: readonly Source[] = [
  {
    mesh: 'istio-sidecar',
    side: 'sidecar',
    container: 'istio-proxy',
    annotations: { cpu: 'sidecar.istio.io/proxyCPU', memory: 'sidecar.istio.io/proxyMemory' },
    fromNamespace: false,
    installed: (view, amount) => {
      const path = ['global', 'proxy', 'resources', 'requests', amount];
      const operators = ['IstioOperator.install.istio.io', 'Istio.sailoperator.io'].flatMap((kind) => view.ofKind(kind));
      return firstSet([
        ...operators.map((operator) => lookup(operator.at('spec', 'values'), ...path)),
        ...chartValues(view, 'istio', path),
      ]);
    },
  },
  {
    mesh: 'linkerd',
    side: 'linkerd',
    container: 'linkerd-proxy',
    annotations: { cpu: 'config.linkerd.io/proxy-cpu-request', memory: 'config.linkerd.io/proxy-memory-request' },
    fromNamespace: true,
    installed: (view, amount) => firstSet(chartValues(view, 'linkerd', ['proxy', 'resources', amount, 'request'])),
  },
];

function chartValues(view: MeshView, mesh: 'istio' | 'linkerd', path: readonly string[]): (YamlNode | undefined)[] {
  return meshCharts(view).flatMap((chart) => (chart.mesh === mesh ? helmValue(chart.reference, ...path) : []));
}

function firstSet(nodes: readonly (YamlNode | undefined)[]): YamlNode | undefined {
  return nodes.find((node) => isSet(node));
}

/** What the proxies of each mesh request that application workloads join; a mesh that none joins is left out. */
export function proxyRequests(view: MeshView): readonly ProxyRequests<Place>[] {
  return query(view, 'proxyRequests', () =>
    SOURCES.flatMap((source) => {
      const joined = applicationWorkloads(view).flatMap(([first]) =>
        view.membership(first)?.[source.side].joins === 'yes' ? [first] : [],
      );
      return joined.length === 0 ? [] : [totalOf(source, joined, view)];
    }),
  );
}

function totalOf(source: Source, joined: readonly Resource[], view: MeshView): ProxyRequests<Place> {
  const total = { cpu: { low: 0, high: 0 }, memory: { low: 0, high: 0 } };
  const nodes: YamlNode[] = [];
  let workloads = 0;
  for (const workload of joined) {
    const pods = podsByWorkload(view).get(workload);
    let isShown = false;
    for (const amount of ['cpu', 'memory'] as const) {
      const node = requestOf(source, workload, amount, view);
      const number = node === undefined ? undefined : amountOf(node, amount);
      if (node === undefined || number === undefined || pods === undefined) continue;
      isShown = true;
      nodes.push(node);
      total[amount].low += number * pods.least;
      total[amount].high += number * (pods.most ?? pods.count);
    }
    if (isShown) workloads++;
  }
  return { mesh: source.mesh, workloads, unshown: joined.length - workloads, ...total, evidence: placesOf(nodes) };
}

/** The nearest to the pod wins: its own annotation or container, the Namespace's annotation, the installation. */
function requestOf(source: Source, workload: Resource, amount: Amount, view: MeshView): YamlNode | undefined {
  const template = podTemplateOf(workload);
  const key = source.annotations[amount];
  const own = template?.annotations.get(key);
  if (own?.is === 'known' || own?.is === 'unknown') return own.node;
  const containers = [...(template?.containers ?? []), ...(template?.initContainers ?? [])];
  const proxy = containers.find(({ name }) => name === source.container);
  const inManifest = lookup(proxy?.node, 'resources', 'requests', amount);
  if (isSet(inManifest)) return inManifest;
  const { namespace } = workload;
  const inherited = source.fromNamespace && namespace !== undefined ? view.namespaceAnnotation(namespace, key) : undefined;
  return (inherited?.value.is === 'known' ? inherited.evidence[0] : undefined) ?? source.installed(view, amount);
}

/** Thousandths of a core, or MB; undefined for what is hidden or no quantity. */
function amountOf(node: YamlNode, amount: Amount): number | undefined {
  // A quantity without a suffix is a number to YAML, and to Kubernetes as good as its text.
  const text = node.type === 'scalar' ? String(node.value) : '';
  const number = quantityOf(text);
  return number === undefined ? undefined : amount === 'cpu' ? number * 1000 : number / 1e6;
}
