/**
 * What client and server say to each other beyond the language server protocol. Method names and plain parameter types only: both bundles
 * read this file, and neither may pull the other's libraries in through it.
 */

/** Request: the summary of one workspace folder. Parameters: `SummaryParams`; result: `Summary`, or null for a folder that is not here. */
export const SUMMARY_REQUEST = 'meshLint/summary';

/** Notification from the server: a folder's summary is no longer what was last asked for. Parameters: `SummaryChangedParams`. */
export const SUMMARY_CHANGED = 'meshLint/summaryChanged';

export interface SummaryParams {
  /** The workspace folder; the first one when absent. */
  readonly folder?: string;
  /** The environment to show; that of the repository's verdict when absent. */
  readonly environment?: string;
}

export interface SummaryChangedParams {
  readonly folder: string;
}

export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

/** A place that supports a claim, to be opened on a click. Lines and characters count from 0, in UTF-16 code units. */
export interface Evidence {
  readonly uri: string;
  /** `overlays/prod/namespace.yaml:6`, the line counting from 1 as editors show it. */
  readonly label: string;
  readonly range: Range;
}

/** A statement with what supports it, the most telling place first. */
export interface Claim {
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

/** A mesh that the environment shows. */
export interface MeshClaim extends Claim {
  readonly mesh: string;
  /** Null where no file names a version. */
  readonly version: Claim | null;
}

export interface WorkloadGroup {
  /** How the workloads stand to the meshes: `two-meshes`, `istio-sidecar`, `istio-ambient`, `linkerd`, `none` or `unknown`. */
  readonly standing: string;
  /** The same in words. */
  readonly title: string;
  /** How many there are; `reasons` may name only the first of them. */
  readonly count: number;
  readonly reasons: readonly WorkloadReason[];
}

/** Workloads with what they have in common. */
export interface WorkloadReason {
  /** Null where each says its own reason, if it has one. */
  readonly reason: Claim | null;
  readonly workloads: readonly Claim[];
}

/** From the gravest. */
export const SEVERITIES = ['error', 'warning', 'info', 'hint'] as const;
export type FindingSeverity = (typeof SEVERITIES)[number];

export interface FindingGroup {
  readonly severity: FindingSeverity;
  /** How many there are; `findings` may show only the first of them. */
  readonly count: number;
  readonly findings: readonly Claim[];
}

export interface SummaryVerdict {
  readonly choice: string;
  readonly target: string | null;
  readonly sentence: string;
  /** 0 to 1. */
  readonly confidence: number;
  readonly reasons: readonly Claim[];
}

/** What the sidebar shows. Texts may hold text of manifests: they are never HTML. */
export interface Summary {
  readonly folder: string;
  /** `indexing`: the folder is still being read, and nothing else is filled in. `empty`: it was read, and holds no Kubernetes resources. */
  readonly state: 'indexing' | 'empty' | 'ready';
  /** The environment that is shown; null when there is none. */
  readonly environment: string | null;
  readonly environments: readonly string[];
  readonly verdict: SummaryVerdict | null;
  readonly meshes: readonly MeshClaim[];
  readonly membership: readonly WorkloadGroup[];
  readonly mtls: readonly Claim[];
  readonly findings: readonly FindingGroup[];
  readonly licences: readonly Claim[];
}

/**
 * The documents that the server is for, by language and by name, in the shape of a document selector; one list for server and client. By name
 * as well, since an editor may call a manifest by a language of its own, or none.
 */

/** Files whose text the server reads. Groups are not nested: not every client can read that. */
export const MANIFEST_PATTERN = '**/{*.yaml,*.yml,*.json,Kustomization,CODEOWNERS}';

export const DOCUMENTS = [
  { scheme: 'file', language: 'yaml' },
  { scheme: 'file', language: 'json' },
  { scheme: 'file', language: 'helm' },
  { scheme: 'file', pattern: MANIFEST_PATTERN },
] as const;
