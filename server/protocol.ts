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

/**
 * Request: the edit that writes answers about the team into a folder's configuration. Nothing is changed: the client applies it, and the
 * person sees and saves it. Parameters: `AnswersParams`; result: `AnswersEdit`, or null for a folder that is not here.
 */
export const ANSWERS_REQUEST = 'meshLint/answers';

export interface AnswersParams {
  readonly folder: string;
  readonly answers: TeamAnswers;
}

/** An edit of one file, or why there is none. */
export type AnswersEdit =
  | {
      readonly kind: 'edit';
      readonly uri: string;
      /** Whether the file is to be made first. */
      readonly create: boolean;
      /** The version of the open document that the ranges are of; null where it is not open. */
      readonly version: number | null;
      /** From top to bottom. */
      readonly edits: readonly { readonly range: Range; readonly newText: string }[];
    }
  | { readonly kind: 'refused'; readonly uri: string; readonly reason: string };

/** Request: the decision record of a folder in Markdown. Parameters: `RecordParams`; result: a text, or null where nothing is to be decided. */
export const RECORD_REQUEST = 'meshLint/decisionRecord';

export interface RecordParams {
  /** The workspace folder; the first one when absent. */
  readonly folder?: string;
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

/** What one published guide says of the environment, by itself. */
export interface GuideOpinion {
  /** The letter that reasons and costs name it by. */
  readonly id: string;
  /** Author and title. */
  readonly name: string;
  /** Its verdict in words: `Linkerd`, `no verdict`, `cannot tell`. */
  readonly verdict: string;
  /** Why, or what it would have to be told. */
  readonly sentence: string;
  /** The questions that it hangs on; empty when it has said what it has to say. */
  readonly asks: readonly TeamQuestion[];
  /** What of it does not hold, a sentence each. */
  readonly corrections: readonly string[];
}

/** From one number to another, and the same in words with its unit; `guides` are those that say so. */
export interface CostRange {
  readonly low: number;
  readonly high: number;
  readonly text: string;
  readonly guides: readonly string[];
}

/** What one option takes; null where no guide says. */
export interface CostOption {
  readonly name: string;
  /** Whether the verdict leads there. */
  readonly chosen: boolean;
  /** MB. */
  readonly memory: CostRange | null;
  /** Thousandths of a core. */
  readonly cpu: CostRange | null;
  readonly latency: CostRange | null;
  /** By how much layer 4 traffic is slower. */
  readonly slower: CostRange | null;
  readonly controlPlane: CostRange | null;
  readonly notes: readonly string[];
}

/** Something that is in use, and what would come nearest to it after a move. */
export interface SummaryLoss extends Claim {
  readonly instead: string;
}

export interface SummaryAlternative extends Claim {
  /** What it is for. */
  readonly purpose: string;
  readonly state: string;
}

/** The questions about the team, and what an answer is: a whole number from 0, or yes and no. */
export const TEAM_QUESTIONS = {
  engineers: 'number',
  platformTeam: 'yes-no',
  envoyExpertise: 'yes-no',
  mtlsMandated: 'yes-no',
  multicluster: 'yes-no',
  servicesInAYear: 'number',
  libraryResilience: 'yes-no',
  startingFresh: 'yes-no',
} as const;
export type TeamQuestion = keyof typeof TEAM_QUESTIONS;

/** Answers to some of the questions. */
export type TeamAnswers = Readonly<Partial<Record<TeamQuestion, number | boolean>>>;

/** The verdict on an environment, and everything that it rests on and that follows. */
export interface SummaryDecision {
  readonly choice: string;
  readonly target: string | null;
  /** Verdict and reason. */
  readonly sentence: string;
  /** 0 to 1, and in words with what makes it so; null where there is nothing to decide. */
  readonly confidence: { readonly value: number; readonly text: string } | null;
  /** What was counted. */
  readonly context: readonly Claim[];
  readonly reasons: readonly Claim[];
  readonly guides: readonly GuideOpinion[];
  /** What no guide speaks of, a sentence each. */
  readonly uncovered: readonly string[];
  /** What would change the verdict, the nearest first, and what it would then be. */
  readonly flips: readonly { readonly when: string; readonly verdict: string }[];
  readonly costs: {
    /** What they are reckoned for. */
    readonly basis: string;
    readonly options: readonly CostOption[];
    /** What the proxies here request by themselves. */
    readonly requests: readonly Claim[];
  };
  /** What each option would not do that is in use here. */
  readonly losses: readonly { readonly name: string; readonly losses: readonly SummaryLoss[] }[];
  readonly alternatives: readonly SummaryAlternative[];
  readonly wayIn: {
    readonly stage: string;
    readonly next: string;
    readonly steps: readonly Claim[];
    /** Workloads to take into the mesh, the first one first. */
    readonly order: readonly Claim[];
  };
  readonly unanswered: readonly TeamQuestion[];
  readonly sources: readonly { readonly id: string; readonly name: string; readonly date: string }[];
}

/** What the sidebar shows. Texts may hold text of manifests: they are never HTML. */
export interface Summary {
  readonly folder: string;
  /** `indexing`: the folder is still being read, and nothing else is filled in. `empty`: it was read, and holds no Kubernetes resources. */
  readonly state: 'indexing' | 'empty' | 'ready';
  /** The environment that is shown; null when there is none. */
  readonly environment: string | null;
  readonly environments: readonly string[];
  /** What it is made of, who brings it, and why it is not known in full. */
  readonly scope: readonly Claim[];
  readonly decision: SummaryDecision | null;
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
