import { describe, expect, it } from 'vitest';
import type { Claim, Summary } from '../../server/protocol';
import { render } from './render';
import type { Rendered } from './render';
import type { TreeElement, TreeNode } from './tree';

const at = (label: string): Claim['evidence'][number] => ({
  uri: `file:///r/${label}`,
  label,
  range: { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } },
});
const claim = (text: string, ...labels: readonly string[]): Claim => ({ text, evidence: labels.map(at) });

const EMPTY: Summary = {
  folder: 'file:///r',
  state: 'ready',
  environment: 'prod',
  environments: ['prod'],
  verdict: null,
  meshes: [],
  membership: [],
  mtls: [],
  findings: [],
  licences: [],
};
const show = (parts: Partial<Summary>, folders: readonly { uri: string; name: string }[] = []): Rendered =>
  render({ type: 'summary', summary: { ...EMPTY, ...parts }, folders });

function elementsOf(nodes: readonly TreeNode[]): TreeElement[] {
  return nodes.flatMap((node) => (typeof node === 'string' ? [] : [node, ...elementsOf(node.children)]));
}

/** What a reader sees, links in brackets. */
function textOf(node: TreeNode): string {
  if (typeof node === 'string') return node;
  const inner = node.children.map(textOf).join('');
  if (node.tag === 'button') return `[${inner}]`;
  return ['p', 'h2', 'li', 'section', 'summary', 'details', 'label'].includes(node.tag) ? `${inner}\n` : inner;
}
const lines = ({ nodes }: Rendered): string[] =>
  nodes
    .map(textOf)
    .join('')
    .split('\n')
    .filter((line) => line !== '');

const full: Partial<Summary> = {
  environments: ['dev', 'prod'],
  verdict: {
    choice: 'linkerd',
    target: null,
    sentence: 'Linkerd: mTLS and no more.',
    confidence: 0.75,
    reasons: [claim('12 services', 'a.yaml:1', 'b.yaml:2'), claim('Nobody said how many engineers there are')],
  },
  meshes: [{ mesh: 'linkerd', ...claim('Linkerd: installed here', 'l.yaml:4'), version: claim('2026.8.3', 'l.yaml:9') }],
  membership: [
    {
      standing: 'linkerd',
      title: 'Linkerd',
      count: 5,
      reasons: [
        { reason: claim('The Namespace asks for it.', 'n.yaml:6'), workloads: [claim('Deployment shop/cart', 'a.yaml:4')] },
        { reason: null, workloads: [claim('Deployment shop/web: its pods ask', 'w.yaml:9')] },
      ],
    },
  ],
  mtls: [claim('1 workload with mutual TLS', 'a.yaml:4')],
  findings: [
    { severity: 'error', count: 0, findings: [] },
    { severity: 'warning', count: 1, findings: [claim('Something is off.', 'c.yaml:7')] },
  ],
  licences: [claim('A licence is needed.', 'l.yaml:5')],
};

it('says the verdict first, then its reasons, then the rest', () => {
  expect(lines(show(full))).toEqual([
    'Environmentdevprod',
    'Linkerd: mTLS and no more.',
    '75 % sure',
    '[12 services a.yaml:1]1 more place',
    '[b.yaml:2]',
    'Nobody said how many engineers there are',
    'Meshes',
    '[Linkerd: installed here l.yaml:4] version [2026.8.3 l.yaml:9]',
    'Workloads',
    'Linkerd 5',
    '[The Namespace asks for it. n.yaml:6]',
    '[Deployment shop/cart a.yaml:4]',
    '[Deployment shop/web: its pods ask w.yaml:9]',
    'and 3 more',
    'Mutual TLS',
    '[1 workload with mutual TLS a.yaml:4]',
    'Findings',
    'Warnings 1',
    '[Something is off. c.yaml:7]',
    '[Show Problems]',
    'Licences',
    '[A licence is needed. l.yaml:5]',
  ]);
});

it('links every claim to its place', () => {
  const { nodes, places } = show(full);
  const links = elementsOf(nodes).filter(({ attributes }) => attributes?.['data-place'] !== undefined);
  for (const link of links) expect(textOf(link)).toContain(`${places[Number(link.attributes?.['data-place'])]?.label ?? '?'}]`);
  expect(links).toHaveLength(10);
});

