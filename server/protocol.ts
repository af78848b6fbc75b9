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

/** A place that supports a claim, to be opened on a click. Lines and characters count from 0, in UTF-16 code units. */
export interface Evidence {
  readonly uri: string;
  readonly label: string;
  readonly range: {
    readonly start: { readonly line: number; readonly character: number };
    readonly end: { readonly line: number; readonly character: number };
  };
}

export interface Claim {
  readonly text: string;
  readonly evidence: readonly Evidence[];
}

export interface WorkloadGroup {
  /** What the workloads have in common, such as `Istio sidecar` or `no mesh`. */
  readonly title: string;
  readonly count: number;
  readonly workloads: readonly Claim[];
}

/** What the sidebar shows. Texts may hold text of manifests: they are never HTML. */
export interface Summary {
  readonly folder: string;
  /** `indexing`: the folder is still being read; the rest is what is known so far. */
  readonly state: 'indexing' | 'empty' | 'ready';
  readonly environment: string | null;
  readonly environments: readonly string[];
  readonly verdict: {
    readonly choice: string;
    readonly target: string | null;
    readonly sentence: string;
    readonly confidence: number;
    readonly reasons: readonly Claim[];
  } | null;
  readonly meshes: readonly (Claim & { readonly version: string | null })[];
  readonly membership: readonly WorkloadGroup[];
  readonly mtls: readonly Claim[];
  readonly findings: { readonly error: number; readonly warning: number; readonly info: number; readonly hint: number };
  readonly licences: readonly Claim[];
}
