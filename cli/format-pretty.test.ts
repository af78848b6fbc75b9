import { expect, test } from 'vitest';
import type { Report } from '../engine/findings/report';
import { painter } from './colour';
import { finding, lineRange, verdict } from './fake';
import { formatPretty } from './format-pretty';

const EMPTY: Report = {
  version: 1,
  findings: [],
  environments: [],
  verdict: null,
  verdicts: [],
  stats: { files: 1, skipped: 0, documents: 1, resources: 1, milliseconds: 84 },
};

function pretty(changes: Partial<Report>, sources: Readonly<Record<string, string>> = {}, columns = 80, colours = false): string {
  return formatPretty({ ...EMPTY, ...changes }, { sources: new Map(Object.entries(sources)), paint: painter(colours), columns });
}

test('a whole report', () => {
  const cart = [
    'apiVersion: apps/v1',
    'kind: Deployment',
    'metadata:',
    '  name: cart',
    '  annotations:',
    '    linkerd.io/inject: enabled',
  ];
  const output = pretty(
    {
      findings: [
        finding({
          rule: 'coexistence/double-injection',
          message: 'Deployment shop/cart gets two proxies; its pods will not start. Remove one label.',
          file: 'apps/cart.yaml',
          range: lineRange(6, 5, 31),
          environments: ['prod', 'staging'],
          related: [{ file: 'ns.yaml', range: lineRange(5, 5, 20), message: 'the namespace asks for Istio' }],
          equivalents: ['IST0123'],
          docs: 'https://example.com/double-injection',
        }),
        finding({ severity: 'info', file: 'gone.yaml', range: lineRange(3, 1, 2), message: 'Not there any more.', docs: '' }),
        finding({ severity: 'warning', file: 'apps/cart.yaml', range: lineRange(4, 3, 13), message: 'Short name.' }),
      ],
      environments: [
        { name: 'prod', kind: 'kustomize', root: 'overlays/prod', files: 41, resources: 96, partial: [], broughtBy: [] },
        { name: 'staging', kind: 'folder', root: '', files: 1, resources: 1, partial: ['a chart is missing'], broughtBy: [] },
      ],
      verdict: verdict({ reasons: ['three services', 'one team', 'a', 'b'].map((text) => ({ text, evidence: [] })) }),
      verdicts: [
        verdict({ environment: 'staging', choice: 'converge', target: 'istio-ambient' }),
        verdict({ environment: 'dev' }),
      ],
      stats: { files: 41, skipped: 3, documents: 120, resources: 96, milliseconds: 1234 },
    },
    { 'apps/cart.yaml': cart.join('\n') },
  );
  expect(output).toMatchInlineSnapshot(`
    "error[coexistence/double-injection] Deployment shop/cart gets two proxies; its pods will not start. Remove one label.
     --> apps/cart.yaml:6:5
      |
    6 |     linkerd.io/inject: enabled
      |     ^~~~~~~~~~~~~~~~~~~~~~~~~~
      = note: ns.yaml:5:5 the namespace asks for Istio
      = in: prod, staging
      = also: IST0123
      = docs: https://example.com/double-injection

    warning[istio/example] Short name.
     --> apps/cart.yaml:4:3
      |
    4 |   name: cart
      |   ^~~~~~~~~~
      = in: prod

    info[istio/example] Not there any more.
     --> gone.yaml:3:1
      = in: prod

    environment prod (kustomize in overlays/prod): 41 files, 96 resources
    environment staging (folder): 1 file, 1 resource; partial: a chart is missing
    verdict for prod (80 % sure): no mesh. Nothing here needs a mesh.
      - three services
      - one team
      - a
      but staging: converge on Istio, ambient mode
    1 error, 1 warning, 1 info in 41 files (1.2 s)
    "
  `);
});

test('nothing found', () => {
  expect(pretty({})).toBe('0 errors, 0 warnings in 1 file (84 ms)\n');
});

test('line ends of Windows, tabs, wide characters', () => {
  const source = 'kind: A\r\nname:\t"漢字 🚀" # x\r\nspec:\r\n  a: b\r\n';
  const findings = [
    finding({ range: lineRange(2, 7, 14), message: 'wide' }),
    finding({ range: { start: { line: 3, column: 1 }, end: { line: 4, column: 7 } }, message: 'several lines' }),
    finding({ range: lineRange(9, 1, 2), message: 'beyond the end' }),
  ];
  expect(pretty({ findings }, { 'a.yaml': source })).toMatchInlineSnapshot(`
    "error[istio/example] wide
     --> a.yaml:2:7
      |
    2 | name:    "漢字 🚀" # x
      |          ^~~~~~~~~

    error[istio/example] several lines
     --> a.yaml:3:1
      |
    3 | spec:
      | ^~~~~

    error[istio/example] beyond the end
     --> a.yaml:9:1

    3 errors, 0 warnings in 1 file (84 ms)
    "
  `);
});

