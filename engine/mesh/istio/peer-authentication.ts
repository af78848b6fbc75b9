import { known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import type { Basis } from './sidecar-injection';

export type MtlsMode = 'STRICT' | 'PERMISSIVE' | 'DISABLE';

/** One PeerAuthentication, as it looks from one pod. */
export interface PeerAuthenticationPolicy<P> {
  /** The caller's own reference to the resource, handed back in the answer. */
  readonly policy: P;
  /** Absent: the manifest names none; the same as another unset one and as `default`, and it may be any other. */
  readonly namespace: Tristate<string>;
  /** Whether `selector.matchLabels` holds a label. Absent: there is no selector; one without labels is `false`. */
  readonly hasSelector: Tristate<boolean>;
  /** Whether the pod's labels include every one of the selector's. Read only where there may be a selector; absent counts as no. */
  readonly matchesPod: Tristate<boolean>;
  /** `mtls.mode`; absent and `UNSET` inherit. */
  readonly mode: Tristate<string>;
  /** `portLevelMtls`: pod port (not Service port) to mode. */
  readonly portLevel: Tristate<ReadonlyMap<number, Tristate<string>>>;
}

export interface PeerAuthenticationInput<P> {
  /** Every PeerAuthentication of the environment, in any order; those that cannot concern the pod may be left out. */
  readonly policies: readonly PeerAuthenticationPolicy<P>[];
  readonly podNamespace: Tristate<string>;
  /** `MeshConfig.rootNamespace`. Absent: nothing shows it, and `istio-system` is assumed. */
  readonly rootNamespace: Tristate<string>;
}

export type PeerAuthenticationLevel = 'mesh' | 'namespace' | 'workload' | 'port';

export interface ModeSetter<P> {
  readonly policy: P;
  readonly level: PeerAuthenticationLevel;
}

export interface EffectiveMode<P> {
  readonly mode: MtlsMode | 'unknown';
  /**
   * Who set the mode, in an order that means nothing. Empty: nobody, it is the default of PERMISSIVE. Several: any of them may, with the
   * same result. With an unknown mode, everybody whose policy may set one.
   */
  readonly setBy: readonly ModeSetter<P>[];
  /** `assumed`: the default mode, or a policy that is mesh-wide only if the assumed root namespace is right. Says nothing of `unknown`. */
  readonly basis: Basis;
}

export interface PeerAuthenticationResolution<P> {
  /** The mode of the workload as such. */
  readonly workload: EffectiveMode<P>;
  /** The ports that a policy which applies to the workload, or may apply, names; by pod port, ascending. */
  readonly ports: ReadonlyMap<number, EffectiveMode<P>>;
  /** The mode of every other port: the workload's, but unknown where such a policy's ports cannot be read. */
  readonly otherPorts: EffectiveMode<P>;
}

/** MeshConfig.rootNamespace of a default installation. */
export const DEFAULT_ROOT = 'istio-system';

/**
 * The mutual TLS mode that a pod's sidecar demands of its callers: istiod collects one policy for each level (istio/istio
 * pilot/pkg/model/authentication.go addPeerAuthentication) and merges them (pilot/pkg/security/authn/policy_applier.go
 * ComposePeerAuthentication), both as of 1.32 development. The mesh's policy stands in the root namespace without a selector, a
 * namespace's in that namespace without a selector, a workload's in its namespace with a selector that matches. A selector in the root
 * namespace makes a policy void, for pods of that namespace too. Each level overrides the one before unless its mode is UNSET; ports are
 * read at workload level alone.
 *
 * Of several policies on one level Istio heeds the oldest and ignores the rest, ports included. No manifest tells which that is, so the
 * answer is unknown unless all of them lead to the same. Likewise every input that is unknown: only what all its values agree on is known.
 *
 * This is the sidecar's rule. ztunnel treats PERMISSIVE and DISABLE alike and deviates further
 * (istio/istio architecture/ambient/peer-authentication.md).
 *
 * @returns a mode for the workload and its ports. A mode that is none of the API's counts as unknown, since the API server refuses the
 *   policy and whatever stood there before goes on. Never throws
 */
export function resolvePeerAuthentication<P>(input: PeerAuthenticationInput<P>): PeerAuthenticationResolution<P> {
  const rootAssumed = input.rootNamespace.is === 'absent';
  const answers = namings(input).map((naming) => possibleModes(input, naming));
  const portNumbers = new Set(answers.flatMap((answer) => [...answer.ports.keys()]));
  const settle = (select: (answer: PossibleAnswer<P>) => Possible<P>): EffectiveMode<P> =>
    effective(union(answers.map(select)), rootAssumed);
  return {
    workload: settle((answer) => answer.workload),
    ports: new Map(
      [...portNumbers]
        .sort((a, b) => a - b)
        .map((port) => [port, settle((answer) => answer.ports.get(port) ?? answer.otherPorts)] as const),
    ),
    otherPorts: settle((answer) => answer.otherPorts),
  };
}

/**
 * The mode at one port of the pod.
 * @param port the container's, not the Service's (istio/istio pilot/pkg/networking/core/listener_inbound.go, 1.32 development); for one
 *   that no policy names the answer is `otherPorts`
 */
export function modeAtPort<P>(resolution: PeerAuthenticationResolution<P>, port: number): EffectiveMode<P> {
  return resolution.ports.get(port) ?? resolution.otherPorts;
}

/** The modes that are possible, each with those who may set it; nobody for the default. */
type Possible<P> = ReadonlyMap<MtlsMode, readonly ModeSetter<P>[]>;

interface PossibleAnswer<P> {
  readonly workload: Possible<P>;
  readonly ports: ReadonlyMap<number, Possible<P>>;
  readonly otherPorts: Possible<P>;
}

const MODES: readonly MtlsMode[] = ['STRICT', 'PERMISSIVE', 'DISABLE'];

/** What the unset namespace and the root namespace are taken to be. */
interface Naming {
  readonly unset: string;
  readonly root: string;
}

/**
 * Every naming that could make a difference. Policies share these two unknowns, so they are tried out together: a policy in the unset
 * namespace applies to a pod of the unset namespace whether or not that is the root.
 */
function namings<P>({ policies, podNamespace, rootNamespace }: PeerAuthenticationInput<P>): readonly Naming[] {
  const root = rootNamespace.is === 'absent' ? known(DEFAULT_ROOT) : rootNamespace;
  const namespaces = [podNamespace, ...policies.map(({ namespace }) => namespace)];
  const shown = [...namespaces, root].flatMap((namespace) => (namespace.is === 'known' ? [namespace.value] : []));
  // No namespace is called "": it stands for a root that no manifest shows.
  const names = [...new Set(['default', ...shown, ...(root.is === 'known' ? [] : [''])])];
  const unsetNames = namespaces.some((namespace) => namespace.is === 'absent') ? names : ['default'];
  const roots = root.is === 'known' ? [root.value] : names;
  return roots.flatMap((candidate) => unsetNames.map((unset) => ({ unset, root: candidate })));
}

function possibleModes<P>({ policies, podNamespace }: PeerAuthenticationInput<P>, naming: Naming): PossibleAnswer<P> {
  const placed = policies.map((policy) => {
    const inRoot = same(policy.namespace, known(naming.root), naming);
    const inNamespace = and(not(inRoot), same(policy.namespace, podNamespace, naming));
    const selects = truth(policy.hasSelector);
    return {
      policy,
      mesh: and(inRoot, not(selects)),
      namespace: and(inNamespace, not(selects)),
      workload: and(inNamespace, and(selects, truth(policy.matchesPod))),
    };
  });
  const at = (level: 'mesh' | 'namespace' | 'workload'): readonly Choice<P>[] =>
    choices(placed.map((place) => ({ policy: place.policy, applies: place[level] })));

  const byDefault: Possible<P> = new Map([['PERMISSIVE', []]]);
  const meshWide = override(byDefault, at('mesh'), 'mesh');
  const namespaceWide = override(meshWide, at('namespace'), 'namespace');
  const forWorkload = at('workload');
  const portNumbers = new Set(
    forWorkload.flatMap((choice) => (choice?.portLevel.is === 'known' ? [...choice.portLevel.value.keys()] : [])),
  );
  const atPort = (port: number | undefined): Possible<P> =>
    union(forWorkload.map((choice) => portMode(override(namespaceWide, [choice], 'workload'), choice, port)));
  return {
    workload: override(namespaceWide, forWorkload, 'workload'),
    ports: new Map([...portNumbers].map((port) => [port, atPort(port)])),
    otherPorts: atPort(undefined),
  };
}

/** The policy that a level heeds; undefined for none. */
type Choice<P> = PeerAuthenticationPolicy<P> | undefined;

/** Whichever is the oldest: any that applies or may apply, and none at all unless one surely applies. */
function choices<P>(
  candidates: readonly { readonly policy: PeerAuthenticationPolicy<P>; readonly applies: Truth }[],
): readonly Choice<P>[] {
  const possible = candidates.filter(({ applies }) => applies !== false).map(({ policy }) => policy);
  return candidates.some(({ applies }) => applies === true) ? possible : [undefined, ...possible];
}

function override<P>(inherited: Possible<P>, level: readonly Choice<P>[], name: PeerAuthenticationLevel): Possible<P> {
  return union(
    level.map((choice) =>
      choice === undefined ? inherited : setMode(inherited, choice.mode, { policy: choice.policy, level: name }),
    ),
  );
}

/** @param port undefined for one that no policy names */
function portMode<P>(workload: Possible<P>, choice: Choice<P>, port: number | undefined): Possible<P> {
  if (choice === undefined || choice.portLevel.is === 'absent') return workload;
  const setter = { policy: choice.policy, level: 'port' } as const;
  if (choice.portLevel.is === 'unknown') return setMode(workload, unknown, setter);
  const mode = port === undefined ? undefined : choice.portLevel.value.get(port);
  return mode === undefined ? workload : setMode(workload, mode, setter);
}

function setMode<P>(inherited: Possible<P>, mode: Tristate<string>, setter: ModeSetter<P>): Possible<P> {
  if (mode.is === 'absent' || (mode.is === 'known' && mode.value === 'UNSET')) return inherited;
  const shown = mode.is === 'known' ? MODES.find((candidate) => candidate === mode.value) : undefined;
  if (shown !== undefined) return new Map([[shown, [setter]]]);
  return union([inherited, new Map(MODES.map((candidate) => [candidate, [setter]]))]);
}

function union<P>(possible: readonly Possible<P>[]): Possible<P> {
  const all = new Map<MtlsMode, ModeSetter<P>[]>();
  for (const [mode, setters] of possible.flatMap((modes) => [...modes])) {
    all.set(mode, [...(all.get(mode) ?? []), ...setters]);
  }
  return new Map([...all].map(([mode, setters]) => [mode, distinct(setters)]));
}

function distinct<P>(setters: readonly ModeSetter<P>[]): readonly ModeSetter<P>[] {
  return setters.filter(
    (setter, index) => setters.findIndex(({ policy, level }) => policy === setter.policy && level === setter.level) === index,
  );
}

function effective<P>(possible: Possible<P>, rootAssumed: boolean): EffectiveMode<P> {
  const [only, ...others] = possible;
  if (only === undefined || others.length > 0) {
    return { mode: 'unknown', setBy: distinct([...possible.values()].flat()), basis: 'shown' };
  }
  const [mode, setBy] = only;
  const assumed = setBy.length === 0 || (rootAssumed && setBy.some(({ level }) => level === 'mesh'));
  return { mode, setBy, basis: assumed ? 'assumed' : 'shown' };
}

/** Undefined: unknown. */
type Truth = boolean | undefined;

const truth = (value: Tristate<boolean>): Truth => (value.is === 'unknown' ? undefined : value.is === 'known' && value.value);
const not = (a: Truth): Truth => (a === undefined ? undefined : !a);
const and = (a: Truth, b: Truth): Truth => (a === false || b === false ? false : a === true ? b : undefined);

/** An unset namespace is `default` as well as the one that it is taken to be: whether a manifest writes `default` must not matter. */
function same(a: Tristate<string>, b: Tristate<string>, { unset }: Naming): Truth {
  if (a.is === 'unknown' || b.is === 'unknown') return undefined;
  if (a.is === 'known' && b.is === 'known') return a.value === b.value;
  const named = a.is === 'known' ? a : b;
  return named.is === 'absent' || named.value === unset || named.value === 'default';
}
