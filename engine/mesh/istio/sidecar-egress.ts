import { Labels } from '../../resources/labels';
import type { Answer } from '../../resources/labels';
import { sameNamespace, UNSET_NAMESPACE } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import { podTemplateOf } from '../../resources/workload';
import { isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { MeshView } from '../view';
import { DEFAULT_ROOT } from './peer-authentication';

const KIND = 'Sidecar.networking.istio.io';

/** The hosts to which a workload's sidecar has routes, as far as a Sidecar resource narrows them. */
export interface Egress {
  /** Those of which one counts; empty where none is for the workload, and its sidecar knows all that is exported to its namespace. */
  readonly sidecars: readonly Resource[];
  /** `namespace/host` as it is written, in order; undefined where it is not known which Sidecar counts, or where that narrows nothing. */
  readonly hosts: readonly { readonly text: string; readonly node: YamlNode }[] | undefined;
}

/**
 * What a Sidecar makes of the hosts that a workload's sidecar knows. One of the workload's namespace whose selector matches counts, else one
 * there without a selector, else one without a selector in the root namespace; of several the oldest, which no manifest tells. Without `egress`
 * it narrows nothing (istio/istio pilot/pkg/model/push_context.go doGetSidecarScope and sidecar.go, 1.32 development). Gateways and ztunnel
 * read none. A memoised query.
 */
export function egressOf(workload: Resource, view: MeshView): Egress {
  const query = view.extension('istio.egress', (graph) => graph.family('istio.egress', (of: Resource) => find(of, view)));
  return query(workload);
}

function find(workload: Resource, view: MeshView): Egress {
  const sidecars = sidecarsFor(workload, view);
  const [only, ...others] = sidecars;
  if (only === undefined || others.length > 0) return { sidecars, hosts: undefined };
  const egress = only.at('spec', 'egress');
  const lists = itemsOf(egress).map((listener) => lookup(listener, 'hosts'));
  const isHidden = egress?.type === 'unknown' || (egress?.type === 'sequence' && egress.open);
  if (isHidden || lists.some((list) => list?.type !== 'sequence' || list.open)) return { sidecars, hosts: undefined };
  const hosts = lists.flatMap(itemsOf).flatMap((node) => {
    const text = stringOf(node);
    return text === undefined ? [] : [{ text, node }];
  });
  return { sidecars, hosts: hosts.length === 0 || hosts.some(({ text }) => text === '*/*') ? undefined : hosts };
}

function sidecarsFor(workload: Resource, view: MeshView): readonly Resource[] {
  const template = podTemplateOf(workload);
  const namespace = workload.namespace ?? UNSET_NAMESPACE;
  const shownRoot = view.rootNamespace();
  const root = shownRoot.is === 'known' ? shownRoot.value : DEFAULT_ROOT;
  if (template === undefined || shownRoot.is === 'unknown' || workload.header.namespace.is === 'unknown') return [];
  const found: Resource[] = [];
  const near = view.index.inNamespace(KIND, namespace).filter((sidecar) => sameNamespace(sidecar, workload) !== 'no');
  const tiers: readonly (readonly [sidecars: readonly Resource[], matches: (sidecar: Resource) => Answer])[] = [
    [near.filter(hasSelector), (sidecar) => template.labels.matches(selectorOf(sidecar))],
    [near.filter((sidecar) => !hasSelector(sidecar)), (sidecar) => sameNamespace(sidecar, workload)],
    [namespace === root ? [] : view.index.inNamespace(KIND, root).filter((sidecar) => !hasSelector(sidecar)), () => 'yes'],
  ];
  for (const [sidecars, matches] of tiers) {
    const answers = sidecars.map((sidecar) => ({ sidecar, is: matches(sidecar) })).filter(({ is }) => is !== 'no');
    found.push(...answers.map(({ sidecar }) => sidecar));
    // What may not be for these pods leaves those behind it in play.
    if (answers.some(({ is }) => is === 'yes')) break;
  }
  return found;
}

function hasSelector(sidecar: Resource): boolean {
  return isSet(sidecar.at('spec', 'workloadSelector'));
}

function selectorOf(sidecar: Resource): Labels {
  return new Labels(sidecar.at('spec', 'workloadSelector', 'labels'));
}
