import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isAlias, isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { ParsedNode } from 'yaml';
import { hasTemplateAction, maskTemplate } from './template';
import type { MaskedTemplate, TemplateHole } from './template';

const FIXTURES = join(import.meta.dirname, 'fixtures', 'templates');

/**
 * What a reader may rely on in each fixture, written from its text: values on lines without an action whose parents and they themselves
 * stand outside every region. One list a document that holds anything; list items are counted as if the hidden ones were not there.
 */
const KNOWN: Readonly<Record<string, readonly (readonly string[])[]>> = {
  '01-deployment-with-helpers': [
    [
      'apiVersion=apps/v1',
      'kind=Deployment',
      'metadata.labels.tier=backend',
      'spec.template.metadata.labels.version=v3',
      'spec.template.spec.serviceAccountName=orders',
      'spec.template.spec.containers.0.name=orders',
      'spec.template.spec.containers.0.ports.0.name=http-web',
      'spec.template.spec.containers.0.ports.0.containerPort=8080',
      'spec.template.spec.containers.0.ports.1.name=metrics',
    ],
  ],
  '02-conditional-annotations': [
    [
      'apiVersion=v1',
      'kind=Service',
      'metadata.name=ledger',
      'metadata.annotations.owner=payments',
      'spec.type=LoadBalancer',
      'spec.ports.0.port=443',
      'spec.ports.0.targetPort=https',
    ],
  ],
  '03-env-from-range': [
    [
      'apiVersion=batch/v1',
      'kind=Job',
      'metadata.name=reindex',
      'spec.template.spec.restartPolicy=Never',
      'spec.template.spec.containers.0.name=reindex',
      'spec.template.spec.containers.0.image=registry.example.com/search/reindex:1.9.2',
      'spec.template.spec.containers.0.env.0.name=MODE',
      'spec.template.spec.containers.0.env.0.value=full',
      'spec.template.spec.containers.0.env.1.name=BATCH',
      'spec.template.spec.containers.0.env.1.value=500',
      'spec.template.spec.containers.0.args.0=--verbose',
    ],
  ],
  '04-whole-document-in-if': [],
  '05-region-across-documents': [
    ['apiVersion=v1', 'kind=ServiceAccount', 'metadata.name=courier'],
    ['apiVersion=v1', 'kind=ConfigMap', 'metadata.name=courier-settings', 'data.retries=3'],
  ],
  '06-defines-above-document': [
    ['apiVersion=v1', 'kind=Service', 'spec.clusterIP=None', 'spec.ports.0.name=status', 'spec.ports.0.port=15021'],
  ],
  '07-comments': [['apiVersion=v1', 'kind=Secret', 'type=Opaque', 'metadata.name=tokens', 'stringData.mode=strict']],
  '08-strings-with-delimiters': [
    ['apiVersion=v1', 'kind=ConfigMap', 'metadata.name=dashboards', 'metadata.labels.plain=fine', 'data.unit=seconds'],
  ],
  '09-multi-line-actions': [
    [
      'apiVersion=apps/v1',
      'kind=StatefulSet',
      'metadata.labels.app=vault',
      'spec.replicas=3',
      'spec.podManagementPolicy=Parallel',
    ],
  ],
  '10-hook-job': [
    [
      'apiVersion=batch/v1',
      'kind=Job',
      'metadata.annotations.helm.sh/hook=pre-install,pre-upgrade',
      'metadata.annotations.helm.sh/hook-weight=-5',
      'spec.template.metadata.annotations.sidecar.istio.io/inject=false',
      'spec.template.spec.restartPolicy=OnFailure',
    ],
  ],
  '11-range-of-documents': [
    ['apiVersion=v1', 'kind=Namespace', 'metadata.name=shared', 'metadata.labels.istio.io/dataplane-mode=ambient'],
  ],
  '12-conditional-parent': [
    [
      'apiVersion=networking.istio.io/v1',
      'kind=VirtualService',
      'metadata.name=catalogue',
      'spec.hosts.0=catalogue',
      'spec.http.0.name=fallback',
      'spec.http.0.route.0.destination.host=catalogue-static',
      'spec.exportTo.0=.',
    ],
  ],
  '13-block-scalars': [
    [
      'apiVersion=v1',
      'kind=ConfigMap',
      'metadata.name=proxy',
      'data.plain.conf=# not a YAML comment\ndaemon off;\n',
      'data.last.conf=keepalive 65;\n',
      'data.kind=static',
    ],
  ],
  '14-key-templating': [['apiVersion=v1', 'kind=ConfigMap', 'metadata.name=flags', 'metadata.labels.plain=true', 'data.done=ok']],
  '15-include-at-column-zero': [
    [
      'apiVersion=v1',
      'kind=Service',
      'metadata.name=search',
      'metadata.labels.app=search',
      'spec.selector.component=api',
      'spec.ports.0.port=9200',
      'spec.ports.0.name=tcp-search',
    ],
  ],
  '16-flow-and-json': [
    [
      'apiVersion=v1',
      'kind=Pod',
      'metadata.namespace=tools',
      'metadata.labels.tier=ops',
      'spec.containers.0.name=shell',
      'spec.containers.0.command.0=/bin/sh',
      'spec.containers.0.command.1=-c',
      'spec.containers.0.env.0.name=A',
      'spec.containers.0.env.1.name=B',
      'spec.containers.0.env.1.value=2',
      'spec.containers.0.ports.0.containerPort=8080',
      'spec.nodeSelector.arch=arm64',
      'spec.hostNetwork=false',
    ],
  ],
  '17-json-document': [['apiVersion=v1', 'kind=Service', 'metadata.annotations.owner=edge', 'spec.type=ClusterIP']],
  '18-unicode': [
    [
      'apiVersion=v1',
      'kind=ConfigMap',
      'metadata.name=grüße',
      'metadata.annotations.text=Straße',
      'data.日本=東京',
      'data.after=🧭 north',
    ],
  ],
  '19-unterminated-action': [
    ['apiVersion=v1', 'kind=Service', 'metadata.namespace=billing', 'metadata.labels.zone=b', 'spec.type=ClusterIP'],
  ],
  '20-inline-conditions': [['apiVersion=v1', 'kind=Namespace', 'metadata.labels.linkerd.io/inject=enabled']],
  '21-value-with-children': [
    [
      'apiVersion=apps/v1',
      'kind=DaemonSet',
      'metadata.name=agent',
      'metadata.annotations.checked=true',
      'metadata.labels.app=agent',
      'spec.selector.matchLabels.app=agent',
      'spec.template.spec.containers.0.imagePullPolicy=Always',
      'spec.template.spec.containers.2.name=logger',
    ],
  ],
  '22-tabs-in-actions': [
    ['apiVersion=v1', 'kind=Service', 'metadata.labels.app=web', 'spec.type=ExternalName', 'spec.sessionAffinity=None'],
  ],
  '23-tpl-and-assignments': [
    ['apiVersion=v1', 'kind=Service', 'metadata.namespace=post', 'spec.type=NodePort', 'spec.publishNotReadyAddresses=true'],
  ],
  '24-nested-regions': [
    ['apiVersion=policy/v1', 'kind=PodDisruptionBudget', 'metadata.name=cart', 'status.phase=idle', 'tail=known'],
  ],
  '25-multi-line-scalars': [
    ['apiVersion=v1', 'kind=ConfigMap', 'metadata.name=notes', 'metadata.annotations.calm=three four', 'data.after=a # b'],
  ],
  '26-anchors-and-tags': [
    [
      'apiVersion=apps/v1',
      'kind=Deployment',
      'metadata.name=worker',
      'metadata.labels.app=worker',
      'spec.template.spec.hostname=42',
    ],
  ],
  '27-indentless-lists': [
    [
      'apiVersion=rbac.authorization.k8s.io/v1',
      'kind=ClusterRole',
      'metadata.name=watcher',
      'rules.0.apiGroups.0=apps',
      'rules.0.apiGroups.1=extensions',
      'rules.0.verbs.0=list',
      'rules.1.nonResourceURLs.0=/metrics',
      'rules.1.verbs.0=get',
    ],
  ],
  '28-output-with-children': [
    [
      'apiVersion=apps/v1',
      'kind=Deployment',
      'metadata.name=relay',
      'spec.template.spec.containers.0.name=side',
      'spec.template.spec.containers.0.image=side:1',
      'spec.template.spec.volumes.0.name=tmp',
      'spec.template.spec.dnsPolicy=Default',
    ],
  ],
  '29-long-gaps': [
    [
      'apiVersion=apps/v1',
      'kind=Deployment',
      'metadata.name=longwinded',
      'spec.template.spec.containers.0.name=main',
      'spec.template.spec.initContainers.0.name=prepare',
      'spec.template.spec.volumes.0.name=cache',
      'spec.template.spec.terminationGracePeriodSeconds=30',
    ],
  ],
  '30-everything-at-once': [
    [
      'apiVersion=gateway.networking.k8s.io/v1',
      'kind=HTTPRoute',
      'metadata.namespace=edge',
      'spec.parentRefs.0.sectionName=https',
      'spec.hostnames.0=*.example.com',
      'spec.rules.0.matches.0.path.type=PathPrefix',
      'spec.rules.0.backendRefs.0.name=api',
      'spec.rules.0.backendRefs.0.weight=90',
    ],
    [
      'apiVersion=v1',
      'kind=Service',
      'metadata.name=api',
      'metadata.annotations.note=null',
      'spec.ports.0.name=http',
      'spec.ports.0.port=8080',
    ],
  ],
};

