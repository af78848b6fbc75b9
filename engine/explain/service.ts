import { modeAtPort } from '../mesh/istio/peer-authentication';
import type { MeshView } from '../mesh/view';
import { Labels } from '../resources/labels';
import type { Resource } from '../resources/resource';
import { stringOf } from '../yaml/tree';
import { membershipSummary } from './membership';
import { istioMembership, setterLink } from './mtls';
import { targetPorts, workloadsOf } from './services';
import { count, joined, resourceLink, resourceList, statement } from './statement';
import type { Explanation, Part, Statement } from './statement';

/** Workloads that get a statement each; more are only named. */
const EXPLAINED = 10;

/** What stands behind a Service: the workloads that it selects, how they join meshes, and the mutual TLS at its target ports. */
export function explainService(service: Resource, view: MeshView): Explanation {
  const nothing = selectsNothing(service);
  return { title: service.title, statements: nothing === undefined ? selectionStatements(service, view) : [nothing] };
}

function selectsNothing(service: Resource): Statement | undefined {
  if (stringOf(service.at('spec', 'type')) === 'ExternalName') {
    const host = stringOf(service.at('spec', 'externalName'));
    return statement('selects', `Another name for ${host ?? 'a host that a template hides'}: it selects no pods.`);
  }
  if (!new Labels(service.at('spec', 'selector')).isEmpty) return undefined;
  return statement('selects', 'Without a selector it selects no pods; whoever writes its EndpointSlices decides where it leads.');
}

function selectionStatements(service: Resource, view: MeshView): Statement[] {
  const workloads = workloadsOf(service, view);
  if (workloads.length === 0) return [statement('selects', 'No workload here has pods that it selects.')];
  const statements = workloads.slice(0, EXPLAINED).map(({ resource, maybe }) => {
    const verb = maybe ? 'Perhaps selects pods of ' : 'Selects pods of ';
    return statement(
      `selects ${resource.kind} ${resource.name ?? ''}`,
      verb,
      resourceLink(resource),
      ...meshParts(service, resource, view),
      '.',
    );
  });
  const rest = workloads.slice(EXPLAINED).map(({ resource }) => resource);
  if (rest.length > 0)
    statements.push(statement('selects more', `Selects ${count(rest.length, 'more workload')}: `, ...resourceList(rest), '.'));
  return statements;
}

function meshParts(service: Resource, workload: Resource, view: MeshView): Part[] {
  const membership = view.membership(workload);
  if (membership === undefined) return [];
  const summary = `: ${membershipSummary(membership)}`;
  if (istioMembership(membership) === 'no') return [summary];
  const ifJoined = istioMembership(membership) === 'unknown' ? 'if they join Istio ' : '';
  const modes = view.mtls(workload);
  const ports = targetPorts(service, workload);
  if (ports.length === 0) return [`${summary}, ${ifJoined}mTLS ${modes.workload.mode}`];
  return [
    summary,
    ...ports.flatMap((port): Part[] => {
      const { mode, setBy } = modeAtPort(modes, port);
      const by = joined(setBy, (setter) => setterLink(setter, port));
      return [`, ${ifJoined}mTLS ${mode} at port ${port}`, ...(by.length === 0 ? [] : [' (', ...by, ')'])];
    }),
  ];
}
