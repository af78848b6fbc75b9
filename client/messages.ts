/** What the summary view and its page say to each other. Both sides check what arrives. */
import { SEVERITIES } from '../server/protocol';
import type {
  Claim,
  Evidence,
  FindingGroup,
  MeshClaim,
  Position,
  Range,
  Summary,
  SummaryVerdict,
  WorkloadGroup,
  WorkloadReason,
} from '../server/protocol';
import { amount, either, list, nullable, oneOf, shape, text } from './check';
import type { Check } from './check';

const ACTIONS = ['restart', 'output', 'problems', 'configure'] as const;
/** What the page may ask the editor to do; nothing else can be run from it. */
export type Action = (typeof ACTIONS)[number];

export const isAction: Check<Action> = oneOf(...ACTIONS);

export type FromPage =
  | { readonly type: 'ready' }
  | { readonly type: 'open'; readonly uri: string; readonly range: Range }
  | { readonly type: 'environment'; readonly name: string }
  | { readonly type: 'folder'; readonly uri: string }
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
const verdict: Check<SummaryVerdict> = shape<SummaryVerdict>({
  choice: text,
  target: nullable(text),
  sentence: text,
  confidence: amount,
  reasons: claims,
});

export const isSummary: Check<Summary> = shape<Summary>({
  folder: text,
  state: oneOf('indexing', 'empty', 'ready'),
  environment: nullable(text),
  environments: list(text),
  verdict: nullable(verdict),
  meshes: list(mesh),
  membership: list(group),
  mtls: claims,
  findings: list(findings),
  licences: claims,
});

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
  [Of<FromPage, 'ready'>, Of<FromPage, 'open'>, Of<FromPage, 'environment'>, Of<FromPage, 'folder'>, Of<FromPage, 'action'>]
>(
  shape<Of<FromPage, 'ready'>>({ type: oneOf('ready') }),
  shape<Of<FromPage, 'open'>>({ type: oneOf('open'), uri: text, range }),
  shape<Of<FromPage, 'environment'>>({ type: oneOf('environment'), name: text }),
  shape<Of<FromPage, 'folder'>>({ type: oneOf('folder'), uri: text }),
  shape<Of<FromPage, 'action'>>({ type: oneOf('action'), action: isAction }),
);

/** Every place that a summary names: the page may open these and no other file. */
export function placesIn(summary: Summary): readonly Evidence[] {
  const versions = summary.meshes.flatMap(({ version }) => version ?? []);
  const all: readonly Claim[] = [
    ...(summary.verdict?.reasons ?? []),
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