describe('what stays readable of a template', () => {
  test('every fixture has its list', () => {
    expect(readdirSync(FIXTURES).sort()).toEqual(Object.keys(KNOWN).map((name) => `${name}.yaml`));
  });

  for (const [name, known] of Object.entries(KNOWN)) {
    const template = readFileSync(join(FIXTURES, `${name}.yaml`), 'utf8');
    test(name, () => {
      expect(readKnown(template)).toEqual(known);
    });
    test(`${name}, with CRLF`, () => {
      expect(readKnown(template.replaceAll('\n', '\r\n'))).toEqual(known);
    });
    test(`${name}, behind a byte order mark`, () => {
      const masked = maskTemplate(`\uFEFF${template}`);
      const { text, holes } = maskTemplate(template);
      expect(masked.text).toBe(`\uFEFF${text}`);
      expect(masked.holes).toEqual(holes.map((hole) => ({ ...hole, start: hole.start + 1, end: hole.end + 1 })));
    });
  }
});

describe('holes', () => {
  test('a text without actions is its own mask', () => {
    const text = 'a: {b: {c: 1}}\n';
    expect(hasTemplateAction(text)).toBe(false);
    expect(maskTemplate(text)).toEqual({ text, holes: [] });
    expect(hasTemplateAction('a: {{ .b }}')).toBe(true);
  });

  const cases: readonly (readonly [title: string, template: string, masked: string, holes: readonly string[]])[] = [
    ['a value', 'a: {{ .b }} # c', 'a:          # c', ['value {{ .b }}']],
    ['several actions in a value', 'a: {{ .b }}{{ .c }}', 'a:                 ', ['value {{ .b }}{{ .c }}']],
    ['a condition in a value', 'a: {{ if .b }}c{{ end }}', 'a:                      ', ['value {{ if .b }}c{{ end }}']],
    ['a comment for a value', 'a: {{/* b */}}\n  c: d', 'a:            \n  c: d', []],
    ['a list item', '- {{ .b | nindent 2 }}', '-                     ', ['value 2 {{ .b | nindent 2 }}']],
    ['part of a value', 'a: {{ .b }}-c', 'a: aaaaaaaa-c', ['inline {{ .b }}']],
    [
      'part of a quoted value',
      'a: "{{ .b | quote }}:{{ .c }}"',
      'a: "aaaaaaaaaaaaaaaa:aaaaaaaa"',
      ['inline {{ .b | quote }}', 'inline {{ .c }}'],
    ],
    [
      'a condition in part of a value',
      'a: b{{ if .c }}"d{{ end }}e',
      'a: baaaaaaaaaaaaaaaaaaaaaae',
      ['inline {{ if .c }}"d{{ end }}'],
    ],
    ['an action over two lines in a value', 'a: b{{ .c\n }}d\ne: f', 'a: baaaaaaaaad\ne: f', ['inline {{ .c\n }}']],
    ['an action over two lines as a value', 'a: {{ .c\n }}\ne: f', 'a:      \n   \ne: f', ['value {{ .c\n }}']],
    ['behind a quoted value', 'a: "b" {{ .c }}', 'a: "b"         ', ['inline {{ .c }}']],
    ['behind the head of a block scalar', 'a: | {{ .c }}\n  b', 'a: |         \n  b', ['value {{ .c }}']],
    ['behind a backslash', 'a: "\\{{ .c }}"', 'a: "\\aaaaaaaa"', ['inline {{ .c }}']],
    ['behind a colon', 'a:{{ .c | nindent 2 }}\nb: c', 'a:                    \nb: c', ['value 2 {{ .c | nindent 2 }}']],
    ['behind a colon in a list', '- a:{{ .c }}', '- a:aaaaaaaa', ['inline {{ .c }}']],
    ['lines of their own', 'a: 1\n{{ .b }}\n{{ .c }}\nd: 2', 'a: 1\n        \n        \nd: 2', ['whole {{ .b }}\n{{ .c }}']],
    ['indent', 'a:\n{{ .b | indent 2 }}\n', 'a:\n                   \n', ['whole 2 {{ .b | indent 2 }}']],
    [
      'nindent in a region',
      '{{- with .a }}{{ .b | nindent 2 -}}{{ end }}',
      ' '.repeat(44),
      ['whole 2 {{- with .a }}{{ .b | nindent 2 -}}{{ end }}'],
    ],
    ['an indent that is not last', '{{ .b | indent 2 | trim }}', ' '.repeat(26), ['whole {{ .b | indent 2 | trim }}']],
    ['an indent in parentheses', '{{ f (.b | indent 2) }}', ' '.repeat(23), ['whole {{ f (.b | indent 2) }}']],
    ['an indent by a variable', '{{ .b | indent $n }}', ' '.repeat(20), ['whole {{ .b | indent $n }}']],
    ['nothing but side effects', '{{ $a := 1 }}{{ $a = 2 }}{{/* b */}}\nc: 1', `${' '.repeat(36)}\nc: 1`, []],
    ['an empty region', '{{ if .a }}\n{{ end }}\nb: 1', '           \n         \nb: 1', []],
    [
      'a region',
      '{{ if .a }}\nb: 1\n\nc: 2\n{{ end }}\nd: 3',
      '           \n    \n\n    \n         \nd: 3',
      ['whole b: 1\n\nc: 2'],
    ],
    [
      'a region in one line',
      '{{ if .a }}b: 1{{ end }}\nd: 3',
      '                        \nd: 3',
      ['whole {{ if .a }}b: 1{{ end }}'],
    ],
    ['a define', '{{ define "a" }}\nb: {{ .c }}\n{{ end }}\nd: 3', '                \n           \n         \nd: 3', []],
    [
      'a child of a region',
      'a:\n{{ if .b }}\n  c:\n{{ end }}\n    d: 1',
      'a:\n           \n    \n         \n        ',
      ['whole c:\n{{ end }}\n    d: 1'],
    ],
    [
      'a separator in a region',
      '{{ if .a }}\nb: 1\n---\nc: 1\n{{ end }}',
      '           \n    \n---\n    \n         ',
      ['whole b: 1', 'whole c: 1'],
    ],
    ['behind a separator', '--- {{ .a }}\nb: 1', '---         \nb: 1', ['whole {{ .a }}']],
    [
      'a comment',
      '# {{ .a }} b\nc: 1 # {{ if }}\nd: 2 # {{ end }}\n',
      '#           \nc: 1 #         \n    '.padEnd(33) + '            \n',
      ['whole d: 2 # {{ end }}'],
    ],
    [
      'below a block scalar',
      'a:\n  b: |\n    c\n    {{/* d */}}\n  {{ .e }}\n',
      'a:\n  b: |\n    c\n  #            \n          \n',
      ['whole {{ .e }}'],
    ],
    ['in a block scalar', 'a: |\n  b\n  {{ .c }}\n', 'a: |\n  b\n          \n', ['inline {{ .c }}']],
    ['on top of a block scalar', 'a: |\n    {{ .c }}\n  b\n', 'a: |\n  aaaaaaaaaa\n  b\n', ['inline   {{ .c }}']],
  ];
  for (const [title, template, masked, holes] of cases) {
    test(title, () => {
      const result = maskTemplate(template);
      expect(result.text).toBe(masked);
      expect(result.holes.map((hole) => describeHole(template, hole))).toEqual(holes);
    });
  }
});

