import type { MeshView } from '../mesh/view';
import { kindName } from '../resources/kinds';
import type { Resource } from '../resources/resource';
import { lookup, stringOf } from '../yaml/tree';
import { egressStatements } from './egress';
import { elsewhere, here } from './file';
import { authenticationStatements } from './authentication';
import { membershipStatements } from './membership';
import { mtlsStatements } from './mtls';
import { policyStatements } from './policies';
import { shareNamespace } from './same-namespace';
import { isSure, servicesOf } from './services';
import { resourceList, statement } from './statement';
import type { Explanation, Statement } from './statement';
import { waypointStatements } from './waypoint';

/**
 * What meshes make of a workload's pods: how they join, the mutual TLS that they demand, the waypoint before them, the Services that lead to them, and Istio's policies
 * for them.
 * @param views those of all environments: another one may have the Services
 */
export function explainWorkload(workload: Resource, view: MeshView, views: readonly MeshView[]): Explanation {
  return {
    about: '',
    subject: workload.title,
    statements: [
      ...membershipStatements(workload, view),
      ...mtlsStatements(workload, view),
      ...authenticationStatements(workload, view),
      ...waypointStatements(workload, view),
      ...egressStatements(workload, view),
      ...serviceStatements(workload, view, views),
      ...policyStatements(workload, view),
    ],
  };
}

function serviceStatements(workload: Resource, view: MeshView, views: readonly MeshView[]): Statement[] {
  const services = servicesOf(workload, view);
  const sure = services.filter(({ maybe }) => !maybe).map(({ resource }) => resource);
  const open = services.filter(({ maybe }) => maybe).map(({ resource }) => resource);
  const statements: Statement[] = [];
  if (sure.length > 0) statements.push(statement('services', 'Selected by ', ...resourceList(sure, view), '.'));
  if (open.length > 0)
    statements.push(
      statement('services open', 'Perhaps selected by ', ...resourceList(open, view), ': the files leave it open.'),
    );
  statements.push(...made(workload, view));
  if (statements.length > 0) return statements;
  const others = elsewhere(view, views, 'one that does', (other) => isSure(servicesOf(workload, other)));
  return [statement('services', `No Service ${here(views)} selects these pods.`, ...others)];
}

/**
 * What a controller makes in the cluster, and no file shows: a Flagger Canary with a `service` has ClusterIP Services made for its target
 * (docs.flagger.app, "How it works"), a Knative Service has a route of its own (knative.dev, serving specification).
 */
function made(workload: Resource, view: MeshView): Statement[] {
  if (workload.kind === 'Service.serving.knative.dev')
    return [statement('services made', 'Knative makes a route to these pods by itself.')];
  const canaries = view.ofKind('Canary.flagger.app').filter((canary) => releases(canary, workload, view));
  if (canaries.length === 0) return [];
  return [statement('services made', 'Flagger makes Services for these pods, by ', ...resourceList(canaries, view), '.')];
}

function releases(canary: Resource, workload: Resource, view: MeshView): boolean {
  const target = canary.at('spec', 'targetRef');
  const version = stringOf(lookup(target, 'apiVersion')) ?? '';
  const group = version.includes('/') ? version.slice(0, version.indexOf('/')) : '';
  return (
    lookup(canary.at('spec'), 'service') !== undefined &&
    kindName(stringOf(lookup(target, 'kind')) ?? '', group) === workload.kind &&
    workload.name !== undefined &&
    stringOf(lookup(target, 'name')) === workload.name &&
    shareNamespace(canary, workload, view) === 'yes'
  );
}
