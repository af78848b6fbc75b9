import { describe, expect, test } from 'vitest';
import { painter } from './colour';
import { cpuText, memoryText, plainText } from '../engine/record/words';
import { decision, lineRange } from './fake';
import { formatDecisionMarkdown } from './format-decision-markdown';
import { formatDecisionPretty } from './format-decision-pretty';

const other = decision({ environment: 'dev', choice: 'converge', target: 'linkerd', summary: 'Converge on Linkerd: two.' });

test('a whole record', () => {
  expect(formatDecisionMarkdown(decision(), [other])).toMatchInlineSnapshot(`
    "# Decision: a service mesh for \`prod\`?

    Status: proposed, from what the repository shows.

    ## Context

    - 3 services. ([\`a.yaml:1\`](a.yaml#L1))

    ## Verdict

    **No mesh: 3 services are under the 10 where one starts to pay.**

    Choice: no mesh. Confidence: 80 %, from the guides that agree and the questions that are answered.

    Not answered, in \`.mesh-lint.yaml\`: \`team.engineers\`.

    ## Evidence

    - 3 services are under 10. ([\`a.yaml:1\`](a.yaml#L1))

    ## What published guides say

    | guide | verdict | why |
    |---|---|---|
    | A | no mesh | It says no. It rests on "it cannot split"; in fact it can. |

    No guide speaks of claim-based routing.

    ## What would change it

    | when | verdict |
    |---|---|
    | at 30 services | Linkerd |

    ## Costs

    Reckoned for 9 pods.

    | option | memory of proxies | CPU of proxies | latency of a hop | layer 4 slower by | control plane |
    |---|---|---|---|---|---|
    | Linkerd | 0.1 to 2.4 GB (B, E) | 0.1 to 2.4 cores (B, E) | – | 100 to 2400 % (B, E) | 0.1 to 2.4 GB (B, E) |

    - Linkerd: A note.
    - Linkerd: the proxies of 2 workloads request 64 MB and 20 to 40 m here; no file shows what the proxies of 1 workload request. ([\`a.yaml:1\`](a.yaml#L1))

    ## Alternatives

    | for | state | what |
    |---|---|---|
    | mtls | idle | cert-manager is here. ([\`a.yaml:1\`](a.yaml#L1)) |

    ## Consequences

    Stage: alternatives. Nothing is to be done.

    - A step. ([\`a.yaml:1\`](a.yaml#L1))

    In this order:

    1. \`Deployment shop/cart\`: 2 seen to call it, reached from outside ([\`a.yaml:1\`](a.yaml#L1))

    Moving to Linkerd, something else has to do:

    - Wasm: the application. ([\`a.yaml:1\`](a.yaml#L1))

    ## Other environments

    | environment | verdict | confidence | why |
    |---|---|---|---|
    | \`dev\` | converge on Linkerd | 80 % | Converge on Linkerd: two. |

    ## Sources

    - A: A guide (2024)
    "
  `);
});

test('a whole decision in a terminal', () => {
  expect(formatDecisionPretty(decision(), [other], painter(false))).toMatchInlineSnapshot(`
    "No mesh: 3 services are under the 10 where one starts to pay.
    prod: no mesh, 80 % sure

    because
      3 services are under 10. (a.yaml:1)

    guides
      A no mesh  It says no.
      No guide speaks of claim-based routing.

    what would change it
      Linkerd  at 30 services

    costs of the proxies
      Reckoned for 9 pods.
      Linkerd  0.1 to 2.4 GB memory, 0.1 to 2.4 cores CPU
      Linkerd: the proxies of 2 workloads request 64 MB and 20 to 40 m here; no file shows what the proxies of 1 workload request.

    what a move would lose
      Linkerd: Wasm; instead the application

    next: alternatives
      Nothing is to be done.
      A step. (a.yaml:1)
      1. Deployment shop/cart (2 seen to call it)

    not answered (team in .mesh-lint.yaml)
      engineers

    other environments
      dev: converge on Linkerd, 80 % sure
    "
  `);
});

