import type { CostOption, CostRange, SummaryDecision } from '../../server/protocol';
import type { Links } from './parts';
import { bullets, disclosure, section, table } from './parts';
import { element } from './tree';
import type { TreeElement, TreeNode } from './tree';

/** What each option takes: bars for what differs most, a table of the rest, and the notes that belong to the numbers. */
export function costsSection({ basis, options, requests }: SummaryDecision['costs'], links: Links): TreeElement {
  const notes = options.flatMap(({ name, notes: all }) => all.map((note) => [`${name}: ${note}`]));
  return section('Costs', 'costs', [
    element('p', { key: 'basis' }, basis),
    ...chart('memory', 'Memory of the proxies', options, ({ memory }) => memory),
    ...chart('cpu', 'CPU of the proxies', options, ({ cpu }) => cpu),
    ...(requests.length === 0 ? [] : [element('h3', { key: 'requests' }, 'What proxies request here'), links.claims(requests)]),
    element(
      'details',
      { key: 'other', class: 'group' },
      element('summary', { key: 'summary', id: 'title-other-costs' }, 'Latency, throughput and control plane'),
      table(
        'table',
        'title-other-costs',
        ['Option', 'A hop takes longer by', 'Layer 4 is slower by', 'Control plane'],
        options.map(({ name, latency, slower, controlPlane }) => [
          [name],
          [amount(latency)],
          [amount(slower)],
          [amount(controlPlane)],
        ]),
      ),
    ),
    ...(notes.length === 0 ? [] : [disclosure('notes', 'What else is to be known', notes.length, [bullets(notes)])]),
  ]);
}

/** One bar an option, from its low to its high on a scale that all share. The words beside a bar say the same. */
function chart(
  key: string,
  title: string,
  options: readonly CostOption[],
  pick: (option: CostOption) => CostRange | null,
): TreeElement[] {
  const most = Math.max(0, ...options.map((option) => pick(option)?.high ?? 0));
  const bars = options.map((option) => {
    const range = pick(option);
    const name = option.chosen
      ? [element('strong', {}, option.name), ' ', element('span', { class: 'aside' }, '(verdict)')]
      : [option.name];
    return element(
      'li',
      { class: option.chosen ? 'bar chosen' : 'bar' },
      element('span', { key: 'name', class: 'option' }, ...name),
      ' ',
      element('span', { key: 'amount', class: 'amount' }, amount(range)),
      element('span', { key: 'track', class: 'track', 'aria-hidden': 'true' }, ...fill(range, most)),
    );
  });
  return [
    element('h3', { key: `${key}-title`, id: `title-${key}` }, title),
    element('ul', { key: `${key}-chart`, class: 'chart', 'aria-labelledby': `title-${key}` }, ...bars),
  ];
}

/** The page's policy refuses styles that stand in attributes: the script sets place and length from these numbers, in per cent. */
function fill(range: CostRange | null, most: number): TreeNode[] {
  if (range === null || range.high === 0 || most === 0) return [];
  return [element('span', { 'data-from': percent(range.low / most), 'data-to': percent(range.high / most) })];
}

function percent(part: number): string {
  return String(Math.round(part * 1000) / 10);
}

function amount(range: CostRange | null): string {
  if (range === null) return 'no guide says';
  return range.guides.length === 0 ? range.text : `${range.text} (${range.guides.join(', ')})`;
}
