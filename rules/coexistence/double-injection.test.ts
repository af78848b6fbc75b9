import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../../engine/findings/collect';
import { PAIR_RUNS } from '../../engine/findings/runner';
import { applyEdits, coveredText, startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './double-injection';

function namespace(labels: string, annotations = '', name = 'shop'): string {
  const map = (field: string, entries: string): string => (entries === '' ? '' : `  ${field}:\n    ${entries}\n`);
  return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n${map('labels', labels)}${map('annotations', annotations)}`;
}

function deployment(
  name: string,
  { label = '', annotation = '', containers = `        - name: ${name}\n`, spec = '' } = {},
): string {
  const labels = `      labels:\n        app: ${name} # who it is\n${label === '' ? '' : `        ${label}\n`}`;
  const annotations = annotation === '' ? '' : `      annotations:\n        ${annotation}\n`;
  return (
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  template:\n    metadata:\n` +
    `${labels}${annotations}    spec:\n${spec}      containers:\n${containers}`
  );
}

const documents = (...texts: string[]): string => texts.join('---\n');

function find(files: Files): readonly LocatedFinding[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found;
}

/** The sentence that says who gets what. */
const claimOf = (finding: LocatedFinding): string => finding.reported.message.split('. ')[0] ?? '';
const claims = (files: Files): string[] =>
  find(files).map((finding) => `${startOf(finding)} ${coveredText(files, finding)} | ${claimOf(finding)}`);
const related = ({ reported }: LocatedFinding): string[] =>
  reported.related.map(({ file, range, message }) => `${file}:${range.start.line}:${range.start.column} ${message}`);

function at(files: Files, place: string): LocatedFinding {
  const found = find(files).find((finding) => startOf(finding) === place);
  if (found === undefined) throw new Error(`nothing at ${place}: ${claims(files).join('\n')}`);
  return found;
}

/** Applies the fix of that title at that place; what it leaves of the repository, and the findings there. */
function repaired(files: Files, place: string, title: string): { files: Record<string, string>; left: string[] } {
  const { fixes } = at(files, place);
  const fix = fixes.find((candidate) => candidate.title === title);
  expect(fix === undefined ? fixes.map((other) => other.title) : title).toBe(title);
  const after = applyEdits(files, fix?.edits() ?? []);
  return { files: after, left: claims(after) };
}

const linkerd = 'linkerd.io/inject: enabled';
const istio = 'istio-injection: enabled';

describe('what one finding names', () => {
  const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `w${i}`);
  const shop = (count: number): Files => ({
    'namespace.yaml': namespace(istio, linkerd),
    'workloads.yaml': documents(...names(count).map((name) => deployment(name))),
  });

  it('two workloads by name', () => {
    expect(claimOf(at(shop(2), 'namespace.yaml:6:22'))).toBe(
      "The pods of 2 workloads (Deployment shop/w0 and Deployment shop/w1) get two meshes: Istio's sidecar (Namespace label istio-injection=enabled) and Linkerd's proxy (Namespace annotation linkerd.io/inject=enabled)",
    );
  });

  it('three of many, and their count', () => {
    const finding = at(shop(12), 'namespace.yaml:8:24');
    expect(finding.reported.message).toBe(
      "The pods of 12 workloads (Deployment shop/w0, Deployment shop/w1, Deployment shop/w2 and 9 more) get two meshes: Istio's sidecar (Namespace label istio-injection=enabled) and Linkerd's proxy (Namespace annotation linkerd.io/inject=enabled). Kubernetes promises no order of the two webhooks: either Linkerd's finds Istio's proxy and silently leaves the pods out, or both proxies redirect the same traffic and connections fail. Keep one mesh: turn this one off for the whole Namespace, or set label sidecar.istio.io/inject: \"false\" or annotation linkerd.io/inject: disabled on the pod templates.",
    );
    expect(related(finding).slice(0, 3)).toEqual([
      "namespace.yaml:6:22 Istio's sidecar: Namespace label istio-injection=enabled",
      'workloads.yaml:4:9 Deployment shop/w0 gets both',
      'workloads.yaml:18:9 Deployment shop/w1 gets both',
    ]);
    expect(finding.reported.related).toHaveLength(13);
  });

  it('at most twenty related places', () => {
    const finding = at(shop(30), 'namespace.yaml:6:22');
    expect(finding.reported.related).toHaveLength(20);
    expect(claimOf(finding)).toContain('30 workloads');
  });

  it('each side once, related to the other', () => {
    const files = { 'shop.yaml': documents(namespace(istio), deployment('cart', { annotation: 'linkerd.io/inject: ingress' })) };
    expect(find(files).map((finding) => [startOf(finding), finding.reported.resource?.kind, related(finding)])).toEqual([
      [
        'shop.yaml:6:22',
        'Namespace',
        [
          "shop.yaml:19:28 Linkerd's proxy: Pod annotation linkerd.io/inject=ingress",
          'shop.yaml:11:9 Deployment shop/cart gets both',
        ],
      ],
      ['shop.yaml:19:28', 'Deployment', ["shop.yaml:6:22 Istio's sidecar: Namespace label istio-injection=enabled"]],
    ]);
  });

  it('different ways into the two meshes, at the place that they share', () => {
    const files = {
      'namespace.yaml': namespace('istio.io/dataplane-mode: ambient', linkerd),
      'a.yaml': deployment('a'),
      'b.yaml': deployment('b', { label: 'sidecar.istio.io/inject: "true"' }),
      'c.yaml': deployment('c', { annotation: 'linkerd.io/inject: disabled' }),
    };
    expect(at(files, 'namespace.yaml:8:24').reported.message).toBe(
      "The pods of 2 workloads (Deployment shop/a and Deployment shop/b) get two meshes: Istio's ambient mode (Namespace label istio.io/dataplane-mode=ambient) or Istio's sidecar (Pod label sidecar.istio.io/inject=true) and Linkerd's proxy (Namespace annotation linkerd.io/inject=enabled). ztunnel and Linkerd's proxy both redirect the pods' traffic, which neither mesh supports. Kubernetes promises no order of the two webhooks: either Linkerd's finds Istio's proxy and silently leaves the pods out, or both proxies redirect the same traffic and connections fail. Keep one mesh: turn this one off for the whole Namespace, or set label istio.io/dataplane-mode: none and sidecar.istio.io/inject: \"false\" or annotation linkerd.io/inject: disabled on the pod templates.",
    );
  });

  it("alternatives of a Namespace one by one, never one as the other's relation", () => {
    const files = { 'a.yaml': namespace(istio, linkerd), 'b.yaml': namespace(istio, linkerd), 'c.yaml': deployment('cart') };
    expect(find(files).map((finding) => [startOf(finding), related(finding)[0]])).toEqual([
      ['a.yaml:6:22', "a.yaml:8:24 Linkerd's proxy: Namespace annotation linkerd.io/inject=enabled"],
      ['a.yaml:8:24', "a.yaml:6:22 Istio's sidecar: Namespace label istio-injection=enabled"],
      ['b.yaml:6:22', "b.yaml:8:24 Linkerd's proxy: Namespace annotation linkerd.io/inject=enabled"],
      ['b.yaml:8:24', "b.yaml:6:22 Istio's sidecar: Namespace label istio-injection=enabled"],
    ]);
  });
});

describe('where pods come from', () => {
  const annotated = (indent: string): string =>
    `${indent}metadata:\n${indent}  annotations:\n${indent}    ${linkerd}\n${indent}spec: {}\n`;

  it('a CronJob', () => {
    const job = `apiVersion: batch/v1\nkind: CronJob\nmetadata:\n  name: report\n  namespace: shop\nspec:\n  jobTemplate:\n    spec:\n      template:\n${annotated('        ')}`;
    const files = { 'namespace.yaml': namespace(istio), 'job.yaml': job };
    expect(claimOf(at(files, 'job.yaml:12:32'))).toContain('The pods of CronJob shop/report get two meshes');
    const title = 'Keep CronJob shop/report out of Istio: label sidecar.istio.io/inject: "false" on the pod template';
    const after = repaired(files, 'job.yaml:12:32', title);
    expect(after.left).toEqual([]);
    expect(after.files['job.yaml']).toContain(
      '        metadata:\n          annotations:\n            linkerd.io/inject: enabled\n          labels:\n            sidecar.istio.io/inject: "false"\n',
    );
  });

  it('a Pod, of which its own metadata counts', () => {
    const pod = `apiVersion: v1\nkind: Pod\n${annotated('').replace('metadata:\n', 'metadata:\n  name: debug\n  namespace: shop\n')}`;
    const files = { 'namespace.yaml': namespace(istio), 'pod.yaml': pod };
    const { message } = at(files, 'pod.yaml:7:24').reported;
    expect(message).toMatch(/^Pod shop\/debug gets two meshes: /);
    expect(message).toMatch(
      /Keep one mesh: set label sidecar\.istio\.io\/inject: "false" or annotation linkerd\.io\/inject: disabled on the Pod\.$/,
    );
  });

  it('items of a List', () => {
    const item = (text: string): string => `  - ${text.trimEnd().replaceAll('\n', '\n    ')}\n`;
    const files = {
      'list.yaml': `apiVersion: v1\nkind: List\nitems:\n${item(namespace(istio))}${item(deployment('cart', { annotation: linkerd }))}`,
    };
    expect(find(files).map(startOf)).toEqual(['list.yaml:9:26', 'list.yaml:21:32']);
    for (const fix of at(files, 'list.yaml:21:32').fixes) expect(repaired(files, 'list.yaml:21:32', fix.title).left).toEqual([]);
  });

  it('JSON', () => {
    const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
    const template = { metadata: { annotations: { 'linkerd.io/inject': 'enabled' } }, spec: { containers: [] } };
    const files = {
      'namespace.json': json({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: 'shop', labels: { 'istio.io/rev': 'canary' } },
      }),
      'cart.json': json({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: 'cart', namespace: 'shop' },
        spec: { template },
      }),
    };
    const found = find(files);
    expect(found.map((finding) => coveredText(files, finding))).toEqual(['"enabled"', '"canary"']);
    for (const finding of found) {
      for (const { title } of finding.fixes) {
        const after = repaired(files, startOf(finding), title);
        expect(after.left).toEqual([]);
        for (const text of Object.values(after.files)) expect(() => JSON.parse(text) as unknown).not.toThrow();
      }
    }
    expect(found.map(({ fixes }) => fixes.length)).toEqual([3, 3]);
  });
});

describe('what is assumed', () => {
  const both = deployment('cart', { label: 'sidecar.istio.io/inject: "true"', annotation: linkerd });

  it('a revision that a label names', () => {
    const files = { 'shop.yaml': documents(namespace('istio.io/rev: canary', linkerd), deployment('cart')) };
    expect(claimOf(at(files, 'shop.yaml:6:19'))).toContain(
      'linkerd.io/inject=enabled), assuming that revision canary is installed',
    );
    const configured = (revision: string): Files => ({ ...files, '.mesh-lint.yaml': `istio:\n  revisions: [${revision}]\n` });
    expect(claimOf(at(configured('canary'), 'shop.yaml:6:19'))).toMatch(/linkerd\.io\/inject=enabled\)$/);
    expect(find(configured('stable'))).toEqual([]);
  });

  it('a Namespace that no file defines: what the pod template asks for counts', () => {
    expect(claims({ 'cart.yaml': both })).toEqual([
      'cart.yaml:11:34 "true" | The pods of Deployment shop/cart get two meshes: Istio\'s sidecar (Pod label sidecar.istio.io/inject=true) and Linkerd\'s proxy (Pod annotation linkerd.io/inject=enabled), assuming that Namespace shop, which no file here defines, does not overrule the pod template',
      "cart.yaml:13:28 enabled | The pods of Deployment shop/cart get two meshes: Istio's sidecar (Pod label sidecar.istio.io/inject=true) and Linkerd's proxy (Pod annotation linkerd.io/inject=enabled), assuming that Namespace shop, which no file here defines, does not overrule the pod template",
    ]);
  });

  it('nothing where the environment is complete', () => {
    const files = { 'cart.yaml': both, '.mesh-lint.yaml': 'environments:\n  all:\n    root: .\n    complete: true\n' };
    expect(claims(files).every((claim) => claim.includes('two meshes') && !claim.includes('assuming'))).toBe(true);
    expect(claims(files)).toHaveLength(2);
  });
});

describe('what is no double injection', () => {
  const sidecar = 'sidecar.istio.io/inject: "true"';
  it.each<[string, Files]>([
    [
      'a gateway that asks the injector for its proxy',
      {
        'a.yaml': documents(
          namespace('a: b', linkerd),
          deployment('gateway', { label: sidecar, containers: '        - name: istio-proxy\n          image: auto\n' }),
        ),
      },
    ],
    [
      'the legacy annotation that keeps pods out',
      { 'a.yaml': documents(namespace(istio, linkerd), deployment('cart', { annotation: 'sidecar.istio.io/inject: "false"' })) },
    ],
    [
      'pods on the host network',
      { 'a.yaml': documents(namespace(istio, linkerd), deployment('node', { spec: '      hostNetwork: true\n' })) },
    ],
    [
      'a Namespace that says no to what the pods ask for',
      {
        'a.yaml': documents(namespace('istio-injection: disabled'), deployment('cart', { label: sidecar, annotation: linkerd })),
      },
    ],
    [
      'a value that Linkerd does not know',
      { 'a.yaml': documents(namespace(istio, 'linkerd.io/inject: "true"'), deployment('cart')) },
    ],
    [
      'Namespaces that disagree',
      {
        'a.yaml': namespace(istio, linkerd),
        'b.yaml': namespace('istio-injection: disabled', linkerd),
        'c.yaml': deployment('cart'),
      },
    ],
    ['a Namespace that no file defines, and one mesh on the pods', { 'a.yaml': deployment('cart', { annotation: linkerd }) }],
    [
      'a label that a template decides',
      {
        'Chart.yaml': 'apiVersion: v2\nname: shop\nversion: 1.0.0\n',
        'templates/a.yaml': documents(
          namespace('istio-injection: {{ .Values.injection }}'),
          deployment('cart', { annotation: linkerd }),
        ),
      },
    ],
    ['a Namespace without workloads', { 'a.yaml': namespace(istio, linkerd) }],
  ])('%s', (_, files) => {
    expect(claims(files)).toEqual([]);
  });
});

describe('after an edit', () => {
  const files: Files = {
    'namespace.yaml': namespace(istio, linkerd),
    'a.yaml': deployment('a'),
    'b.yaml': deployment('b', { annotation: 'linkerd.io/inject: disabled' }),
    'office.yaml': documents(namespace(istio, '', 'office'), deployment('c').replace('namespace: shop', 'namespace: office')),
  };

  it.each<[string, string, string, number]>([
    ['a comment', 'a.yaml', `# moved\n${files['a.yaml'] ?? ''}`, 0],
    ['a workload that does not collide', 'b.yaml', files['b.yaml']?.replace('name: b\n  ', 'name: bb\n  ') ?? '', 1],
    ['a workload that comes to collide', 'b.yaml', deployment('b'), 3],
    ['the Namespace leaves a mesh', 'namespace.yaml', namespace('istio-injection: disabled', linkerd), 3],
    [
      'another Namespace joins',
      'office.yaml',
      files['office.yaml']?.replace('labels:', 'annotations:\n    linkerd.io/inject: enabled\n  labels:') ?? '',
      2,
    ],
  ])('%s: as a fresh start, and no more runs than that takes', (_, path, text, most) => {
    const workspace = workspaceOf(files, [rule]);
    workspace.findings();
    workspace.graph.resetRunCounts();
    workspace.set(path, text);
    const found = workspace.findings().map(({ reported }) => reported);
    expect(workspace.graph.runCounts().get(PAIR_RUNS) ?? 0).toBeLessThanOrEqual(most);
    expect(found).toEqual(find({ ...files, [path]: text }).map(({ reported }) => reported));
  });
});
