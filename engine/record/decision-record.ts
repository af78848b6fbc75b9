import type { Decision, Reason } from '../answers/decisions';
import type { Location } from '../findings/report';
import {
  choiceText,
  confidenceText,
  guidesText,
  guideText,
  hasSomethingToDecide,
  memoryText,
  plainText,
  proxiesText,
  requestsText,
} from './words';
import { code, inline, lineLink, table } from './markdown';

const MOST_PLACES = 5;

/**
 * An architecture decision record, in Markdown: what the repository shows, what that comes to, what it costs, what else there is, and what
 * follows; where there is nothing to decide, why that is so. Everything that comes from manifests is escaped. The same decision gives the same text; there is no date in it.
 */
export function formatDecisionMarkdown(decision: Decision<Location>, others: readonly Decision<Location>[]): string {
  const isOpen = hasSomethingToDecide(decision);
  const sections: readonly Section[] = [
    ['Context', bullets(decision.context)],
    ['Verdict', [`**${inline(decision.summary)}**`, ...(isOpen ? surenessLines(decision) : [])]],
    ['Evidence', bullets(decision.reasons)],
    ...(isOpen ? decided(decision) : []),
    ...(others.length === 0 ? [] : [['Other environments', environmentLines(others)] as const]),
    ...(isOpen ? [['Sources', sourceLines(decision)] as const] : []),
  ];
  const body = sections.map(([title, lines]) => `## ${title}\n\n${lines.join('\n')}`);
  return `${[`# Decision: a service mesh for ${code(decision.environment)}?`, 'Status: proposed, from what the repository shows.', ...body].join('\n\n')}\n`;
}

type Section = readonly [title: string, lines: readonly string[]];

/** What others say of it, what would change a decision, what it costs, and what follows. */
function decided(decision: Decision<Location>): Section[] {
  return [
    ['What published guides say', guideLines(decision)],
    ['What would change it', flipLines(decision)],
    ['Costs', costLines(decision)],
    ['Alternatives', alternativeLines(decision)],
    ['Consequences', consequenceLines(decision)],
  ];
}

function surenessLines({ choice, target, confidence, unanswered }: Decision<Location>): string[] {
  const asked = unanswered.map((key) => code(`team.${key}`)).join(', ');
  return [
    '',
    `Choice: ${choiceText(choice, target)}. Confidence: ${confidenceText(confidence)}, from the guides that agree and the questions that are answered.`,
    ...(unanswered.length === 0 ? [] : ['', `Not answered, in ${code('.mesh-lint.yaml')}: ${asked}.`]),
  ];
}

function bullets(reasons: readonly Reason<Location>[]): string[] {
  return reasons.map(({ text, evidence }) => `- ${inline(text)}${places(evidence)}`);
}

/** ` (a.yaml:3, b.yaml:9, and 4 more)`, the places as links. */
function places(evidence: readonly Location[]): string {
  const links = [...new Set(evidence.map(({ file, range }) => lineLink(file, range.start.line)))];
  if (links.length === 0) return '';
  const more = links.length - MOST_PLACES;
  return ` (${[...links.slice(0, MOST_PLACES), ...(more > 0 ? [`and ${more} more`] : [])].join(', ')})`;
}

function guideLines({ guides, uncovered }: Decision<Location>): string[] {
  const rows = guides.map((guide) => {
    const corrected = guide.corrections.map(({ claim, holds }) => ` It rests on "${claim}"; in fact ${holds}.`).join('');
    return [guide.id, guideText(guide), inline(`${guide.reason}${corrected}`)];
  });
  return [...table(['guide', 'verdict', 'why'], rows), ...(uncovered.length === 0 ? [] : ['', ...uncovered.map(inline)])];
}

function flipLines({ flips }: Decision<Location>): string[] {
  if (flips.length === 0) return ['No single fact or answer would.'];
  return table(
    ['when', 'verdict'],
    flips.map(({ when, choice }) => [inline(when), choiceText(choice)]),
  );
}

function costLines({ costs }: Decision<Location>): string[] {
  const rows = costs.options.map((option) => {
    const { name, perPod, latency, slower, installation } = option;
    const proxies = proxiesText(option);
    return [
      name,
      withGuides(proxies.memory, guidesText(perPod.memory)),
      withGuides(proxies.cpu, guidesText(perPod.cpu)),
      withGuides(plainText(latency, 'ms'), guidesText(latency)),
      withGuides(plainText(slower, '%'), guidesText(slower)),
      withGuides(memoryText(installation), guidesText(installation)),
    ];
  });
  const notes = costs.options.flatMap(({ name, notes: all }) => all.map((note) => `- ${name}: ${inline(note)}`));
  const requests = costs.requests.map((request) => `- ${requestsText(request)}${places(request.evidence)}`);
  return [
    inline(costs.pods),
    '',
    ...table(['option', 'memory of proxies', 'CPU of proxies', 'latency of a hop', 'layer 4 slower by', 'control plane'], rows),
    ...(notes.length + requests.length === 0 ? [] : ['', ...notes, ...requests]),
  ];
}

function withGuides(text: string, guides: string): string {
  return guides === '' ? text : `${text} (${guides})`;
}

function alternativeLines({ alternatives }: Decision<Location>): string[] {
  return table(
    ['for', 'state', 'what'],
    alternatives.map(({ purpose, state, text, evidence }) => [purpose, state, `${inline(text)}${places(evidence)}`]),
  );
}

function consequenceLines({ wayIn, losses }: Decision<Location>): string[] {
  const order = wayIn.order.map(
    ({ workload, callers, fromOutside, evidence }, i) =>
      `${i + 1}. ${code(workload)}: ${callers} seen to call it${fromOutside ? ', reached from outside' : ''}${places(evidence.slice(0, 1))}`,
  );
  const lost = losses.flatMap(({ name, losses: all }) => [
    '',
    name === 'No mesh' ? 'Without a mesh, something else has to do:' : `Moving to ${name}, something else has to do:`,
    '',
    ...all.map(({ feature, instead, evidence }) => `- ${inline(feature)}: ${inline(instead)}.${places(evidence)}`),
  ]);
  return [
    `Stage: ${wayIn.stage}. ${inline(wayIn.next)}`,
    ...(wayIn.steps.length === 0 ? [] : ['', ...bullets(wayIn.steps)]),
    ...(order.length === 0 ? [] : ['', 'In this order:', '', ...order]),
    ...lost,
  ];
}

function environmentLines(others: readonly Decision<Location>[]): string[] {
  return table(
    ['environment', 'verdict', 'confidence', 'why'],
    others.map((other) => {
      const said = hasSomethingToDecide(other)
        ? [choiceText(other.choice, other.target), confidenceText(other.confidence)]
        : ['nothing to decide', '–'];
      return [code(other.environment), ...said, inline(other.summary)];
    }),
  );
}

function sourceLines({ sources }: Decision<Location>): string[] {
  return sources.flatMap(({ id, name, date, corrections }) => [
    `- ${id}: ${inline(name)} (${inline(date)})`,
    ...corrections.map(
      ({ claim, holds, source }) => `  - It says that ${inline(claim)}; in fact ${inline(holds)} (${inline(source)}).`,
    ),
  ]);
}
