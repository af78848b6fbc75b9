import { describe, expect, it } from 'vitest';
import { startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule as unusedSuppression } from '../../rules/manifest/unused-suppression';
import { defineRule } from './rule';
import type { Finding, Rule } from './rule';

function ruleOf(
  id: Rule['id'],
  check: Rule['check'],
  more: Partial<Pick<Rule, 'severity' | 'equivalents' | 'kinds' | 'mentions'>> = {},
): Rule {
  const example = { title: 'none', files: {} };
  return defineRule({
    id,
    severity: 'warning',
    summary: 'For tests.',
    why: 'For tests.',
    todo: 'Nothing.',
    kinds: ['Service'],
    equivalents: [],
    docs: 'https://example.com/',
    since: '0.1.0',
    noFix: 'for tests',
    examples: { bad: [{ ...example, findings: [] }], good: [example] },
    ...more,
    check,
  });
}

/** Says something about the name of every Service. */
const onName = ruleOf(
  'istio/on-name',
  function* (subject): Iterable<Finding> {
    const node = subject.at('metadata', 'name');
    if (node !== undefined) yield { place: { node }, message: `about ${subject.title}` };
  },
  { equivalents: ['IST0118'] },
);

const SERVICE = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\n';
const named = (name: string): string => SERVICE.replace('cart', name);

function lint(files: Files, rules: readonly Rule[] = [onName, unusedSuppression]): string[] {
  return workspaceOf(files, rules)
    .findings()
    .map((finding) => `${startOf(finding)} ${finding.reported.severity} ${finding.reported.rule}`);
}

describe('severities', () => {
  it('are the rule’s own unless configured', () => {
    expect(lint({ 'a.yaml': SERVICE })).toEqual(['a.yaml:4:9 warning istio/on-name']);
  });

  it.each([
    ['rules:\n  istio: error\n', 'error'],
    ['rules:\n  istio: error\n  istio/on-name: hint\n', 'hint'],
    ['rules:\n  istio/on-name: info\n  linkerd: error\n', 'info'],
  ])('configured: %j', (configuration, severity) => {
    expect(lint({ 'a.yaml': SERVICE, '.mesh-lint.yaml': configuration })).toEqual([`a.yaml:4:9 ${severity} istio/on-name`]);
  });

  it('off by id or family', () => {
    expect(lint({ 'a.yaml': SERVICE, '.mesh-lint.yaml': 'rules:\n  istio: off\n' })).toEqual([]);
    expect(lint({ 'a.yaml': SERVICE, '.mesh-lint.yaml': 'rules:\n  istio/on-name: "off"\n' })).toEqual([]);
    expect(lint({ 'a.yaml': SERVICE, '.mesh-lint.yaml': 'rules:\n  istio: off\n  istio/on-name: error\n' })).toHaveLength(1);
  });
});

describe('a rule that says what text it needs', () => {
  const checked: string[] = [];
  const onLabel = ruleOf(
    'istio/on-label',
    function* (subject): Iterable<Finding> {
      checked.push(subject.title);
      const label = subject.labels.get('istio.io/rev');
      if (label.is === 'known') yield { place: { node: label.node }, message: `about ${subject.title}` };
    },
    { mentions: ['istio.io'] },
  );
  const labelled = `${SERVICE}  labels:\n    istio.io/rev: v1\n`;
  const found = (files: Files): string[] => {
    checked.length = 0;
    return lint(files, [onLabel]);
  };

  it('is asked about a resource whose text holds it, and about no other', () => {
    expect(found({ 'a.yaml': `${labelled}---\n${named('mail')}` })).toEqual(['a.yaml:6:19 warning istio/on-label']);
    expect(checked).toEqual(['Service cart']);
  });

  it('is asked about what a transformation may have put into one', () => {
    const kustomization = 'resources: [a.yaml]\nlabels:\n  - pairs:\n      istio.io/rev: v1\n';
    expect(found({ 'a.yaml': SERVICE, 'kustomization.yaml': kustomization })).toEqual([
      'kustomization.yaml:4:21 warning istio/on-label',
    ]);
  });

  it('is asked again once the text has come', () => {
    const workspace = workspaceOf({ 'a.yaml': SERVICE }, [onLabel]);
    expect(workspace.findings()).toEqual([]);
    workspace.set('a.yaml', labelled);
    expect(workspace.findings().map(startOf)).toEqual(['a.yaml:6:19']);
    workspace.set('a.yaml', SERVICE);
    expect(workspace.findings()).toEqual([]);
  });
});

