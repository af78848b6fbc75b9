/** The stable shape of `--format json` (ARCHITECTURE.md, "Contracts"): plain data, paths relative to the repository root with `/`. */

export type Severity = 'error' | 'warning' | 'info' | 'hint';

/** Line and column count from 1; a column counts UTF-16 code units; the end is exclusive. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export interface TextRange {
  readonly start: Position;
  readonly end: Position;
}

/** A place in a file that supports a claim. */
export interface Location {
  readonly file: string;
  readonly range: TextRange;
}

export interface ReportedResource {
  readonly apiVersion: string;
  readonly kind: string;
  /** Null for cluster-scoped kinds; `default` where no file sets one. */
  readonly namespace: string | null;
  readonly name: string;
}

export interface ReportedFinding extends Location {
  readonly rule: string;
  readonly severity: Severity;
  readonly message: string;
  /** Null for a file that is no resource. */
  readonly resource: ReportedResource | null;
  readonly environments: readonly string[];
  readonly effective: readonly { readonly environment: string; readonly namespace: string | null }[];
  readonly equivalents: readonly string[];
  readonly related: readonly (Location & { readonly message: string })[];
  readonly fixable: boolean;
  readonly docs: string;
}

/** An object that Argo CD or Flux reads, and the file that it stands in. */
export interface ReportedDeployer extends ReportedResource {
  readonly file: string;
}

export interface ReportedEnvironment {
  readonly name: string;
  readonly kind: 'configured' | 'argo-cd' | 'flux' | 'kustomize' | 'helm' | 'folder';
  readonly root: string;
  readonly files: number;
  readonly resources: number;
  /** What could not be read or built, so that nothing is concluded from its absence; empty when whole. */
  readonly partial: readonly string[];
  /** The Applications, Kustomizations and HelmReleases that bring it; empty where none does. */
  readonly broughtBy: readonly ReportedDeployer[];
}

export type Choice = 'none' | 'linkerd' | 'istio-ambient' | 'istio-sidecar' | 'cilium' | 'converge';

export interface ReportedVerdict {
  readonly environment: string;
  readonly choice: Choice;
  /** Where to converge when `choice` is `converge`; else null. */
  readonly target: Exclude<Choice, 'converge'> | null;
  /** 0 to 1. */
  readonly confidence: number;
  readonly summary: string;
  readonly reasons: readonly { readonly text: string; readonly evidence: readonly Location[] }[];
  readonly flips: readonly { readonly when: string; readonly choice: Choice }[];
  readonly guides: readonly { readonly id: string; readonly choice: Choice | null; readonly reason: string }[];
  readonly facts: Readonly<Record<string, unknown>>;
  readonly unanswered: readonly string[];
}

export interface ReportStats {
  readonly files: number;
  readonly skipped: number;
  readonly documents: number;
  readonly resources: number;
  readonly milliseconds: number;
}

export interface Report {
  readonly version: 1;
  readonly findings: readonly ReportedFinding[];
  readonly environments: readonly ReportedEnvironment[];
  /** The repository's verdict: that of its leading environment; null when no environment holds a resource. */
  readonly verdict: ReportedVerdict | null;
  /** Those of the other environments. */
  readonly verdicts: readonly ReportedVerdict[];
  readonly stats: ReportStats;
}