describe('any manifest', () => {
  test('is read but for what regions and actions decide', () => {
    fc.assert(
      fc.property(manifest, ({ template, known }) => {
        expect(readKnown(template)).toEqual([known]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('any text', () => {
  const pieces = fc.constantFrom(
    ...[
      '{{',
      '}}',
      '{{-',
      '-}}',
      '{{ if .a }}',
      '{{ else }}',
      '{{ end }}',
      '{{ define "a" }}',
      '{{ range .a }}',
      '{{ .a }}',
      '{{ $a := 1 }}',
    ],
    ...[
      '{{/*',
      '*/}}',
      '{{ .a | nindent 4 }}',
      '{{ .a | indent 2 }}',
      '\n',
      '\r\n',
      '\n  ',
      '\n    ',
      '\n- ',
      '\n---\n',
      '\n...\n',
      '\t',
      ' ',
    ],
    ...[
      'a: ',
      'b:',
      '- ',
      ' # ',
      '"',
      "'",
      '`',
      '\\',
      '|',
      '>-',
      '[',
      ']',
      '{',
      '}',
      ',',
      '&a ',
      '*a',
      '!!str ',
      '? ',
      'text',
      '🐳',
      '\uFEFF',
      '\r',
    ],
  );
  const texts = fc.oneof(
    fc.array(pieces, { maxLength: 60 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary' }),
  );

  test('keeps its length and all it does not hide', () => {
    fc.assert(
      fc.property(texts, (text) => {
        assertFaithful(text, maskTemplate(text));
      }),
      { numRuns: 2000 },
    );
  });

  test('hides nothing of what has no action, and what is masked needs no second mask', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { text: masked } = maskTemplate(text);
        expect(maskTemplate(masked)).toEqual({ text: masked, holes: [] });
      }),
    );
  });

  test.each([
    '{{ if',
    '{{ if\n',
    '{{',
    '{{\n',
    '{{/*',
    '{{/*\n',
    '{{ `\n',
    '{{ if }}',
    '{{ a }}x: ',
    'a: "{{ b }}\n',
    '{{ a | ',
    '-{{ a }}',
    'a: |\n {{ b }}\n',
  ])('takes 200 kB of %j', (piece) => {
    const text = piece.repeat(Math.ceil(200_000 / piece.length));
    assertFaithful(text, maskTemplate(text));
  });
});

/** A made-up manifest: lines of text, and what must be known of it. */
interface Sketch {
  readonly lines: readonly string[];
  readonly known: readonly string[];
}

type Writer = (column: number, path: readonly (string | number)[]) => Sketch;

const pad = (column: number, line: string): string => ' '.repeat(column) + line;

/** Writes a value; its first line goes behind a key or dash when it does not start with a line break. */
const leaf: fc.Arbitrary<Writer> = fc.constantFrom<Writer>(
  (_column, path) => ({ lines: [' plain'], known: [`${path.join('.')}=plain`] }),
  (_column, path) => ({ lines: [' "a # b: c" # {{ .comment }}'], known: [`${path.join('.')}=a # b: c`] }),
  (_column, path) => ({ lines: [' [x, "y"]'], known: [`${path.join('.')}.0=x`, `${path.join('.')}.1=y`] }),
  (column, path) => ({
    lines: [' |', pad(column, 'one: 1'), '', pad(column, '- two')],
    known: [`${path.join('.')}=one: 1\n\n- two\n`],
  }),
  (column, path) => ({
    lines: [' long', pad(column, "it's"), pad(column, '"text"')],
    known: [`${path.join('.')}=long it's "text"`],
  }),
  (column) => ({ lines: [' >-', pad(column + 2, '{{- .a }}'), pad(column, 'two'), '{{ .b }}', pad(column, 'three')], known: [] }),
  (column) => ({ lines: [' |', pad(0, '{{ .a | indent 9 }}'), pad(column, '{{ .b }}')], known: [] }),
  (column) => ({ lines: [' "open', pad(column, '{{ .a }}'), pad(column, "it's {{ .b }}"), pad(column, 'closed"')], known: [] }),
  () => ({ lines: [' {{ .a | quote }}'], known: [] }),
  () => ({ lines: [' {{ if .a }}x{{ else }}"y"{{ end }}'], known: [] }),
  () => ({ lines: [' x{{ .a }} # why'], known: [] }),
  () => ({ lines: [" '{{ .a }}: b'"], known: [] }),
  (column) => ({ lines: [' [x{{ .a }},', pad(column, '{{- if .b }} "y", {{- end }}'), pad(column, '{{ .c }}]')], known: [] }),
);

/** How an entry stands among its siblings: as it is, below an action, or in a region. */
const setting = fc.constantFrom<(sketch: Sketch, column: number) => Sketch>(
  (sketch) => sketch,
  (sketch) => sketch,
  (sketch, column) => ({ ...sketch, lines: [pad(column, `{{- toYaml .a | nindent ${column} }}`), ...sketch.lines] }),
  (sketch, column) => ({ ...sketch, lines: [pad(column, '{{- /* why'), '*/}}', ...sketch.lines] }),
  (sketch, column) => ({ ...sketch, lines: [`{{ include "b" . | indent ${column} }}`, '', ...sketch.lines] }),
  (sketch) => ({ ...sketch, lines: ['{{ template "c" . }}', '# note {{ .d }}', ...sketch.lines] }),
  (sketch) => ({ lines: ['{{- if .a }}', ...sketch.lines, '{{- end }}'], known: [] }),
  (sketch, column) => ({
    lines: [pad(column, '{{- with .a }}'), ...sketch.lines, pad(column, '{{ else }}'), ...sketch.lines, '{{ end }}'],
    known: [],
  }),
);

const { node } = fc.letrec<{ node: Writer; map: Writer; list: Writer }>((tie) => ({
  node: fc.oneof({ maxDepth: 4, withCrossShrink: true }, leaf, tie('map'), tie('list')),
  map: fc
    .array(fc.record({ value: tie('node'), set: setting, late: fc.boolean() }), { minLength: 1, maxLength: 4 })
    .map((entries) => (column, path) => {
      const sketches = entries.map(({ value, set }, i) => {
        const { lines, known } = value(column + 2, [...path, `k${i}`]);
        const sketch = { lines: [pad(column, `k${i}:${lines[0] ?? ''}`), ...lines.slice(1)], known };
        return i === 0 && path.length > 0 ? sketch : set(sketch, column);
      });
      return {
        lines: [entries[0]?.late === true ? ' {{- .late }}' : '', ...sketches.flatMap((sketch) => sketch.lines)],
        known: sketches.flatMap((sketch) => sketch.known),
      };
    }),
  list: fc
    .array(fc.record({ value: tie('node'), set: setting, flat: fc.boolean() }), { minLength: 1, maxLength: 4 })
    .map((items) => (column, path) => {
      const at = items[0]?.flat === true && path.at(-1) !== '#' ? column - 2 : column;
      let index = 0;
      const sketches = items.map(({ value, set }) => {
        const { lines, known } = value(at + 2, [...path, '#']);
        const isMap = lines[0]?.startsWith(' ') !== true;
        const first = isMap ? (lines[1] ?? '').trimStart() : (lines[0] ?? '').trimStart();
        const sketch = set({ lines: [pad(at, `- ${first}`), ...lines.slice(isMap ? 2 : 1)], known: ['shown', ...known] }, at);
        const prefix = [...path, '#'].join('.');
        const shown = sketch.known.slice(1).map((one) => [...path, index].join('.') + one.slice(prefix.length));
        if (sketch.known.length > 0) index++;
        return { lines: sketch.lines, known: shown };
      });
      return { lines: ['', ...sketches.flatMap((sketch) => sketch.lines)], known: sketches.flatMap((sketch) => sketch.known) };
    }),
}));

const manifest = node.map((value) => {
  const { lines, known } = value(2, ['top']);
  const template = [`top:${lines[0] ?? ''}`, ...lines.slice(1), 'end: {{ .end }}', 'last: one', ''].join('\n');
  return { template, known: [...known, 'last=one'] };
});

function describeHole(template: string, { start, end, line, indent }: TemplateHole): string {
  return [line, ...(indent === undefined ? [] : [indent]), template.slice(start, end)].join(' ');
}

/** Outside holes a character stays as it is, or is part of what is hidden: white space, or the start of a comment. */
function assertFaithful(text: string, { text: masked, holes }: MaskedTemplate): void {
  expect(masked).toHaveLength(text.length);
  let end = 0;
  for (const hole of holes) {
    expect(hole.start).toBeGreaterThanOrEqual(end);
    expect(hole.end).toBeGreaterThan(hole.start);
    end = hole.end;
  }
  expect(end).toBeLessThanOrEqual(text.length);
  const changed = outside(holes, text.length).flatMap(([from, to]) => {
    const offsets: string[] = [];
    for (let i = from; i < to; i++) {
      const isKept = text[i] === masked[i] || (text[i] !== '\n' && (masked[i] === ' ' || masked[i] === '#'));
      if (!isKept) offsets.push(`${i}: ${JSON.stringify(text[i])} became ${JSON.stringify(masked[i])}`);
    }
    return offsets;
  });
  expect(changed).toEqual([]);
}

function outside(holes: readonly TemplateHole[], length: number): [number, number][] {
  const starts = [0, ...holes.map((hole) => hole.end)];
  return starts.map((start, i) => [start, holes[i]?.start ?? length]);
}

/** The known values of each document, with its place checked against the template. */
function readKnown(template: string): string[][] {
  const { text, holes } = maskTemplate(template);
  expect(text).toHaveLength(template.length);
  const starts = [0, ...[...text.matchAll(/^---(?=[\s]|$)/gm)].map((match) => match.index)];
  return starts.flatMap((start, i) => {
    const document = parseDocument(text.slice(start, starts[i + 1]), { uniqueKeys: false, logLevel: 'error' });
    expect(document.errors).toEqual([]);
    if (document.contents === null || isScalar(document.contents)) return [];
    const known: string[] = [];
    collect(
      document.contents,
      [],
      (node, path) => {
        const [from, to] = [node.range[0] + start, node.range[1] + start];
        if (!isScalar(node) || isHidden(text, holes, from, to)) return;
        expect(text.slice(from, to)).toBe(template.slice(from, to));
        known.push(`${path.join('.')}=${String(node.value)}`);
      },
      (key) => isHidden(text, holes, key.range[0] + start, key.range[1] + start),
    );
    return known.length === 0 ? [] : [known];
  });
}

function collect(
  node: ParsedNode | null,
  path: readonly (string | number)[],
  visit: (leaf: ParsedNode, path: readonly (string | number)[]) => void,
  isHiddenKey: (key: ParsedNode) => boolean,
): void {
  if (isMap<ParsedNode, ParsedNode | null>(node)) {
    for (const { key, value } of node.items) {
      if (!isHiddenKey(key)) collect(value, [...path, isScalar(key) ? String(key.value) : '?'], visit, isHiddenKey);
    }
  } else if (isSeq<ParsedNode>(node)) {
    for (const [index, item] of node.items.entries()) collect(item, [...path, index], visit, isHiddenKey);
  } else if (node !== null && !isAlias(node)) visit(node, path);
}

/** An empty scalar is hidden by whatever hole stands between the texts around it. */
function isHidden(text: string, holes: readonly TemplateHole[], from: number, to: number): boolean {
  let [start, end] = [from, to];
  if (start === end) {
    while (start > 0 && /\s/.test(text[start - 1]!)) start--;
    while (end < text.length && /\s/.test(text[end]!)) end++;
  }
  return holes.some((hole) => hole.start < end && hole.end > start);
}