test('nothing that manifests say reaches the terminal as a command', () => {
  const evil = 'a\x1b[2J\x07\x9b1m\u202eb\r\u200bc';
  const range = lineRange(1, 1, 3);
  const output = pretty(
    {
      findings: [
        finding({
          rule: `istio/${evil}`,
          message: `Name ${evil}\nerror: forged`,
          file: `${evil}.yaml`,
          range,
          environments: [evil],
          related: [{ file: evil, range, message: evil }],
          equivalents: [evil],
          docs: `https://example.com/${evil}`,
        }),
      ],
      environments: [evil, 'b'].map((name) => ({
        name,
        kind: 'helm',
        root: evil,
        files: 1,
        resources: 1,
        partial: [evil],
        broughtBy: [],
      })),
      verdict: verdict({ environment: evil, summary: evil, reasons: [{ text: evil, evidence: [] }] }),
      verdicts: [verdict({ environment: evil, choice: 'cilium' })],
    },
    { [`${evil}.yaml`]: `${evil}\n` },
  );
  expect(output.replace(/\n/g, '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  expect(output).toMatchInlineSnapshot(`
    "error[istio/a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c] Name a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c\\nerror: forged
     --> a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c.yaml:1:1
      |
    1 | a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c
      | ^~~~~
      = note: a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c:1:1 a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c
      = in: a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c
      = also: a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c
      = docs: https://example.com/a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c

    environment a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c (helm in a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c): 1 file, 1 resource; partial: a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c
    environment b (helm in a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c): 1 file, 1 resource; partial: a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c
    verdict for a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c (80 % sure): no mesh. a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c
      - a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c
      but a\\x1b[2J\\x07\\x9b1m<U+202E>b\\r<U+200B>c: Cilium
    1 error, 0 warnings in 1 file (84 ms)
    "
  `);
});

test('only a few of many places and environments, and how many more', () => {
  const related = Array.from({ length: 6 }, (_, i) => ({ file: 'b.yaml', range: lineRange(i + 1, 1, 2), message: 'also here' }));
  const environments = Array.from({ length: 12 }, (_, i) => {
    return { name: `e${i}`, kind: 'folder', root: `e${i}`, files: 2, resources: 1, partial: [], broughtBy: [] } as const;
  });
  const output = pretty({ findings: [finding({ related })], environments });
  expect(output.match(/also here/g)).toHaveLength(3);
  expect(output).toContain('= note: and 3 more places\n');
  expect(output.match(/^environment /gm)).toHaveLength(10);
  expect(output).toContain('and 2 more environments\n');
});

test('a wide line fits the terminal, a narrow one is not narrowed to nothing', () => {
  const findings = [finding({ range: lineRange(1, 500, 510) })];
  const widest = (columns: number): number =>
    Math.max(
      ...pretty({ findings }, { 'a.yaml': 'x'.repeat(1000) }, columns)
        .split('\n')
        .filter((line) => /[|]/.test(line))
        .map(({ length }) => length),
    );
  expect(widest(60)).toBe(60);
  expect(widest(0)).toBe(40);
});

test('colours change nothing but colours', () => {
  const report = { findings: [finding({ severity: 'warning', docs: 'https://example.com' })], verdict: verdict({}) };
  const coloured = pretty(report, { 'a.yaml': 'kind: A' }, 80, true);
  expect(coloured).toContain('\x1b[1;33mwarning[istio/example]\x1b[0m');

  expect(coloured.replace(/\x1b\[[\d;]*m/g, '')).toBe(pretty(report, { 'a.yaml': 'kind: A' }));
});

test('where there is nothing to decide, no verdict is named, nor how sure it is', () => {
  const nothing = verdict({
    summary: 'Nothing to decide: no Service is here.',
    facts: { services: 0, workloads: 0 },
    reasons: [],
  });
  expect(pretty({ verdict: nothing })).toContain('verdict for prod: Nothing to decide: no Service is here.\n');
  const shown = pretty({ verdict: verdict({ choice: 'linkerd', summary: 'Linkerd: so.' }), verdicts: [nothing] });
  expect(shown).toContain('verdict for prod (80 % sure): Linkerd: so.\n');
  expect(shown).not.toContain('but ');
});
