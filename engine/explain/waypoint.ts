import { waypointOf, waypointOfNamespace } from '../mesh/istio/waypoints';
import type { WaypointCanary } from '../mesh/istio/waypoint-canary';
import type { WaypointObstacle } from '../mesh/istio/waypoint-gateway';
import type { Waypoint } from '../mesh/istio/waypoints';
import type { MeshView } from '../mesh/view';
import type { Answer } from '../resources/labels';
import type { Resource } from '../resources/resource';
import { isWorkload } from '../resources/workload';
import { stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import { namespaceTitle } from './membership';
import { servicesOf, workloadsOf } from './services';
import { cited, count, resourceLink, statement } from './statement';
import type { Part, Statement } from './statement';

/**
 * The waypoint that takes the traffic to a Service, or to the addresses of a workload's pods, with who names it. Nothing where ambient mode is
 * not concerned: where no pods are in it for sure, and where that is open and no label names a waypoint.
 */
export function waypointStatements(resource: Resource, view: MeshView): Statement[] {
  const concerned = isInAmbient(resource, view);
  const waypoint = concerned === 'no' ? undefined : waypointOf(resource, view);
  if (waypoint === undefined || (concerned === 'unknown' && waypoint.choice.is !== 'named')) return [];
  const lead = concerned === 'unknown' ? 'If its pods are in ambient mode, ' : '';
  return [statement('waypoint', ...waypointParts(waypoint, resource, lead, view), '.')];
}

/** What `istio.io/use-waypoint` does on a Namespace, a Service or a pod. */
export function waypointLabelStatements(resource: Resource, view: MeshView): Statement[] {
  const waypoint = resource.kind === 'Namespace' ? waypointOfNamespace(resource, view) : waypointOf(resource, view);
  return waypoint === undefined
    ? []
    : [statement('waypoint', ...waypointParts(waypoint, resource, 'In ambient mode, ', view), '.')];
}

/**
 * The waypoints of a Service, or of a workload and the Services that lead to it, in few words: `waypoint wp`. Undefined where none is
 * concerned, or what there is is not known.
 */
export function waypointSummary(resource: Resource, view: MeshView): string | undefined {
  if (isInAmbient(resource, view) !== 'yes') return undefined;
  const services = isWorkload(resource) ? servicesOf(resource, view).map((selected) => selected.resource) : [];
  const waypoints = [resource, ...services].flatMap((one) => waypointOf(one, view) ?? []);
  const taking = waypoints.filter(({ obstacle }) => obstacle === undefined || obstacle.why === 'not-here');
  const names = taking.flatMap(({ choice }) => (choice.is === 'named' ? [choice.name] : []));
  if (names.length > 0) return `waypoint ${[...new Set(names)].join(', ')}`;
  return waypoints.every(({ choice, obstacle }) => choice.is === 'none' || obstacle?.serves === 'no') ? 'no waypoint' : undefined;
}

/** Whether a workload's pods, or some of those that a Service selects, are in ambient mode. */
function isInAmbient(resource: Resource, view: MeshView): Answer {
  const workloads = isWorkload(resource) ? [resource] : workloadsOf(resource, view).map((selected) => selected.resource);
  const answers = workloads.flatMap((workload) => view.membership(workload)?.ambient.joins ?? []);
  return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no';
}

/** Which waypoint takes the traffic, or why none does: a sentence without its full stop. */
function waypointParts(waypoint: Waypoint, resource: Resource, lead: string, view: MeshView): Part[] {
  const { choice, evidence, obstacle, canary } = waypoint;
  const traffic = `${lead === '' ? 'Traffic' : `${lead}traffic`} to ${whom(resource, view)}`;
  if (choice.is === 'none') {
    if (choice.decidedBy === 'gateway-itself')
      return [
        `${traffic} goes through no waypoint: ${isWorkload(resource) ? 'they are the pods of a Gateway' : 'it is that of a waypoint or an east-west gateway'}`,
        ...cited(evidence, view),
      ];
    const why: Part[] =
      choice.decidedBy === 'no-label'
        ? [
            `neither ${namespaceTitle(resource)}`,
            ...cited(evidence, view),
            ` nor ${own(resource)} has label istio.io/use-waypoint`,
          ]
        : [`${bearer(waypoint, resource)} has label ${emptyLabel(evidence)}`, ...cited(evidence, view)];
    return [`${traffic} goes through no waypoint: `, ...why];
  }
  if (choice.is === 'unknown') return [`${traffic} may go through a waypoint: `, ...unknownLabel(waypoint, resource, view)];
  const named = [...waypointName(waypoint), `, which ${bearer(waypoint, resource)} names`, ...cited(evidence, view)];
  const share = canary === undefined ? [] : canaryParts(canary, view);
  if (obstacle === undefined) return [`${traffic} goes through waypoint `, ...named, ...share];
  if (obstacle.why === 'not-here' && obstacle.serves === 'unknown')
    return [`${traffic} goes through waypoint `, ...named, ' and no file here defines', ...share];
  const verb = obstacle.serves === 'no' ? 'goes past waypoint' : 'may go past waypoint';
  return [`${traffic} ${verb} `, ...named, ': ', ...obstacleParts(obstacle, waypoint, resource, view)];
}

function canaryParts({ name, namespace, weight, evidence }: WaypointCanary, view: MeshView): Part[] {
  const where = namespace.is === 'known' ? `${namespace.value}/` : '';
  return [`; ${weight} % of it goes through the canary ${where}${name} instead`, ...cited(evidence, view)];
}

/** The label by which nothing is named. */
function emptyLabel([waypoint]: readonly YamlNode[]): string {
  const value = stringOf(waypoint);
  if (value === 'none') return 'istio.io/use-waypoint=none';
  return value === '' ? 'istio.io/use-waypoint=""' : 'istio.io/use-waypoint-namespace=""';
}

function whom(resource: Resource, view: MeshView): string {
  if (resource.kind !== 'Namespace') return isWorkload(resource) ? 'the addresses of these pods' : 'this Service';
  const services = resource.name === undefined ? [] : view.index.inNamespace('Service', resource.name);
  const others = services.filter((service) => service.labels.get('istio.io/use-waypoint').is === 'absent');
  if (others.length === 0) return 'Services of this Namespace that have no such label';
  return `the ${count(others.length, 'Service')} of this Namespace that ${others.length === 1 ? 'has' : 'have'} no such label`;
}

function own(resource: Resource): string {
  return isWorkload(resource) ? 'the pod template' : `this ${resource.header.kind}`;
}

/** Whose label decides. */
function bearer({ choice }: Waypoint, resource: Resource): string {
  return choice.decidedBy === 'namespace-label' ? namespaceTitle(resource) : own(resource);
}

function unknownLabel(waypoint: Waypoint, resource: Resource, view: MeshView): Part[] {
  const label = `label istio.io/use-waypoint of ${bearer(waypoint, resource)} is unknown`;
  return waypoint.evidence.length === 0
    ? [`${label}, since no file here defines it`]
    : [label, ...cited(waypoint.evidence, view)];
}

function waypointName({ choice, gateway }: Waypoint): Part[] {
  if (gateway !== undefined) return [resourceLink(gateway)];
  if (choice.is !== 'named') return [];
  if (choice.namespace.is === 'unknown') return [`${choice.name} of a namespace that a template hides`];
  return [choice.namespace.is === 'known' ? `${choice.namespace.value}/${choice.name}` : choice.name];
}

/** Why a waypoint does not take the traffic, or may not: a clause without its full stop. */
function obstacleParts(
  { why, serves, place }: WaypointObstacle,
  { gateway }: Waypoint,
  resource: Resource,
  view: MeshView,
): Part[] {
  const at = place === undefined ? [] : cited([place], view);
  const isSure = serves === 'no';
  switch (why) {
    case 'not-here':
      return ['no file defines it, and the configuration says that these files are all of the cluster'];
    case 'hidden-namespace':
      return ['whether there is such a Gateway is unknown'];
    case 'traffic': {
      if (!isSure) return ['which traffic it takes is unknown', ...at];
      const kind = stringOf(place) ?? 'service';
      return [
        TRAFFIC[kind] ?? `its istio.io/waypoint-for is ${kind}, which names no traffic`,
        ...(place === undefined ? [', which is the default'] : at),
      ];
    }
    case 'not-admitted': {
      const from = gateway?.header.namespace.is === 'known' ? `namespace ${gateway.header.namespace.value}` : 'its own namespace';
      const home = resource.kind === 'Namespace' ? 'this Namespace' : namespaceTitle(resource);
      if (!isSure) return [`whether it lets ${home} attach is unknown`, ...at];
      return place === undefined
        ? [`it lets only ${from} attach, which is the default`]
        : [`it does not let ${home} attach`, ...at];
    }
    case 'class':
      return ['its class is none that Istio makes waypoints of', ...at];
    case 'alternatives':
      return ['its definitions differ in whether they take it'];
    case 'headless':
      return ['a headless Service has no address of its own that a waypoint could serve', ...at];
    case 'visibility':
      return ['the mesh configuration may keep it to its own namespace, and the waypoint is of another', ...at];
  }
}

const TRAFFIC: Readonly<Record<string, string>> = {
  service: 'it takes traffic only to Services',
  workload: 'it takes traffic only to the addresses of pods',
  none: 'it takes no traffic at all',
};
