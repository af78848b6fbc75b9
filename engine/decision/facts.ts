import type { TeamFacts } from '../configuration/configuration';

/**
 * What the verdict is made from: facts counted from one environment, and the team's own answers.
 * `E` is a piece of evidence, a place in a file that supports a claim; the verdict hands it on and never looks into it.
 */

/** The reasons to have a mesh. */
export const NEEDS = ['mtls', 'routing', 'authorization', 'observability', 'multicluster', 'extension'] as const;
export type Need = (typeof NEEDS)[number];

/** A feature that not every mesh has, and that therefore decides between them. */
export type AdvancedFeature =
  | 'fault-injection'
  | 'mirroring'
  | 'header-routing'
  | 'claim-routing'
  | 'jwt'
  | 'l7-authorization'
  | 'rate-limiting'
  | 'wasm'
  | 'envoy-filter';

export type MeshName = 'istio-sidecar' | 'istio-ambient' | 'linkerd' | 'cilium';

export interface Counted<E> {
  readonly count: number;
  readonly evidence: readonly E[];
}

export interface Observed<E> {
  readonly holds: boolean;
  readonly evidence: readonly E[];
}

/** Why a need counts; `because` is a clause without a full stop, such as `3 VirtualServices split traffic by weight`. */
export interface Because<E> {
  readonly because: string;
  readonly evidence: readonly E[];
}

export interface MeshPresence<E> {
  readonly mesh: MeshName;
  /**
   * `installed`: its control plane is in the environment. `injected`: workloads or namespaces join it. `configured`: only its resources are.
   * For Cilium, `installed` says that it is the CNI and no more; mutual authentication or ztunnel encryption in use is `configured`.
   */
  readonly how: 'installed' | 'injected' | 'configured';
  readonly evidence: readonly E[];
}

/** Pods as the manifests show them. */
export interface Pods {
  /** Replicas as they are written, within the bounds of autoscalers. */
  readonly count: number;
  /** As few, and as many, as autoscalers make of them. */
  readonly least: number;
  readonly most: number;
  /** Workloads that do not show how many they have: a DaemonSet, a templated value. None of their pods counts. */
  readonly unknown: number;
  /** Workloads with an autoscaler whose upper bound no file shows: `most` may be more. */
  readonly open: number;
}

/** Facts of one environment. Meshes, their add-ons and operators are left out of every count. */
export interface DecisionFacts<E> {
  /** S: distinct sets of workloads that Services select. */
  readonly services: Counted<E>;
  readonly workloads: Counted<E>;
  readonly pods: Pods;
  readonly namespaces: Counted<E>;
  /** T. */
  readonly teams: Counted<E>;
  /** C: clusters of one stage. */
  readonly clusters: Counted<E>;
  /** Over half of the workloads have no Service and name a broker. */
  readonly asynchronous: Observed<E>;
  readonly meshes: readonly MeshPresence<E>[];
  /** Workloads that get two meshes; Istio's sidecar and ambient modes are one mesh. */
  readonly doublyInjected: Counted<E>;
  readonly ciliumIsCni: Observed<E>;
  /** Needs that the repository shows: a mesh feature in use, or an alternative in place. A need with an empty list does not count. */
  readonly needs: ReadonlyMap<Need, readonly Because<E>[]>;
  /** Whether traffic is split by weight: canaries, blue and green, with a mesh or through a controller of their own. */
  readonly splits: Observed<E>;
  /** Advanced features in use. What the team asks for beyond these is in `TeamAnswers.features`. */
  readonly advanced: readonly { readonly feature: AdvancedFeature; readonly evidence: readonly E[] }[];
  /** What is in use and ambient mode lacks, as prose names it (`SPIRE`) or as an advanced feature's id. */
  readonly ambientGaps: readonly { readonly feature: string; readonly evidence: readonly E[] }[];
}

/**
 * What no manifest shows, from the configuration's `team`; an absent key is a question that nobody answered. Of `features`, ids of
 * advanced features count; any other text says nothing to the verdict.
 */
export interface TeamAnswers extends Omit<TeamFacts, 'needs'> {
  readonly needs?: readonly Need[];
}

/** The answers that are asked for; `needs` and `features` are volunteered and not missed. */
export type Question = Exclude<keyof TeamAnswers, 'needs' | 'features'>;
