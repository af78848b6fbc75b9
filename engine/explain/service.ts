import { readHost } from '../mesh/istio/host-name';
import { definitionsOf } from '../mesh/istio/hosts';
import { modeAtPort } from '../mesh/istio/peer-authentication';
import type { MeshView } from '../mesh/view';
import { Labels } from '../resources/labels';
import type { Resource } from '../resources/resource';
import { absent } from '../tristate';
import { stringOf } from '../yaml/tree';
import { clientStatements } from './client-tls';
import { authenticationSummary } from './authentication';
import { elsewhere, here } from './file';
import { membershipSummary } from './membership';
import { istioMembership, setterLink } from './mtls';
import { routeStatements } from './routes';
import { isSure, targetPorts, workloadsOf } from './services';
import { cited, count, fingerprint, groupBy, joined, list, resourceLink, resourceList, statement } from './statement';
import type { Explanation, Part, Statement } from './statement';
import { waypointStatements } from './waypoint';

/**
 * What stands behind a Service: the workloads that it selects, how they join meshes, the mutual TLS at its target
 * ports, what clients send, the waypoint before them, and the routes to it.
 * @param views those of all environments: another one may have the workloads
 */
export function explainService(service: Resource, view: MeshView, views: readonly MeshView[]): Explanation {
  const nothing = selectsNothing(service, view);
  const behind =
    nothing === undefined
      ? [...selectionStatements(service, view, views), ...clientStatements(service, view), ...waypointStatements(service, view)]
      : [nothing];
  const statements = [...behind, ...routeStatements(service, view)];
  return { about: '', subject: service.title, statements };
}

function selectsNothing(service: Resource, view: MeshView): Statement | undefined {
  if (stringOf(service.at('spec', 'type')) === 'ExternalName') {
    const host = stringOf(service.at('spec', 'externalName'));
    if (host === undefined) return statement('selects', 'Another name for a host that a template hides: it selects no pods.');
    return statement('selects', 'Another name for ', ...aliased(host, view), ': it selects no pods.');
  }
  if (!new Labels(service.at('spec', 'selector')).isEmpty) return undefined;
  return statement('selects', 'Without a selector it selects no pods: whoever writes its EndpointSlices decides where it leads.');
}

/** The host that an alias stands for; a Service by its title. */
function aliased(host: string, view: MeshView): Part[] {
  const target = definitionsOf(view, readHost(host, absent)).definitions.find(
    ({ is, resource }) => is === 'yes' && resource.kind === 'Service',
  );
  return target === undefined ? [host] : [`${host}, `, resourceLink(target.resource)];
}

/** Groups of workloads that get a statement each; more are only named. */
const EXPLAINED = 10;

function selectionStatements(service: Resource, view: MeshView, views: readonly MeshView[]): Statement[] {
  const selected = workloadsOf(service, view).map((one) => ({ ...one, mesh: meshParts(service, one.resource, view) }));
  if (selected.length === 0) {
    const others = elsewhere(view, views, 'such workloads', (other) => isSure(workloadsOf(service, other)));
    return [statement('selects', `No workload ${here(views)} has pods that it selects.`, ...others)];
  }
  const among = selected.map(({ resource }) => resource);
  const alike = [...groupBy(selected, ({ maybe, mesh }) => `${maybe} ${fingerprint(mesh)}`).values()];
  const statements = alike.slice(0, EXPLAINED).map((group) => {
    const [{ maybe, mesh }] = group;
    const workloads = group.map(({ resource }) => resource);
    const verb = maybe ? 'Perhaps selects the pods of ' : 'Selects the pods of ';
    return statement(maybe ? 'may select' : 'selects', verb, ...resourceList(workloads, view, among), ...mesh, '.');
  });
  const rest = alike.slice(EXPLAINED).flatMap((group) => group.map(({ resource }) => resource));
  if (rest.length > 0)
    statements.push(
      statement('selects more', `${count(rest.length, 'more workload')}: `, ...resourceList(rest, view, among), '.'),
    );
  return statements;
}

function meshParts(service: Resource, workload: Resource, view: MeshView): Part[] {
  const membership = view.membership(workload);
  if (membership === undefined) return [];
  const summary = `: ${membershipSummary(membership)}`;
  if (istioMembership(membership) === 'no') {
    const demanded = authenticationSummary([workload], view);
    return demanded === undefined ? [summary] : [`${summary}, ${demanded.text}`, ...cited([demanded.node], view)];
  }
  const lead = `${summary}${istioMembership(membership) === 'unknown' ? '; if they join Istio, ' : ', '}`;
  const modes = view.mtls(workload);
  const ports = targetPorts(service, workload);
  if (ports.length === 0) return [`${lead}mTLS ${modes.workload.mode}`];
  const demands = ports.map((port) => {
    const { mode, setBy } = modeAtPort(modes, port);
    const by = joined(setBy, (setter) => setterLink(setter, port));
    return { port, mode, by: by.length === 0 ? [] : [' (', ...by, ')'] };
  });
  return [...groupBy(demands, ({ mode, by }) => `${mode} ${fingerprint(by)}`).values()].flatMap((same, i): Part[] => {
    const [{ mode, by }] = same;
    const at = `port${same.length === 1 ? '' : 's'} ${list(same.map(({ port }) => String(port)))}`;
    return [`${i === 0 ? lead : ', '}mTLS ${mode} at ${at}`, ...by];
  });
}
