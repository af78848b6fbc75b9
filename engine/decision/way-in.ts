import { helmValue } from '../mesh/helm-references';
import { unmeshedClients } from '../mesh/unmeshed';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import { stringOf } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';
import { applicationWorkloads } from './applications';
import { callersOf } from './callers';
import { conflict } from './conflict';
import { placesOf, query, titlesOf } from './evidence';
import type { DecisionFacts, MeshName, Need } from './facts';
import { meshCharts } from './mesh-charts';
import { count, list, TARGET_NAMES } from './situation';
import type { Reason, Target } from './situation';

/** Where a repository stands on the way into a mesh, in the order that the guides agree on, and besides it. */
export type Stage =
  /** Nobody has said yet what the mesh would be for. */
  | 'audit'
  /** No mesh is called for: what meets the needs instead. */
  | 'alternatives'
  /** A mesh is called for, and runs in no production yet. */
  | 'proof-of-concept'
  /** It runs, and not everything is in it. */
  | 'rollout'
  /** Two meshes, or another one than the verdict's. */
  | 'migration'
  /** Everything is in it, and nothing else gets in. */
  | 'settled';

export interface WayIn<E> {
  readonly stage: Stage;
  /** One sentence. */
  readonly next: string;
  /** What is to be known for it, the most telling first. */
  readonly steps: readonly Reason<E>[];
  /** Workloads that are not in the mesh yet, in the order to take them in. */
  readonly order: readonly NextWorkload<E>[];
}

export interface NextWorkload<E> {
  /** `Deployment shop/cart` */
  readonly workload: string;
  /** Workloads that are seen to call it. */
  readonly callers: number;
  /** Whether traffic from outside the cluster comes to it. */
  readonly fromOutside: boolean;
  readonly evidence: readonly E[];
}

/** Another environment of the repository, as far as the way in asks. */
export interface Neighbour {
  readonly name: string;
  readonly production: boolean;
  readonly meshes: readonly MeshName[];
}

/** What the way in is worked out from. */
export interface Journey {
  readonly facts: DecisionFacts<Place>;
  readonly needs: readonly Need[];
  /** Where the verdict leads. */
  readonly target: Target;
  /** How many questions nobody has answered, of how many. */
  readonly unanswered: number;
  readonly asked: number;
  /** The other environments. */
  readonly neighbours: readonly Neighbour[];
}

/** A proof of concept takes that long, and that many who can debug it, at the least (guide B's plan). */
const WEEKS = 4;
const PEOPLE = 2;

/** Workloads that an order names; who has more goes on from there. */
const MOST_IN_ORDER = 20;

/** Whether workloads or namespaces join a mesh here, or its control plane runs: `configured` says neither. */
export function runningMeshes({ meshes }: DecisionFacts<unknown>): readonly MeshName[] {
  return [...new Set(meshes.flatMap(({ mesh, how }) => (how === 'configured' || mesh === 'cilium' ? [] : [mesh])))];
}

/** The stage of an environment, its next step, and what stands in the way of it. */
export function wayIn(view: MeshView, journey: Journey): WayIn<Place> {
  const { facts, target } = journey;
  const running = runningMeshes(facts);
  const [here] = running;
  if (facts.services.count === 0 && facts.workloads.count === 0) return NOTHING;
  if (conflict(facts) !== undefined) return migration(view, target, running);
  if (here === undefined) return without(view, journey);
  if (family(here) !== family(target)) return migration(view, target, running);
  return within(view, journey, here);
}

/** A mesh's own chart, or configuration alone. */
const NOTHING: WayIn<never> = {
  stage: 'alternatives',
  next: 'Nothing is to be done here: these files hold no workload of yours.',
  steps: [],
  order: [],
};