describe('suppressions', () => {
  const above = (comment: string): Files => ({
    'a.yaml': `apiVersion: v1\nkind: Service\nmetadata:\n  ${comment}\n  name: cart\n`,
  });

  it.each(['istio/on-name', 'istio', '*', 'linkerd istio/on-name', 'linkerd, istio'])('next line: %s', (names) => {
    expect(lint(above(`# mesh-lint-disable-next-line ${names} -- it is meant so`))).toEqual([]);
    expect(lint(above(`# mesh-lint-disable-next-line ${names}`))).toEqual([]);
  });

  it.each(['linkerd', 'istio/other', '', '-- istio'])('that does not name the rule is unused: %s', (names) => {
    expect(lint(above(`# mesh-lint-disable-next-line ${names}`))).toEqual([
      'a.yaml:4:3 warning manifest/unused-suppression',
      'a.yaml:5:9 warning istio/on-name',
    ]);
  });

  it('covers the next line only', () => {
    expect(lint({ 'a.yaml': `# mesh-lint-disable-next-line istio\n${SERVICE}` })).toEqual([
      'a.yaml:1:1 warning manifest/unused-suppression',
      'a.yaml:5:9 warning istio/on-name',
    ]);
  });

  it('at the top of a document covers that document, with LF and CRLF', () => {
    const text = `# mesh-lint-disable istio -- old\n${SERVICE}---\n${named('web')}---\n# why\n# mesh-lint-disable istio\n${named('db')}`;
    expect(lint({ 'a.yaml': text })).toEqual(['a.yaml:10:9 warning istio/on-name']);
    expect(lint({ 'a.yaml': text.replaceAll('\n', '\r\n') })).toEqual(['a.yaml:10:9 warning istio/on-name']);
  });

  it('below the first line of content covers nothing', () => {
    expect(lint({ 'a.yaml': `apiVersion: v1\n# mesh-lint-disable istio\nkind: Service\nmetadata:\n  name: cart\n` })).toEqual([
      'a.yaml:2:1 warning manifest/unused-suppression',
      'a.yaml:5:9 warning istio/on-name',
    ]);
  });

  it.each(['istio', '*', 'istio/on-name', 'linkerd , istio'])('annotation: %s', (value) => {
    expect(lint({ 'a.yaml': `${SERVICE}  annotations:\n    mesh-lint/ignore: "${value}"\n` })).toEqual([]);
  });

  it('annotation of a kind that no rule reads is reported as unused', () => {
    const text = 'apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  annotations:\n    mesh-lint/ignore: istio\n';
    expect(lint({ 'a.yaml': text })).toEqual(['a.yaml:6:23 warning manifest/unused-suppression']);
  });

  it.each([
    ['IST0118', 0],
    ['IST0108,IST0118', 0],
    ['"*"', 0],
    ['IST0108', 1],
  ])('istioctl’s annotation holds for equivalents: %s', (value, left) => {
    expect(lint({ 'a.yaml': `${SERVICE}  annotations:\n    galley.istio.io/analyze-suppress: ${value}\n` })).toHaveLength(left);
  });

  it('in one of two overlays is used', () => {
    const files = {
      'base/kustomization.yaml': 'resources: [a.yaml]\n',
      'base/a.yaml': `${SERVICE}  annotations:\n    mesh-lint/ignore: istio\n`,
      'dev/kustomization.yaml': 'resources: [../base]\n',
      'prod/kustomization.yaml': 'resources: [../base]\n',
    };
    expect(lint(files)).toEqual([]);
  });
});

describe('ignored files', () => {
  it('are not read, and what is left is', () => {
    const files = {
      '.mesh-lint.yaml': 'ignore: ["vendor/", "!vendor/ours.yaml", "*.draft.yaml"]\n',
      'a.draft.yaml': SERVICE,
      'vendor/b.yaml': SERVICE,
      'c.yaml': SERVICE,
    };
    expect(lint(files)).toEqual(['c.yaml:4:9 warning istio/on-name']);
  });
});

describe('findings', () => {
  it('of several environments merge, with the first environment’s resource', () => {
    const files = {
      'base/kustomization.yaml': 'resources: [a.yaml]\n',
      'base/a.yaml': SERVICE,
      'dev/kustomization.yaml': 'namespace: shop-dev\nresources: [../base]\n',
      'prod/kustomization.yaml': 'namespace: shop-prod\nresources: [../base]\n',
    };
    const found = workspaceOf(files, [onName]).findings();
    expect(found.map(({ reported }) => reported)).toMatchObject([
      {
        message: 'about Service shop-dev/cart',
        file: 'base/a.yaml',
        resource: { kind: 'Service', namespace: 'shop-dev', name: 'cart' },
        environments: ['dev', 'prod'],
        effective: [
          { environment: 'dev', namespace: 'shop-dev' },
          { environment: 'prod', namespace: 'shop-prod' },
        ],
      },
    ]);
  });

  it('carry at most twenty related places', () => {
    const many = ruleOf('istio/many', function* (subject) {
      const node = subject.at('metadata', 'name');
      if (node !== undefined) {
        yield {
          place: { node },
          message: 'many',
          related: Array.from({ length: 30 }, (_, i) => ({ place: { node }, message: String(i) })),
        };
      }
    });
    expect(workspaceOf({ 'a.yaml': SERVICE }, [many]).findings()[0]?.reported.related).toHaveLength(20);
  });

  it('are sorted by file and place', () => {
    expect(lint({ 'b.yaml': `${SERVICE}---\n${named('web')}`, 'a.yaml': SERVICE })).toEqual([
      'a.yaml:4:9 warning istio/on-name',
      'b.yaml:4:9 warning istio/on-name',
      'b.yaml:9:9 warning istio/on-name',
    ]);
  });

  it('of other rules survive a rule that throws, which is told', () => {
    const faulty = ruleOf('linkerd/faulty', () => {
      throw new Error('a fault of ours');
    });
    const workspace = workspaceOf({ 'a.yaml': SERVICE }, [faulty, onName]);
    expect(workspace.findings()).toHaveLength(1);
    expect(workspace.faults()).toMatchObject([{ rule: 'linkerd/faulty', subject: 'Service cart', file: 'a.yaml' }]);
  });

  it('name an unset namespace default, and none for cluster-scoped kinds', () => {
    const onNamespace = ruleOf(
      'istio/on-namespace',
      function* (subject) {
        const node = subject.titlePlace;
        if (node !== undefined) yield { place: { node }, message: 'here' };
      },
      { kinds: ['Namespace', 'Service'] },
    );
    const files = { 'a.yaml': `${SERVICE}---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n` };
    expect(
      workspaceOf(files, [onNamespace])
        .findings()
        .map(({ reported }) => reported.resource?.namespace),
    ).toEqual(['default', null]);
  });
});