it('keeps text of manifests text: it is no tag, no attribute name, no address', () => {
  const evil = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
  const { nodes } = show({
    ...full,
    environment: evil,
    environments: [evil, 'b'],
    meshes: [{ mesh: evil, ...claim(evil, evil), version: claim(evil) }],
    membership: [{ standing: 'none', title: evil, count: 1, reasons: [{ reason: claim(evil), workloads: [claim(evil, evil)] }] }],
  });
  const tags = new Set(elementsOf(nodes).map(({ tag }) => tag));
  const names = new Set(elementsOf(nodes).flatMap(({ attributes }) => Object.keys(attributes ?? {})));
  expect([...tags].sort()).toEqual(
    ['button', 'details', 'h2', 'label', 'li', 'option', 'p', 'section', 'select', 'span', 'strong', 'summary', 'ul'].sort(),
  );
  expect([...names].filter((name) => /^on|^href$|^src$|^style$/.test(name))).toEqual([]);
});

describe('for keyboard and screen reader', () => {
  it('every link and action is a button with a name of its own', () => {
    const clickable = elementsOf(show(full).nodes).filter(
      ({ attributes }) => attributes?.['data-place'] ?? attributes?.['data-action'],
    );
    expect(new Set(clickable.map(({ tag }) => tag))).toEqual(new Set(['button']));
    expect(clickable.every(({ attributes }) => attributes?.['type'] === 'button')).toBe(true);
    expect(clickable.map(textOf)).not.toContain('[]');
  });

  it('every section has a name', () => {
    const { nodes } = show(full);
    const ids = new Set(elementsOf(nodes).map(({ attributes }) => attributes?.['id']));
    for (const { attributes } of elementsOf(nodes).filter(({ tag }) => tag === 'section')) {
      expect(attributes?.['aria-label'] !== undefined || ids.has(attributes?.['aria-labelledby'])).toBe(true);
    }
  });

  it('announces the verdict and the findings, and the same again for the same', () => {
    expect(show(full).announcement).toBe('Linkerd: mTLS and no more. 1 warning.');
    expect(show({ ...full, mtls: [] }).announcement).toBe(show(full).announcement);
    expect(show({}).announcement).toBe('No findings.');
  });
});

describe('when there is nothing to show', () => {
  it.each<[string, Rendered, string[]]>([
    ['no folder', render({ type: 'no-folder' }), ['No folder is open.', 'Open the folder that holds your Kubernetes manifests.']],
    ['indexing', render({ type: 'indexing' }), ['Reading the manifests…', 'Mesh Lint reads this workspace for the first time.']],
    [
      'a failure, with what to do',
      render({ type: 'failed', message: 'It crashed.' }),
      ['Mesh Lint is not running.', 'It crashed.', '[Restart Server][Show Output]'],
    ],
    [
      'no manifests',
      show({ state: 'empty', environment: null, environments: [] }),
      [
        'No Kubernetes manifests here.',
        'Mesh Lint reads YAML and JSON files that have an apiVersion and a kind; .gitignore leaves files out.',
        '[Create Configuration File]',
      ],
    ],
  ])('%s', (_, rendered, expected) => {
    expect(lines(rendered)).toEqual(expected);
  });

  it('does not speak for other environments, nor for the workloads of a mesh itself', () => {
    const empty = [
      'Meshes',
      'No mesh found.',
      'Workloads',
      'No workloads of your own here.',
      'Mutual TLS',
      'No workloads that could need it.',
    ];
    expect(lines(show({}))).toEqual([...empty, 'Findings', 'None.']);
    expect(lines(show({ environments: ['dev', 'prod'] }))).toEqual([
      'Environmentdevprod',
      ...empty,
      'Findings',
      'None in this environment.',
      '[Show Problems]',
    ]);
  });

  it('says of mutual TLS that it is unknown where the membership is', () => {
    const open = {
      standing: 'unknown',
      title: 'Mesh unknown',
      count: 1,
      reasons: [{ reason: null, workloads: [claim('Pod a')] }],
    };
    expect(lines(show({ membership: [open] }))).toContain('Unknown: these files do not show whether the workloads join a mesh.');
  });

  it('calls the environment of the repository itself by what it is', () => {
    const [environment, others] = ['.', ['.', 'prod']];
    expect(lines(show({ environment, environments: others }))[0]).toBe('Environmentroot folderprod');
  });

  it('lets another folder be chosen where there are several', () => {
    const folders = [
      { uri: 'file:///r', name: 'r' },
      { uri: 'file:///s', name: 's' },
    ];
    expect(lines(show({ state: 'empty' }, folders))[0]).toBe('Folderrs');
  });
});