function without(view: MeshView, { needs, target, unanswered, asked, neighbours }: Journey): WayIn<Place> {
  if (target === 'none') {
    const next =
      needs.length === 0
        ? 'Nothing is to be done. Look again when a need comes, or when a threshold is near.'
        : 'Meet what is needed by what needs no mesh, and look again when a threshold is near.';
    return { stage: 'alternatives', next, steps: [], order: [] };
  }
  const order = orderOf(view, () => false);
  const trial = neighbours.find(({ meshes }) => meshes.some((mesh) => family(mesh) === family(target)));
  const name = TARGET_NAMES[target];
  if (trial !== undefined) {
    const next = `Go on with ${name} in ${trial.name} until ${PEOPLE} people can debug it there, and measure what it takes; then begin here.`;
    return { stage: 'proof-of-concept', next, steps: firstStep(order), order };
  }
  if (unanswered * 2 > asked) {
    const next = `Answer what no manifest shows (${unanswered} of ${asked} questions are open), before anything is installed.`;
    return { stage: 'audit', next, steps: firstStep(order), order };
  }
  const next = `Try ${name} outside production for at least ${WEEKS} weeks, measure memory, latency and effort, and have ${PEOPLE} people who can debug it.`;
  return { stage: 'proof-of-concept', next, steps: firstStep(order), order };
}

function within(view: MeshView, { target, neighbours }: Journey, here: MeshName): WayIn<Place> {
  const members = membersOf(view);
  const inside = members.filter(({ inIstio, inLinkerd }) => inIstio || inLinkerd);
  const outside = members.filter(({ inIstio, inLinkerd, isOpen }) => !inIstio && !inLinkerd && !isOpen);
  const isIn = new Set(inside.map(({ workload }) => workload));
  const order = orderOf(view, (workload) => isIn.has(workload));
  const blockers = family(here) === 'istio' ? strictBlockers(view) : plainClients(outside);
  const mtls = family(here) === 'istio' ? istioModes(view, inside) : linkerdModes(view, inside);
  const share = `${inside.length} of ${count(members.length, 'workload')} ${inside.length === 1 ? 'is' : 'are'} in the mesh`;
  const modes = family(target) === 'istio' && here !== target && target !== 'none' ? modeStep(here, target) : [];
  const { production } = view.environment().plan;
  if (
    !production &&
    neighbours.some((one) => one.production) &&
    !neighbours.some((one) => one.production && one.meshes.length > 0)
  ) {
    const next = `${share}, and no production has it: measure here for at least ${WEEKS} weeks, with ${PEOPLE} people who can debug it.`;
    return { stage: 'proof-of-concept', next, steps: [...modes, ...blockers, ...mtls.steps], order };
  }
  if (order.length > 0) {
    const next = `${share}: take in the next one, the least critical first, over weeks and not at once.`;
    return { stage: 'rollout', next, steps: [...firstStep(order), ...modes, ...blockers, ...mtls.steps], order };
  }
  if (blockers.length > 0 || !mtls.isStrict) {
    const next =
      blockers.length > 0
        ? `${share}: mesh or except what still calls in plaintext, then refuse plaintext.`
        : `${share}: refuse plaintext now, namespace by namespace.`;
    return { stage: 'rollout', next, steps: [...modes, ...blockers, ...mtls.steps], order };
  }
  return { stage: 'settled', next: `${share}, and plaintext is refused: keep it so.`, steps: modes, order };
}

function migration(view: MeshView, target: Target, running: readonly MeshName[]): WayIn<Place> {
  const members = membersOf(view);
  const both = members.filter(({ inIstio, inLinkerd }) => inIstio && inLinkerd);
  const staying = members.filter((one) => leaves(one, target));
  const shared = sharedNamespaces(members);
  const away = leaving(running, target);
  const steps: Reason<Place>[] = [
    ...(both.length === 0
      ? []
      : [
          {
            text: `${count(both.length, 'workload')} ${both.length === 1 ? 'gets' : 'get'} two meshes: take one of them away before anything else.`,
            evidence: titlesOf(both.map(({ workload }) => workload)),
          },
        ]),
    ...shared.map(({ namespace, places }) => ({
      text: `Namespace ${namespace} is double ground: some of its workloads are in Istio and some in Linkerd.`,
      evidence: placesOf(places),
    })),
    ...(staying.length === 0
      ? []
      : [
          {
            text: `${count(staying.length, 'workload')} ${staying.length === 1 ? 'has' : 'have'} still to leave ${list(away)}.`,
            evidence: titlesOf(staying.map(({ workload }) => workload)),
          },
        ]),
  ];
  const next =
    target === 'none'
      ? `Let something else do what ${list(away)} ${away.length > 1 ? 'do' : 'does'} here, then take ${away.length > 1 ? 'them' : 'it'} out, namespace by namespace.`
      : `Name ${TARGET_NAMES[target]} as where this ends, set a date, and move namespace by namespace, never a pod in both.`;
  const order = target === 'none' ? [] : orderOf(view, (workload) => !staying.some((one) => one.workload === workload));
  return { stage: 'migration', next, steps, order };
}

