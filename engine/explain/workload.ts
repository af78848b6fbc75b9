import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { membershipStatements } from './membership';
import { mtlsStatements } from './mtls';
import { servicesOf } from './services';
import { resourceList, statement } from './statement';
import type { Explanation, Statement } from './statement';

/** What meshes make of a workload's pods: how they join, the mutual TLS that they demand, and the Services that lead to them. */
export function explainWorkload(workload: Resource, view: MeshView): Explanation {
  return {
    title: workload.title,
    statements: [
      ...membershipStatements(workload, view),
      ...mtlsStatements(workload, view),
      ...serviceStatements(workload, view),
    ],
  };
}

function serviceStatements(workload: Resource, view: MeshView): Statement[] {
  const services = servicesOf(workload, view);
  const sure = services.filter(({ maybe }) => !maybe).map(({ resource }) => resource);
  const open = services.filter(({ maybe }) => maybe).map(({ resource }) => resource);
  const statements: Statement[] = [];
  if (sure.length > 0) statements.push(statement('services', 'Selected by ', ...resourceList(sure), '.'));
  if (open.length > 0)
    statements.push(statement('services open', 'Perhaps selected by ', ...resourceList(open), ', which a template leaves open.'));
  return statements.length > 0 ? statements : [statement('services', 'No Service here selects these pods.')];
}
