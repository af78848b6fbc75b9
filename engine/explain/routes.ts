import { attachmentsOf, routesOf, routesTo } from '../mesh/gateway-api/attachment';
import type { Attachment, Refusal } from '../mesh/gateway-api/attachment';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { fingerprint, groupBy, resourceLink, resourceList, statement } from './statement';
import type { Part, Statement } from './statement';

/** From which Gateways of the Gateway API a Service is reached, by which routes, and which routes decide about it within the mesh. */
export function routeStatements(service: Resource, view: MeshView): Statement[] {
  const ways = routesTo(service, view).flatMap((route) =>
    attachmentsOf(route, view).flatMap((attachment) => (attachment.kind === 'Gateway' ? [{ route, attachment }] : [])),
  );
  const alike = [...groupBy(ways, ({ attachment }) => fingerprint([attachment.attaches, ...gatewayParts(attachment)])).values()];
  const statements = alike.map((group) => {
    const [{ attachment }] = group;
    const routes = resourceList([...new Set(group.map(({ route }) => route))], view);
    const topic = `routes ${attachment.attaches} ${attachment.namespace}/${attachment.name} ${attachment.refusal ?? ''}`;
    return statement(topic, ...wayParts(attachment, routes, group.length > 1), '.');
  });
  const within = routesOf(service, view);
  if (within.length > 0)
    statements.push(
      statement(
        'routes within',
        'Sidecars and waypoints send its requests where ',
        ...resourceList(within, view),
        within.length === 1 ? ' says.' : ' say.',
      ),
    );
  return statements;
}

function wayParts(attachment: Attachment, routes: readonly Part[], areSeveral: boolean): Part[] {
  const gateway = gatewayParts(attachment);
  const { attaches, parent, refusal } = attachment;
  if (attaches === 'no')
    return [
      'Not reached from ',
      ...gateway,
      ', which ',
      ...routes,
      areSeveral ? ' name' : ' names',
      ...(refusal === undefined ? [] : [`: ${REFUSALS[refusal]}`]),
    ];
  const lead = attaches === 'yes' || parent === undefined ? 'Reached' : 'Perhaps reached';
  return [`${lead} from `, ...gateway, ...(parent === undefined ? [', which no file here defines,'] : []), ' by ', ...routes];
}

function gatewayParts({ parent, namespace, name }: Attachment): Part[] {
  return [parent === undefined ? `Gateway ${namespace}/${name}` : resourceLink(parent)];
}

const REFUSALS: Readonly<Record<Refusal, string>> = {
  section: 'it has no listener of that name and port',
  hostname: 'no listener has a hostname in common with the route',
  namespace: "its listener does not let the route's namespace attach",
  kind: 'its listener takes no routes of that kind',
};