function leaving(running: readonly MeshName[], target: Target): string[] {
  const names = running
    .filter((mesh) => family(mesh) !== family(target))
    .map((mesh) => (family(mesh) === 'istio' ? 'Istio' : 'Linkerd'));
  return [...new Set(names)];
}

function leaves({ inIstio, inLinkerd }: Member, target: Target): boolean {
  return (inIstio && family(target) !== 'istio') || (inLinkerd && family(target) !== 'linkerd');
}

function sharedNamespaces(members: readonly Member[]): { readonly namespace: string; readonly places: readonly YamlNode[] }[] {
  const byNamespace = new Map<string, Member[]>();
  for (const member of members) {
    const { namespace } = member.workload;
    if (namespace !== undefined) byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), member]);
  }
  return [...byNamespace].flatMap(([namespace, all]) => {
    const joined = all.filter(({ inIstio, inLinkerd }) => inIstio || inLinkerd);
    const isShared = all.some(({ inIstio }) => inIstio) && all.some(({ inLinkerd }) => inLinkerd);
    return isShared ? [{ namespace, places: joined.flatMap(({ workload }) => workload.titlePlace ?? []) }] : [];
  });
}

type Family = 'istio' | 'linkerd' | 'cilium' | 'none';

function family(target: Target): Family {
  return target === 'istio-sidecar' || target === 'istio-ambient' ? 'istio' : target;
}

interface Member {
  readonly workload: Resource;
  readonly inIstio: boolean;
  readonly inLinkerd: boolean;
  /** Whether some mesh may take it, and no file tells. */
  readonly isOpen: boolean;
}

/** Workloads that a mesh could take in: what runs to its end and is gone is left out. */
function membersOf(view: MeshView): readonly Member[] {
  return query(view, 'wayIn.members', () =>
    applicationWorkloads(view).flatMap(([workload]) => {
      const membership = view.membership(workload);
      if (membership === undefined || ['Job.batch', 'CronJob.batch'].includes(workload.kind)) return [];
      const { sidecar, ambient, linkerd } = membership;
      const inIstio = sidecar.joins === 'yes' || ambient.joins === 'yes';
      const isOpen = [sidecar, ambient, linkerd].some(({ joins }) => joins === 'unknown');
      return [{ workload, inIstio, inLinkerd: linkerd.joins === 'yes', isOpen }];
    }),
  );
}

/** Those that are not in yet and that a Service leads to: whoever is called least comes first, and what the world reaches comes last. */
function orderOf(view: MeshView, isIn: (workload: Resource) => boolean): readonly NextWorkload<Place>[] {
  const waiting = [...callersOf(view)].filter(([workload]) => !isIn(workload));
  const sorted = waiting.sort(
    ([a, one], [b, other]) =>
      Number(one.fromOutside) - Number(other.fromOutside) ||
      one.workloads.length - other.workloads.length ||
      (a.title < b.title ? -1 : Number(a.title > b.title)),
  );
  return sorted.slice(0, MOST_IN_ORDER).map(([workload, { workloads, evidence, fromOutside }]) => ({
    workload: workload.title,
    callers: workloads.length,
    fromOutside,
    evidence: [...titlesOf([workload]), ...evidence],
  }));
}

