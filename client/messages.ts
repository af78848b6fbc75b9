/** What the summary view and its page say to each other. Both sides check what arrives. */
import { SEVERITIES, TEAM_QUESTIONS } from '../server/protocol';
import type {
  AnswersEdit,
  Claim,
  CostOption,
  CostRange,
  Evidence,
  FindingGroup,
  GuideOpinion,
  MeshClaim,
  Position,
  Range,
  Summary,
  SummaryAlternative,
  SummaryDecision,
  SummaryLoss,
  TeamAnswers,
  TeamQuestion,
  WorkloadGroup,
  WorkloadReason,
} from '../server/protocol';
import { amount, either, flag, list, nullable, oneOf, shape, text } from './check';
import type { Check } from './check';

const ACTIONS = ['restart', 'output', 'problems', 'configure', 'record'] as const;
/** What the page may ask the editor to do; nothing else can be run from it. */
export type Action = (typeof ACTIONS)[number];

export const isAction: Check<Action> = oneOf(...ACTIONS);

export type FromPage =
  | { readonly type: 'ready' }
  | { readonly type: 'open'; readonly uri: string; readonly range: Range }
  | { readonly type: 'environment'; readonly name: string }
  | { readonly type: 'folder'; readonly uri: string }
  | { readonly type: 'answers'; readonly answers: TeamAnswers }
  | { readonly type: 'action'; readonly action: Action };

export interface FolderChoice {
  readonly uri: string;
  readonly name: string;
}

export type ToPage =
  | { readonly type: 'summary'; readonly summary: Summary; readonly folders: readonly FolderChoice[] }
  /** The server starts, or reads the folder for the first time. */
  | { readonly type: 'indexing' }
  | { readonly type: 'no-folder' }
  /** The server does not run, or cannot say. */
  | { readonly type: 'failed'; readonly message: string };

const position: Check<Position> = shape<Position>({ line: amount, character: amount });
const range: Check<Range> = shape<Range>({ start: position, end: position });
const evidence: Check<Evidence> = shape<Evidence>({ uri: text, label: text, range });
const claim: Check<Claim> = shape<Claim>({ text, evidence: list(evidence) });
const claims = list(claim);
const mesh: Check<MeshClaim> = shape<MeshClaim>({ text, evidence: list(evidence), mesh: text, version: nullable(claim) });
const reason: Check<WorkloadReason> = shape<WorkloadReason>({ reason: nullable(claim), workloads: claims });
const group: Check<WorkloadGroup> = shape<WorkloadGroup>({ standing: text, title: text, count: amount, reasons: list(reason) });
const findings: Check<FindingGroup> = shape<FindingGroup>({ severity: oneOf(...SEVERITIES), count: amount, findings: claims });
const texts = list(text);

const questions = Object.keys(TEAM_QUESTIONS) as TeamQuestion[];
const question: Check<TeamQuestion> = oneOf(...questions);
const opinion: Check<GuideOpinion> = shape<GuideOpinion>({
  id: text,
  name: text,
  verdict: text,
  sentence: text,
  asks: list(question),
  corrections: texts,
});
const cost: Check<CostRange | null> = nullable(shape<CostRange>({ low: amount, high: amount, text, guides: texts }));
const option: Check<CostOption> = shape<CostOption>({
  name: text,
  chosen: flag,
  memory: cost,
  cpu: cost,
  latency: cost,
  slower: cost,
  controlPlane: cost,
  notes: texts,
});
const decision: Check<SummaryDecision> = shape<SummaryDecision>({
  choice: text,
  target: nullable(text),
  sentence: text,
  confidence: nullable(shape<NonNullable<SummaryDecision['confidence']>>({ value: amount, text })),
  context: claims,
  reasons: claims,
  guides: list(opinion),
  uncovered: texts,
  flips: list(shape<SummaryDecision['flips'][number]>({ when: text, verdict: text })),
  costs: shape<SummaryDecision['costs']>({ basis: text, options: list(option), requests: claims }),
  losses: list(
    shape<SummaryDecision['losses'][number]>({
      name: text,
      losses: list(shape<SummaryLoss>({ text, evidence: list(evidence), instead: text })),
    }),
  ),
  alternatives: list(shape<SummaryAlternative>({ text, evidence: list(evidence), purpose: text, state: text })),
  wayIn: shape<SummaryDecision['wayIn']>({ stage: text, next: text, steps: claims, order: claims }),
  unanswered: list(question),
  sources: list(shape<SummaryDecision['sources'][number]>({ id: text, name: text, date: text })),
});