describe('where there is nothing to decide', () => {
  const nothing = decision({
    environment: 'platform',
    confidence: 0.5,
    summary: 'Nothing to decide: this installs Istio, and holds no Service of yours.',
    facts: { services: 0, workloads: 0 },
    context: [{ text: '0 services.', evidence: [] }],
    reasons: [{ text: 'Istio is installed here.', evidence: [{ file: 'i.yaml', range: lineRange(4, 1, 2) }] }],
  });

  test('a terminal shows why, and no verdict, nor how sure that would be', () => {
    expect(formatDecisionPretty(nothing, [other], painter(false))).toBe(
      [
        'Nothing to decide: this installs Istio, and holds no Service of yours.',
        'platform',
        '',
        'because',
        '  Istio is installed here. (i.yaml:4)',
        '',
        'other environments',
        '  dev: converge on Linkerd, 80 % sure',
        '',
      ].join('\n'),
    );
    expect(formatDecisionPretty(decision(), [nothing], painter(false))).toContain('\n  platform: nothing to decide\n');
  });

  test('a record says why, without a choice, a confidence or what would follow', () => {
    const record = formatDecisionMarkdown(nothing, [decision()]);
    expect(record.match(/^## .*$/gm)).toEqual(['## Context', '## Verdict', '## Evidence', '## Other environments']);
    expect(record).toContain('**Nothing to decide: this installs Istio, and holds no Service of yours.**\n\n## Evidence');
    expect(formatDecisionMarkdown(decision(), [nothing])).toContain(
      '| `platform` | nothing to decide | – | Nothing to decide: this installs Istio, and holds no Service of yours. |',
    );
  });

  test('two meshes, or workloads, are something to decide on all the same', () => {
    const facts = { services: 0, workloads: 0 };
    const converge = decision({ choice: 'converge', target: 'linkerd', facts });
    expect(formatDecisionPretty(converge, [], painter(false))).toContain('prod: converge on Linkerd, 80 % sure');
    const workloads = decision({ facts: { services: 0, workloads: 2 } });
    expect(formatDecisionMarkdown(workloads, [])).toContain('Confidence: 80 %');
  });
});

test('what there is nothing of is left out, or said', () => {
  const bare = decision({
    unanswered: [],
    uncovered: [],
    flips: [],
    losses: [],
    costs: { pods: 'How many pods run, none of 3 workloads shows.', options: [], requests: [] },
    wayIn: { stage: 'settled', next: 'All is in.', steps: [], order: [] },
  });
  const markdown = formatDecisionMarkdown(bare, []);
  expect(markdown).toContain('No single fact or answer would.');
  for (const absent of ['Not answered', 'Other environments', 'In this order', 'Without a mesh'])
    expect(markdown).not.toContain(absent);
  const pretty = formatDecisionPretty(bare, [], painter(false));
  for (const absent of ['not answered', 'other environments', 'what would change', 'what a move'])
    expect(pretty).not.toContain(absent);
});

test('a terminal shows the first of many, and how many more', () => {
  const many = decision({ flips: Array.from({ length: 9 }, (_, i) => ({ when: `at ${i} services`, choice: 'linkerd' })) });
  const pretty = formatDecisionPretty(
    many,
    Array.from({ length: 12 }, () => other),
    painter(false),
  );
  expect(pretty.match(/at \d services/g)).toHaveLength(6);
  expect(pretty).toContain('\n  and 3 more\n');
  expect(pretty.match(/dev: converge/g)).toHaveLength(10);
  expect(pretty).toContain('\n  and 2 more\n');
});

test('places are links, each once, and of many the first ones', () => {
  const evidence = [1, 1, 2, 3, 4, 5, 6, 7].map((line) => ({ file: 'a.yaml', range: lineRange(line, 1, 2) }));
  const markdown = formatDecisionMarkdown(decision({ reasons: [{ text: 'Many.', evidence }] }), []);
  expect(markdown).toContain('- Many. ([`a.yaml:1`](a.yaml#L1), [`a.yaml:2`](a.yaml#L2),');
  expect(markdown).toContain('[`a.yaml:5`](a.yaml#L5), and 2 more)');
});

describe('nothing that manifests say', () => {
  const evil = '\x1b[2J\u202e<script>|[x](javascript:y)`\n# z';
  const place = { file: evil, range: lineRange(1, 1, 2) };
  const hostile = decision({
    environment: evil,
    summary: evil,
    reasons: [{ text: evil, evidence: [place] }],
    wayIn: {
      stage: 'rollout',
      next: evil,
      steps: [],
      order: [{ workload: evil, callers: 1, fromOutside: false, evidence: [place] }],
    },
  });

  test('reaches the terminal as a command', () => {
    const output = formatDecisionPretty(hostile, [hostile], painter(false));
    expect(output.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  test('becomes HTML, a link, a heading or a cell of its own', () => {
    const output = formatDecisionMarkdown(hostile, [hostile]);
    expect(output.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(output).not.toMatch(/^# z/m);
    const outsideCode = output.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
    expect(outsideCode).not.toContain('<script>');
    expect(outsideCode).not.toMatch(/(?<!\\)\]\(javascript/);
  });
});

test.each([
  [{ low: 0, high: 0 }, '0 MB', '0 m', '0 ms'],
  [{ low: 120, high: 240 }, '120 to 240 MB', '120 to 240 m', '120 to 240 ms'],
  [{ low: 120, high: 2400 }, '0.1 to 2.4 GB', '0.1 to 2.4 cores', '120 to 2400 ms'],
  [{ low: 0.25, high: 0.26 }, '0.3 MB', '0.3 m', '0.3 ms'],
  [null, '–', '–', '–'],
])('%j', (cost, memory, cpu, plain) => {
  expect([memoryText(cost), cpuText(cost), plainText(cost, 'ms')]).toEqual([memory, cpu, plain]);
});
