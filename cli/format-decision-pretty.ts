import type { Decision, Reason } from '../engine/answers/decisions';
import type { Location } from '../engine/findings/report';
import { visible } from '../engine/visible';
import type { Paint } from './colour';
import {
  choiceText,
  guideText,
  hasSomethingToDecide,
  placeText,
  proxiesText,
  requestsText,
  verdictText,
} from '../engine/record/words';

const MOST_PLACES = 2;
const MOST_FLIPS = 6;
const MOST_IN_ORDER = 5;
const MOST_ENVIRONMENTS = 10;

/**
 * The decision for a terminal: verdict first, then what it rests on and what follows; why there is nothing to decide, and no more. Whatever
 * comes from manifests is made visible.
 */
export function formatDecisionPretty(decision: Decision<Location>, others: readonly Decision<Location>[], paint: Paint): string {
  const { environment, summary, reasons } = decision;
  const isOpen = hasSomethingToDecide(decision);
  const blocks: readonly Block[] = [
    ['because', reasons.map(claim)],
    ...(isOpen ? decided(decision) : []),
    [
      'other environments',
      [
        ...others.slice(0, MOST_ENVIRONMENTS).map((other) => `${other.environment}: ${verdictText(other)}`),
        ...(others.length > MOST_ENVIRONMENTS ? [`and ${others.length - MOST_ENVIRONMENTS} more`] : []),
      ],
    ],
  ];
  const about = isOpen ? `${visible(environment)}: ${verdictText(decision)}` : visible(environment);
  const shown = blocks.filter(([, lines]) => lines.length > 0);
  const body = shown.map(([title, lines]) => `${paint('bold', title)}\n${lines.map((line) => `  ${visible(line)}`).join('\n')}`);
  return `${[`${paint('bold', visible(summary))}\n${about}`, ...body].join('\n\n')}\n`;
}

type Block = readonly [title: string, lines: readonly string[]];

/** What would change a decision, what it costs, and what follows. */
function decided({ guides, uncovered, flips, costs, losses, wayIn, unanswered }: Decision<Location>): Block[] {
  return [
    ['guides', [...aligned(guides.map((guide) => [`${guide.id} ${guideText(guide)}`, guide.reason])), ...uncovered]],
    [
      'what would change it',
      [
        ...aligned(flips.slice(0, MOST_FLIPS).map(({ when, choice: other }) => [choiceText(other), when])),
        ...(flips.length > MOST_FLIPS ? [`and ${flips.length - MOST_FLIPS} more`] : []),
      ],
    ],
    [
      'costs of the proxies',
      [
        costs.pods,
        ...aligned(
          costs.options.map((option) => {
            const { memory, cpu } = proxiesText(option);
            return [option.name, `${memory} memory, ${cpu} CPU`];
          }),
        ),
        ...costs.requests.map(requestsText),
      ],
    ],
    [
      'what a move would lose',
      losses.flatMap(({ name, losses: all }) => all.map(({ feature, instead }) => `${name}: ${feature}; instead ${instead}`)),
    ],
    [
      `next: ${wayIn.stage}`,
      [
        wayIn.next,
        ...wayIn.steps.map(claim),
        ...wayIn.order
          .slice(0, MOST_IN_ORDER)
          .map(({ workload, callers }, i) => `${i + 1}. ${workload} (${callers} seen to call it)`),
      ],
    ],
    ['not answered (team in .mesh-lint.yaml)', unanswered.length === 0 ? [] : [unanswered.join(', ')]],
  ];
}

function claim({ text, evidence }: Reason<Location>): string {
  const all = [...new Set(evidence.map(placeText))];
  const more = all.length > MOST_PLACES ? ', …' : '';
  return all.length === 0 ? text : `${text} (${all.slice(0, MOST_PLACES).join(', ')}${more})`;
}

/** Two columns; the first ones are our own words, which take a column a character. */
function aligned(rows: readonly (readonly [left: string, right: string])[]): string[] {
  const width = Math.max(0, ...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `${left.padEnd(width)}  ${right}`);
}