export const isSummary: Check<Summary> = shape<Summary>({
  folder: text,
  state: oneOf('indexing', 'empty', 'ready'),
  environment: nullable(text),
  environments: list(text),
  scope: claims,
  decision: nullable(decision),
  meshes: list(mesh),
  membership: list(group),
  mtls: claims,
  findings: list(findings),
  licences: claims,
});

export const isAnswersEdit: Check<AnswersEdit> = either<
  [Extract<AnswersEdit, { readonly kind: 'edit' }>, Extract<AnswersEdit, { readonly kind: 'refused' }>]
>(
  shape<Extract<AnswersEdit, { readonly kind: 'edit' }>>({
    kind: oneOf('edit'),
    uri: text,
    create: flag,
    version: nullable(amount),
    edits: list(shape<{ readonly range: Range; readonly newText: string }>({ range, newText: text })),
  }),
  shape<Extract<AnswersEdit, { readonly kind: 'refused' }>>({ kind: oneOf('refused'), uri: text, reason: text }),
);

/** What the form of the page sends: whether the answers fit their questions is for the server to say. */
const answers: Check<TeamAnswers> = (value): value is TeamAnswers =>
  typeof value === 'object' &&
  value !== null &&
  Object.entries(value).every(([key, answer]) => question(key) && (flag(answer) || amount(answer)));

type Of<M extends { readonly type: string }, T extends M['type']> = Extract<M, { readonly type: T }>;

export const isToPage: Check<ToPage> = either<
  [Of<ToPage, 'summary'>, Of<ToPage, 'indexing'>, Of<ToPage, 'no-folder'>, Of<ToPage, 'failed'>]
>(
  shape<Of<ToPage, 'summary'>>({
    type: oneOf('summary'),
    summary: isSummary,
    folders: list(shape<FolderChoice>({ uri: text, name: text })),
  }),
  shape<Of<ToPage, 'indexing'>>({ type: oneOf('indexing') }),
  shape<Of<ToPage, 'no-folder'>>({ type: oneOf('no-folder') }),
  shape<Of<ToPage, 'failed'>>({ type: oneOf('failed'), message: text }),
);

export const isFromPage: Check<FromPage> = either<
  [
    Of<FromPage, 'ready'>,
    Of<FromPage, 'open'>,
    Of<FromPage, 'environment'>,
    Of<FromPage, 'folder'>,
    Of<FromPage, 'answers'>,
    Of<FromPage, 'action'>,
  ]
>(
  shape<Of<FromPage, 'ready'>>({ type: oneOf('ready') }),
  shape<Of<FromPage, 'open'>>({ type: oneOf('open'), uri: text, range }),
  shape<Of<FromPage, 'environment'>>({ type: oneOf('environment'), name: text }),
  shape<Of<FromPage, 'folder'>>({ type: oneOf('folder'), uri: text }),
  shape<Of<FromPage, 'answers'>>({ type: oneOf('answers'), answers }),
  shape<Of<FromPage, 'action'>>({ type: oneOf('action'), action: isAction }),
);

/** Every place that a summary names: the page may open these and no other file. */
export function placesIn(summary: Summary): readonly Evidence[] {
  const versions = summary.meshes.flatMap(({ version }) => version ?? []);
  const all: readonly Claim[] = [
    ...(summary.decision === null ? [] : claimsOf(summary.decision)),
    ...summary.scope,
    ...summary.meshes,
    ...versions,
    ...summary.membership.flatMap(({ reasons }) =>
      reasons.flatMap((group) => [...(group.reason === null ? [] : [group.reason]), ...group.workloads]),
    ),
    ...summary.mtls,
    ...summary.findings.flatMap(({ findings: found }) => found),
    ...summary.licences,
  ];
  return all.flatMap(({ evidence: places }) => places);
}

function claimsOf({ context, reasons, costs, losses, alternatives, wayIn }: SummaryDecision): readonly Claim[] {
  const lost = losses.flatMap((option) => option.losses);
  return [...context, ...reasons, ...costs.requests, ...lost, ...alternatives, ...wayIn.steps, ...wayIn.order];
}