function firstStep(order: readonly NextWorkload<Place>[]): Reason<Place>[] {
  const [first] = order;
  if (first === undefined) return [];
  const { workload, callers, fromOutside, evidence } = first;
  const seen =
    callers === 0
      ? 'no manifest shows who calls it'
      : `${count(callers, 'workload')} ${callers === 1 ? 'is' : 'are'} seen to call it`;
  const reach = fromOutside ? ', and all that is left is reached from outside' : '';
  return [{ text: `Begin with ${workload}: ${seen}${reach}.`, evidence }];
}

function modeStep(here: MeshName, target: MeshName): Reason<Place>[] {
  return [
    { text: `${TARGET_NAMES[here]} is what runs; ${TARGET_NAMES[target]} is the same mesh in its other mode.`, evidence: [] },
  ];
}

/** What keeps plaintext from being refused: clients that are shown to be outside. */
function strictBlockers(view: MeshView): Reason<Place>[] {
  const clients = unmeshedClients(view);
  if (clients.length === 0) return [];
  const names = clients.slice(0, 3).map(({ workload }) => workload.title);
  const more = clients.length - names.length;
  const text = `STRICT has to wait for ${list([...names, ...(more > 0 ? [`${more} more`] : [])])}, which may call and ${clients.length === 1 ? 'is' : 'are'} outside.`;
  return [
    {
      text,
      evidence: placesOf(
        clients.flatMap(({ workload, evidence }) => [workload.titlePlace, ...evidence].flatMap((node) => node ?? [])),
      ),
    },
  ];
}

function plainClients(outside: readonly Member[]): Reason<Place>[] {
  if (outside.length === 0) return [];
  const text = `${count(outside.length, 'workload')} outside the mesh would be refused by all-authenticated, Linkerd's policy against plaintext.`;
  return [{ text, evidence: titlesOf(outside.map(({ workload }) => workload)) }];
}

interface Modes {
  readonly isStrict: boolean;
  readonly steps: readonly Reason<Place>[];
}

function istioModes(view: MeshView, inside: readonly Member[]): Modes {
  const open = inside.filter(({ workload }) => view.mtls(workload).workload.mode !== 'STRICT');
  if (open.length === 0) return { isStrict: true, steps: [] };
  const text = `${count(open.length, 'workload')} in the mesh still ${open.length === 1 ? 'accepts' : 'accept'} plaintext: no STRICT holds there.`;
  return { isStrict: false, steps: [{ text, evidence: titlesOf(open.map(({ workload }) => workload)) }] };
}

/** Linkerd's default policies that refuse plaintext from outside the mesh (linkerd.io/2-edge, "Authorization Policy"). */
const REFUSING: ReadonlySet<string> = new Set(['all-authenticated', 'cluster-authenticated', 'deny']);
const DEFAULT_POLICY = 'config.linkerd.io/default-inbound-policy';

/** Linkerd has no STRICT: the default policy of a pod, of its Namespace or of the installation says what happens to plaintext. */
function linkerdModes(view: MeshView, inside: readonly Member[]): Modes {
  const installed = meshCharts(view).some(
    ({ mesh, reference }) =>
      mesh === 'linkerd' && REFUSING.has(stringOf(helmValue(reference, 'proxy', 'defaultInboundPolicy')) ?? ''),
  );
  const open = inside.filter(({ workload }) => {
    const own = podTemplateOf(workload)?.annotations.get(DEFAULT_POLICY);
    if (own?.is === 'known') return !REFUSING.has(own.value);
    const { namespace } = workload;
    const inherited = namespace === undefined ? undefined : view.namespaceAnnotation(namespace, DEFAULT_POLICY).value;
    return inherited?.is === 'known' ? !REFUSING.has(inherited.value) : !installed;
  });
  if (open.length === 0) return { isStrict: true, steps: [] };
  const text = `${count(open.length, 'workload')} in the mesh ${open.length === 1 ? 'accepts' : 'accept'} plaintext unless a policy of their own refuses it: no default-inbound-policy does.`;
  return { isStrict: false, steps: [{ text, evidence: titlesOf(open.map(({ workload }) => workload)) }] };
}
