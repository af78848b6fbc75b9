import type { Claim, GuideOpinion, SummaryDecision } from '../../server/protocol';
import { costsSection } from './costs';
import type { Links } from './parts';
import { actionButton, bullets, disclosure, nothing, section, table } from './parts';
import { questionsSection, WORDS } from './questions';
import { element } from './tree';
import type { TreeElement, TreeNode } from './tree';

/** Of what may be long, so many are shown at once. */
const SHOWN = 5;

/** Verdict and reason, then how sure that is. Nothing comes before it. */
export function verdictSection({ sentence, confidence }: SummaryDecision): TreeElement {
  return element(
    'section',
    { key: 'verdict', class: 'verdict', 'aria-label': 'Verdict' },
    element('p', { key: 'sentence' }, element('strong', {}, sentence)),
    ...(confidence === null ? [] : [element('p', { key: 'confidence', class: 'aside' }, confidence.text)]),
  );
}

/**
 * What follows from the verdict first, since a narrow sidebar shows little at once; then what it rests on and what would change it. Of nothing
 * to decide, why that is so.
 */
export function decisionSections(decision: SummaryDecision, links: Links): TreeElement[] {
  const { confidence, guides, uncovered, costs, flips, wayIn, unanswered } = decision;
  if (confidence === null) return [evidenceSection(decision, links)];
  return [
    nextSection(wayIn, links),
    evidenceSection(decision, links),
    section('Five published guides', 'guides', [
      table('table', 'title-guides', ['Guide', 'Says', 'Why'], guides.map(guideRow)),
      ...(uncovered.length === 0 ? [] : [bullets(uncovered.map((text) => [text]))]),
    ]),
    section('What would change it', 'flips', flipLists(flips)),
    costsSection(costs, links),
    questionsSection(unanswered),
    ...lossesSection(decision, links),
    alternativesSection(decision, links),
    sourcesSection(decision),
  ];
}

function evidenceSection({ reasons, context }: SummaryDecision, links: Links): TreeElement {
  return section('Evidence', 'evidence', [
    reasons.length === 0 ? nothing('None.') : links.claims(reasons, 'reasons'),
    disclosure('counted', 'What was counted', context.length, [links.claims(context)]),
  ]);
}

function guideRow({ id, name, verdict, sentence, asks, corrections }: GuideOpinion): [TreeNode[], TreeNode[], TreeNode[]] {
  return [
    [element('span', { key: 'id', class: 'letter' }, id), ' ', element('span', { key: 'name', class: 'aside' }, name)],
    [element('strong', {}, verdict)],
    [
      element('span', { key: 'why' }, sentence),
      ...asks.map((question) =>
        element(
          'p',
          { key: question },
          element('button', { type: 'button', class: 'link ask', 'data-ask': question }, WORDS[question]),
        ),
      ),
      ...corrections.map((text) => element('p', { class: 'aside' }, text)),
    ],
  ];
}

function flipLists(flips: SummaryDecision['flips']): TreeElement[] {
  if (flips.length === 0) return [nothing('No single fact or answer would.')];
  const lines = flips.map(({ when, verdict }) => [`${capital(when)}: `, element('strong', {}, verdict)]);
  const rest = lines.slice(SHOWN);
  return [
    bullets(lines.slice(0, SHOWN)),
    ...(rest.length === 0 ? [] : [disclosure('others', 'Farther away', rest.length, [bullets(rest)])]),
  ];
}

function nextSection({ stage, next, steps, order }: SummaryDecision['wayIn'], links: Links): TreeElement {
  const listed = bullets(
    order.map((claim) => links.claim(claim)),
    'list',
    'ol',
  );
  return section('Next step', 'next', [
    element('p', { key: 'stage' }, element('strong', {}, `${capital(stage)}.`), ' ', next),
    ...(steps.length === 0 ? [] : [links.claims(steps, 'steps')]),
    ...(order.length === 0 ? [] : [disclosure('order', 'Workloads in order', order.length, [listed])]),
  ]);
}

function lossesSection({ losses }: SummaryDecision, links: Links): TreeElement[] {
  if (losses.length === 0) return [];
  const groups = losses.map(({ name, losses: lost }, i) =>
    disclosure(`loss-${i}`, name, lost.length, [
      bullets(lost.map((loss) => [...links.claim(loss), element('p', { class: 'aside' }, `Instead: ${loss.instead}.`)])),
    ]),
  );
  return [section('What a move would lose', 'losses', groups)];
}

function alternativesSection({ alternatives }: SummaryDecision, links: Links): TreeElement {
  const row = ({ purpose, state, ...claim }: Claim & { purpose: string; state: string }): TreeNode[] => [
    element('strong', {}, purpose),
    ' ',
    element('span', { class: 'aside' }, `(${state})`),
    ' ',
    ...links.claim(claim),
  ];
  const here = alternatives.filter(({ state }) => state !== 'absent');
  const absent = alternatives.filter(({ state }) => state === 'absent');
  return section('Instead of a mesh', 'alternatives', [
    here.length === 0 ? nothing('Nothing that these files show.') : bullets(here.map(row)),
    ...(absent.length === 0 ? [] : [disclosure('absent', 'Not here', absent.length, [bullets(absent.map(row))])]),
  ]);
}

function sourcesSection({ sources }: SummaryDecision): TreeElement {
  return section('Sources', 'sources', [
    disclosure('all', 'Guides', sources.length, [bullets(sources.map(({ id, name, date }) => [`${id}: ${name} (${date})`]))]),
    actionButton('record'),
  ]);
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
