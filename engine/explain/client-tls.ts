import { autoMtls } from '../mesh/istio/auto-mtls';
import type { AutoMtls, AutoSent } from '../mesh/istio/auto-mtls';
import { clientTls } from '../mesh/istio/client-tls';
import type { ClientTls, PortTls, SentTls } from '../mesh/istio/client-tls';
import { servicePorts } from '../mesh/istio/port-protocol';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { setterLink } from './mtls';
import { workloadsOf } from './services';
import { cited, count, fingerprint, groupBy, joined, list, resourceLink, resourceList, statement } from './statement';
import type { Part, Statement } from './statement';

/**
 * What clients with a proxy of Istio send to a Service: by DestinationRules, else by auto mTLS. Nothing where no pod behind it is in Istio's
 * mesh for sure.
 */
export function clientStatements(service: Resource, view: MeshView): Statement[] {
  const selected = workloadsOf(service, view);
  const sure = selected.filter(({ maybe }) => !maybe);
  const workloads = (sure.length > 0 ? sure : selected).map(({ resource }) => resource);
  const joinsBy = (how: 'sidecar' | 'ambient'): boolean =>
    workloads.some((workload) => view.membership(workload)?.[how].joins === 'yes');
  if (!joinsBy('sidecar')) {
    if (!joinsBy('ambient')) return [];
    return [statement('clients', 'Clients in ambient mode send mTLS, whatever DestinationRules say.')];
  }
  return clientTls(service, view).flatMap((clients) => portStatements(clients, service, workloads, view));
}

/** Ports to which the same is sent have one statement. */
function portStatements(clients: ClientTls, service: Resource, workloads: readonly Resource[], view: MeshView): Statement[] {
  const told = clients.ports.flatMap(({ port, ...said }) => {
    const parts = sentParts({ port, ...said }, service, workloads, view);
    return parts.length === 0 ? [] : [{ port, parts }];
  });
  const groups = [...groupBy(told, ({ parts }) => fingerprint(parts)).values()];
  return groups.map((same) => {
    const [{ port, parts }] = same;
    const numbers = list(same.map((one) => String(one.port)));
    const lead = groups.length === 1 ? 'Sidecars' : `At port${same.length === 1 ? '' : 's'} ${numbers}, sidecars`;
    return statement(`clients ${clients.namespace ?? ''} ${port}`, `${lead} of clients${whereOf(clients)} send `, ...parts, '.');
  });
}

function whereOf({ namespace }: ClientTls): string {
  return namespace === undefined ? '' : ` in namespace ${namespace}`;
}

const SENT: Readonly<Record<Exclude<SentTls, 'auto' | 'unknown'>, string>> = {
  plaintext: 'plaintext',
  tls: 'TLS without a certificate of their own',
  mutual: 'TLS with a certificate of their own choice',
  'istio-mutual': 'mTLS, to pods without a proxy as well',
};

/** What is sent, and who says so: what follows "send", without a full stop. */
function sentParts({ port, sends, setBy }: PortTls, service: Resource, workloads: readonly Resource[], view: MeshView): Part[] {
  if (sends === 'auto') return autoParts(port, service, workloads, view);
  if (sends === 'unknown' && setBy.length === 0)
    return ['what these files leave open: a template hides the host of a DestinationRule'];
  const rules = joined(setBy, ({ rule, node }) =>
    node === undefined ? resourceLink(rule) : { text: rule.title, place: { node } },
  );
  if (sends === 'unknown') return ['what these files leave open: it depends on ', ...rules];
  return [SENT[sends], ', as ', ...rules, setBy.length === 1 ? ' says' : ' say'];
}

function autoParts(port: number, service: Resource, workloads: readonly Resource[], view: MeshView): Part[] {
  const [entry] = servicePorts(service).filter((one) => one.port === port);
  if (entry === undefined) return [];
  const auto = autoMtls(service, entry, workloads, view);
  if (auto.plaintext === 'switched-off') return ['plaintext: auto mTLS is switched off', ...cited(auto.places, view)];
  const setters = joined(auto.setBy, (setter) => setterLink(setter));
  if (auto.plaintext === 'namespace') return ["plaintext: the mode of the Service's namespace is DISABLE, set by ", ...setters];
  const kinds = (['mtls', 'plaintext', 'unknown'] as const).filter((sends) => auto.sent.some((to) => to.sends === sends));
  if (kinds.length === 1 && kinds[0] === 'mtls') return ['mTLS by themselves (auto mTLS)'];
  if (kinds.length === 1 && kinds[0] === 'unknown' && auto.setBy.length > 0)
    return ['mTLS or plaintext by themselves (auto mTLS): it depends on ', ...setters];
  const groups = kinds.flatMap((sends, i): Part[] => [i === 0 ? '' : ', ', `${WORDS[sends]} to `, ...whom(auto, sends, view)]);
  return [...groups.filter((part) => part !== ''), ' (auto mTLS)'];
}

const WORDS: Readonly<Record<AutoSent['sends'], string>> = {
  mtls: 'mTLS',
  plaintext: 'plaintext',
  unknown: 'mTLS or plaintext',
};

function whom({ sent }: AutoMtls, sends: AutoSent['sends'], view: MeshView): Part[] {
  const workloads = sent.flatMap((to) => (to.sends === sends ? [to.workload] : []));
  return workloads.length === sent.length && workloads.length > 1
    ? [`all ${count(workloads.length, 'workload')}`]
    : resourceList(
        workloads,
        view,
        sent.map((to) => to.workload),
      );
}
