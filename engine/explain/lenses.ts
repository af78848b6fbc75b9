import { originOf } from '../mesh/collisions';
import { environmentPlace } from '../mesh/environment-place';
import { modeAtPort } from '../mesh/istio/peer-authentication';
import type { EffectiveMode } from '../mesh/istio/peer-authentication';
import type { Membership } from '../mesh/membership';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { isWorkload } from '../resources/workload';
import { locate } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';
import { authenticationSummary } from './authentication';
import { environmentName, isWhole } from './file';
import { decidingEvidence, membershipSummary } from './membership';
import { istioMembership, setterLink } from './mtls';
import { targetPorts, workloadsOf } from './services';
import { waypointSummary } from './waypoint';

/** A few words above a workload or a Service. */
export interface Lens<P = Place> {
  readonly about: 'membership' | 'mtls' | 'environments';
  /** Where it stands. */
  readonly place: P;
  readonly title: string;
  /** Where it leads: what decides it. */
  readonly shows: P;
}

/** What one environment says of a resource, and where that is decided. */
interface Saying {
  readonly environment: string;
  readonly text: string;
  /** Whether it is worth a lens by itself, and not only beside what other environments say. */
  readonly tells: boolean;
  readonly decidedAt: Place | undefined;
}

/** The lenses of a file's workloads and Services, from top to bottom. */
export function lensesOf(file: string, views: readonly MeshView[]): Lens[] {
  const uses = new Map<YamlNode, { resource: Resource; view: MeshView }[]>();
  for (const view of views) {
    for (const resource of ofFile(file, view)) {
      const root = resource.root === undefined ? undefined : originOf(resource.root);
      if (root !== undefined) uses.set(root, [...(uses.get(root) ?? []), { resource, view }]);
    }
  }
  return [...uses].sort(([a], [b]) => startOf(a) - startOf(b)).flatMap(([root, all]) => lensesFor(root, all, views));
}

/** The workloads and Services of a file, looked up by it: an environment may hold many others. */
function ofFile(file: string, view: MeshView): readonly Resource[] {
  const fileOf = (resource: Resource): readonly string[] => [resource.file];
  const workloads = view.index.grouped('workloads by file', 'workloads', fileOf).get(file);
  return [...workloads, ...view.index.grouped('Services by file', ['Service'], fileOf).get(file)];
}

function startOf(node: YamlNode): number {
  return locate({ node }).start;
}

function lensesFor(root: YamlNode, all: readonly { resource: Resource; view: MeshView }[], views: readonly MeshView[]): Lens[] {
  const node = root.type === 'map' ? root.get('kind') : undefined;
  if (node === undefined) return [];
  const place = { node };
  const told = all.map(({ resource, view }) => ({ view, ...sayings(resource, view) }));
  const lens = (about: Lens['about'], said: readonly Saying[]): Lens[] =>
    said.some(({ tells }) => tells) ? [{ about, place, ...together(said, place) }] : [];
  const name = environmentName;
  return [
    ...lens(
      'membership',
      told.map(({ view, membership }) => ({ environment: name(view), ...membership })),
    ),
    ...lens(
      'mtls',
      told.map(({ view, mtls }) => ({ environment: name(view), ...mtls })),
    ),
    ...(isWhole(views)
      ? []
      : [
          environmentsLens(
            place,
            told.map(({ view }) => view),
          ),
        ]),
  ];
}

type Said = Omit<Saying, 'environment'>;

function sayings(resource: Resource, view: MeshView): { readonly membership: Said; readonly mtls: Said } {
  const workloads = isWorkload(resource) ? [resource] : workloadsOf(resource, view).map((selected) => selected.resource);
  const joined = workloads.flatMap((workload) => {
    const membership = view.membership(workload);
    return membership === undefined ? [] : [{ workload, membership }];
  });
  const summaries = [...new Set(joined.map(({ membership }) => membershipSummary(membership)))];
  const tells = summaries.length > 0;
  const waypoint = waypointSummary(resource, view);
  const [first] = joined;
  const evidence = first === undefined ? undefined : decidingEvidence(first.membership)[0];
  const inIstio = joined.filter(({ membership }) => istioMembership(membership) === 'yes').map(({ workload }) => workload);
  return {
    membership: {
      text: tells ? [...summaries, ...(waypoint === undefined ? [] : [waypoint])].join(', ') : 'no workload',
      tells,
      decidedAt: evidence === undefined ? undefined : { node: evidence },
    },
    mtls: inIstio.length === 0 ? withoutIstio(joined, view) : mtlsSaying(resource, inIstio, view),
  };
}

/** Linkerd's proxies and Cilium's ztunnel agree on mutual TLS by themselves: that goes without saying where it is all that there is. */
function withoutIstio(all: readonly { workload: Resource; membership: Membership }[], view: MeshView): Said {
  const demanded = authenticationSummary(
    all.map(({ workload }) => workload),
    view,
  );
  if (demanded !== undefined) return { text: demanded.text, tells: true, decidedAt: { node: demanded.node } };
  const memberships = all.map(({ membership }) => membership);
  const byLinkerd = memberships.some(({ linkerd }) => linkerd.joins === 'yes');
  const byCilium = memberships.some(({ ztunnel }) => ztunnel?.joins === 'yes');
  return { text: byLinkerd ? 'mTLS by Linkerd' : byCilium ? 'mTLS by Cilium' : 'no mTLS', tells: false, decidedAt: undefined };
}

/** The mode of a workload, or of the ports to which a Service leads. */
function mtlsSaying(resource: Resource, workloads: readonly Resource[], view: MeshView): Said {
  const modes = workloads.flatMap((workload): { readonly at: EffectiveMode<Resource>; readonly port?: number }[] => {
    const resolution = view.mtls(workload);
    const ports = workload === resource ? [] : targetPorts(resource, workload);
    return ports.length === 0 ? [{ at: resolution.workload }] : ports.map((port) => ({ at: modeAtPort(resolution, port), port }));
  });
  const texts = [...new Set(modes.map(({ at }) => at.mode))];
  const [link] = modes.flatMap(({ at, port }) => at.setBy.map((setter) => setterLink(setter, port)));
  return { text: `mTLS ${texts.join(', ')}`, tells: true, decidedAt: typeof link === 'object' ? link.place : undefined };
}

/** One title of all environments: what they agree on, else what each says. */
function together(said: readonly Saying[], place: Place): { readonly title: string; readonly shows: Place } {
  const texts = new Map<string, string[]>();
  for (const { text, environment } of said) texts.set(text, [...(texts.get(text) ?? []), environment]);
  const agree = texts.size === 1;
  const title = [...texts].map(([text, users]) => (agree ? text : `${text} (${users.join(', ')})`));
  return { title: title.join(', '), shows: said.find(({ decidedAt }) => decidedAt !== undefined)?.decidedAt ?? place };
}

function environmentsLens(place: Place, views: readonly MeshView[]): Lens {
  const places = views.flatMap((view) => environmentPlace(view) ?? []);
  const names = [...new Set(views.map(environmentName))];
  return { about: 'environments', place, title: names.join(', '), shows: places[0] ?? place };
}
