import { describe, expect, it } from 'vitest';
import type { Summary } from '../../server/protocol';
import { claimAt as claim, DECISION } from '../../test/support/summary-decision';
import { answersIn } from './questions';
import { render } from './render';
import type { Rendered } from './render';
import type { TreeElement, TreeNode } from './tree';

const EMPTY: Summary = {
  folder: 'file:///r',
  state: 'ready',
  environment: 'prod',
  environments: ['prod'],
  scope: [],
  decision: null,
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

const LINES: ReadonlySet<string> = new Set(['p', 'h2', 'h3', 'li', 'section', 'summary', 'details', 'label', 'tr']);

/** What a reader sees, links in brackets. */
function textOf(node: TreeNode): string {
  if (typeof node === 'string') return node;
  const inner = node.children.map(textOf).join('');
  if (node.tag === 'button') return `[${inner}]`;
  if (node.tag === 'input') return '[_]';
  if (node.tag === 'th' || node.tag === 'td') return `${inner.replaceAll('\n', ' ')} | `;
  return LINES.has(node.tag) ? `${inner}\n` : inner;
}
const lines = ({ nodes }: Rendered): string[] =>
  nodes
    .map(textOf)
    .join('')
    .split('\n')
    .filter((line) => line !== '');

const full: Partial<Summary> = {
  environments: ['dev', 'prod'],
  scope: [
    claim('Built by kustomize, overlays/prod: 41 files, 96 resources.', 'k.yaml:1'),
    { text: 'Known only in part: remote bases: x in k.yaml.', evidence: [] },
  ],
  decision: DECISION,
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

it('says the verdict first, then the next step, then what they rest on, then the rest', () => {
  expect(lines(show(full))).toEqual([
    'Linkerd: mTLS and no more.',
    '75 % sure: every guide that decides agrees.',
    'Environmentdevprod',
    'Next step',
    'Rollout. Take in the next one.',
    '[Begin with Deployment shop/cart. s.yaml:4]',
    'Workloads in order 1',
    '[Deployment shop/cart: 1 seen to call it o.yaml:4]',
    'Evidence',
    '[12 services a.yaml:1]1 more place',
    '[b.yaml:2]',
    'Nobody said how many engineers there are',
    'What was counted 1',
    '[12 services. c.yaml:1]',
    'Five published guides',
    'Guide | Says | Why | ',
    'A One | Linkerd | It is small.It rests on “x”; in fact y.  | ',
    'B Two | cannot tell | Needs an answer.[How many engineers build and run this?]  | ',
    'No guide speaks of Wasm.',
    'What would change it',
    'At 30 services: Istio ambient',
    'With 1 teams: no mesh',
    'With 2 teams: no mesh',
    'With 3 teams: no mesh',
    'With 4 teams: no mesh',
    'Farther away 1',
    'With 5 teams: no mesh',
    'Costs',
    'Reckoned for 20 pods.',
    'Memory of the proxies',
    'No mesh 0 MB',
    'Linkerd (verdict) 200 to 400 MB (B, E)',
    'Istio with sidecars 1 to 2 GB (B, E)',
    'CPU of the proxies',
    'No mesh no guide says',
    'Linkerd (verdict) 200 to 500 m (E)',
    'Istio with sidecars no guide says',
    'What proxies request here',
    '[Linkerd: the proxies of 2 workloads request 20 MB and 10 m here. p.yaml:3]',
    'Latency, throughput and control plane',
    'Option | A hop takes longer by | Layer 4 is slower by | Control plane | ',
    'No mesh | no guide says | no guide says | no guide says | ',
    'Linkerd | 1 to 2 ms (B) | no guide says | 200 MB (E) | ',
    'Istio with sidecars | no guide says | no guide says | no guide says | ',
    'What else is to be known 1',
    'Istio with sidecars: Guide A saw more.',
    'What no manifest shows',
    'Answer what you know. The answers come into .mesh-lint.yaml as an edit that you can read, undo and save.',
    'How many engineers build and run this?[_]',
    'Is there a team that would own a mesh?Not answeredYesNo',
    '[Write to .mesh-lint.yaml][Change the Other Answers]',
    'What a move would lose',
    'In Istio ambient 1',
    '[rate limiting x.yaml:5]Instead: an Envoy filter.',
    'Instead of a mesh',
    'mTLS (idle) [cert-manager is here. m.yaml:2]',
    'Not here 1',
    'Autoscaling (absent) Nothing scales by itself.',
    'Sources',
    'Guides 1',
    'A: One (2026-01-01)',
    '[Export Decision Record]',
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
    'This environment',
    '[Built by kustomize, overlays/prod: 41 files, 96 resources. k.yaml:1]',
    'Known only in part: remote bases: x in k.yaml.',
    'Licences',
    '[A licence is needed. l.yaml:5]',
  ]);
});

it('says no more than why where there is nothing to decide', () => {
  const shown = lines(show({ decision: { ...DECISION, sentence: 'Nothing to decide: no workload.', confidence: null } }));
  expect(shown.slice(0, 8)).toEqual([
    'Nothing to decide: no workload.',
    'Evidence',
    '[12 services a.yaml:1]1 more place',
    '[b.yaml:2]',
    'Nobody said how many engineers there are',
    'What was counted 1',
    '[12 services. c.yaml:1]',
    'Meshes',
  ]);
});

it('draws costs on one scale, each bar from the least to the most', () => {
  const bars = elementsOf(show(full).nodes).flatMap(({ attributes }) =>
    attributes?.['data-from'] === undefined ? [] : [attributes],
  );
  // Of memory 200 to 400 and 1000 to 2000 of 2000, and of CPU 200 to 500 of 500; what costs nothing has no bar.
  expect(bars.map(({ 'data-from': from, 'data-to': to }) => [from, to])).toEqual([
    ['10', '20'],
    ['50', '100'],
    ['40', '100'],
  ]);
});

it('links every claim to its place', () => {
  const { nodes, places } = show(full);
  const links = elementsOf(nodes).filter(({ attributes }) => attributes?.['data-place'] !== undefined);
  for (const link of links) expect(textOf(link)).toContain(`${places[Number(link.attributes?.['data-place'])]?.label ?? '?'}]`);
  expect(links).toHaveLength(17);
});

it('keeps text of manifests text: it is no tag, no attribute name, no address', () => {
  const evil = '<img src=x onerror="alert(1)"><script>alert(2)</script>';
  const { nodes } = show({
    ...full,
    environment: evil,
    environments: [evil, 'b'],
    scope: [claim(evil, evil)],
    decision: {
      ...DECISION,
      sentence: evil,
      reasons: [claim(evil, evil)],
      flips: [{ when: evil, verdict: evil }],
      losses: [{ name: evil, losses: [{ ...claim(evil, evil), instead: evil }] }],
      wayIn: { ...DECISION.wayIn, order: [claim(evil, evil)] },
    },
    meshes: [{ mesh: evil, ...claim(evil, evil), version: claim(evil) }],
    membership: [{ standing: 'none', title: evil, count: 1, reasons: [{ reason: claim(evil), workloads: [claim(evil, evil)] }] }],
  });
  const tags = new Set(elementsOf(nodes).map(({ tag }) => tag));
  const names = new Set(elementsOf(nodes).flatMap(({ attributes }) => Object.keys(attributes ?? {})));
  const known =
    'button details form h2 h3 input label li ol option p section select span strong summary table tbody td th thead tr ul';
  expect([...tags].sort()).toEqual(known.split(' '));
  expect([...names].filter((name) => /^on|^href$|^src$|^style$/.test(name))).toEqual([]);
});

describe('for keyboard and screen reader', () => {
  it('every link and action is a button with a name of its own', () => {
    const clickable = elementsOf(show(full).nodes).filter(
      ({ attributes }) => attributes?.['data-place'] ?? attributes?.['data-action'] ?? attributes?.['data-ask'],
    );
    expect(new Set(clickable.map(({ tag }) => tag))).toEqual(new Set(['button']));
    expect(clickable.every(({ attributes }) => attributes?.['type'] === 'button')).toBe(true);
    expect(clickable.map(textOf)).not.toContain('[]');
  });

  it('every section, table, form and list of bars has a name', () => {
    const { nodes } = show(full);
    const ids = new Set(elementsOf(nodes).map(({ attributes }) => attributes?.['id']));
    const named = ({ tag, attributes }: TreeElement): boolean =>
      ['section', 'table', 'form'].includes(tag) || attributes?.['class'] === 'chart';
    for (const { attributes } of elementsOf(nodes).filter(named)) {
      expect(attributes?.['aria-label'] !== undefined || ids.has(attributes?.['aria-labelledby'])).toBe(true);
    }
  });

  it('every field stands in a label, and ids are its own', () => {
    const all = elementsOf(show(full).nodes);
    const labelled = all.filter(({ tag }) => tag === 'label').flatMap(({ children }) => elementsOf(children));
    const fields = all.filter(({ tag }) => tag === 'input' || tag === 'select');
    expect(fields.length).toBe(3);
    for (const one of fields) expect(labelled).toContain(one);
    const ids = all.flatMap(({ attributes }) => attributes?.['id'] ?? []);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('a bar is hidden from who cannot see it: the words beside it say the same', () => {
    const tracks = elementsOf(show(full).nodes).filter(({ attributes }) => attributes?.['class'] === 'track');
    expect(tracks.length).toBe(6);
    expect(tracks.every(({ attributes }) => attributes?.['aria-hidden'] === 'true')).toBe(true);
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

describe('the questions', () => {
  it('that a guide hangs on lead to their fields', () => {
    const all = elementsOf(show(full).nodes);
    const asked = all.flatMap(({ attributes }) => attributes?.['data-ask'] ?? []);
    expect(asked).toEqual(['engineers']);
    const form = all.find(({ tag }) => tag === 'form');
    const names = elementsOf(form?.children ?? []).flatMap(({ attributes }) => attributes?.['name'] ?? []);
    expect(names).toEqual(expect.arrayContaining(asked));
  });

  it('are gone when all are answered, and can still be changed', () => {
    const shown = lines(show({ decision: { ...DECISION, unanswered: [] } }));
    expect(shown).toContain('Every question is answered in .mesh-lint.yaml.');
    expect(shown).toContain('[Change the Answers]');
    expect(shown.join(' ')).not.toContain('Write to');
  });

  it.each<[entered: readonly (readonly [string, unknown])[], answers: object]>([
    [
      [
        ['engineers', '14'],
        ['platformTeam', 'no'],
        ['mtlsMandated', 'yes'],
      ],
      { engineers: 14, platformTeam: false, mtlsMandated: true },
    ],
    [
      [
        ['engineers', ''],
        ['platformTeam', ''],
      ],
      {},
    ],
    [[['engineers', '-1']], {}],
    [[['engineers', '1e9999']], {}],
    [[['rules', '1']], {}],
    [[['engineers', { name: 'a file' }]], {}],
  ])('%j is %j', (entered, answers) => {
    expect(answersIn(entered)).toEqual(answers);
  });
});
