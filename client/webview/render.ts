import type { Claim, Evidence, FindingGroup, MeshClaim, Summary, SummaryVerdict, WorkloadGroup } from '../../server/protocol';
import type { Action, FolderChoice, ToPage } from '../messages';
import { environmentTitle } from '../environment-title';
import { visible } from '../visible';
import { element } from './tree';
import type { TreeElement, TreeNode } from './tree';

/** What is on the page, and the places that its links lead to, by their number in `data-place`. */
export interface Rendered {
  readonly nodes: readonly TreeElement[];
  readonly places: readonly Evidence[];
  /** What a screen reader says when it changes. */
  readonly announcement: string;
}

/** The page for what the editor said last. Pure: the same message makes the same page. */
export function render(message: ToPage): Rendered {
  switch (message.type) {
    case 'indexing':
      return notice('Reading the manifests…', 'Mesh Lint reads this workspace for the first time.');
    case 'no-folder':
      return notice('No folder is open.', 'Open the folder that holds your Kubernetes manifests.');
    case 'failed':
      return notice('Mesh Lint is not running.', message.message, ['restart', 'output']);
    case 'summary':
      return new SummaryPage(message.summary, message.folders).render();
  }
}

const LABELS: Readonly<Record<Action, string>> = {
  restart: 'Restart Server',
  output: 'Show Output',
  problems: 'Show Problems',
  configure: 'Create Configuration File',
};

function notice(title: string, text: string, actions: readonly Action[] = []): Rendered {
  return {
    nodes: [
      element(
        'section',
        { key: 'notice', class: 'notice' },
        element('h2', {}, title),
        element('p', {}, text),
        ...actions.map(actionButton),
      ),
    ],
    places: [],
    announcement: `${title} ${text}`,
  };
}

function actionButton(action: Action): TreeElement {
  return element('button', { key: action, type: 'button', class: 'action', 'data-action': action }, LABELS[action]);
}

class SummaryPage {
  private readonly summary: Summary;
  private readonly folders: readonly FolderChoice[];
  private readonly places: Evidence[] = [];

  constructor(summary: Summary, folders: readonly FolderChoice[]) {
    this.summary = summary;
    this.folders = folders;
  }

  render(): Rendered {
    const { state, verdict, meshes, membership, mtls, findings, licences } = this.summary;
    if (state === 'indexing')
      return this.framed(notice('Reading the manifests…', 'Mesh Lint reads this folder for the first time.'));
    if (state === 'empty') {
      return this.framed(
        notice(
          'No Kubernetes manifests here.',
          'Mesh Lint reads YAML and JSON files that have an apiVersion and a kind; .gitignore leaves files out.',
          ['configure'],
        ),
      );
    }
    const nodes = [
      ...this.pickers(),
      ...(verdict === null ? [] : [this.verdict(verdict)]),
      this.section(
        'Meshes',
        'meshes',
        meshes.length === 0 ? [nothing('No mesh found.')] : [bullets(meshes.map((mesh) => this.mesh(mesh)))],
      ),
      this.section(
        'Workloads',
        'workloads',
        membership.length === 0 ? [nothing('No workloads of your own here.')] : membership.map((group) => this.group(group)),
      ),
      this.section(
        'Mutual TLS',
        'mtls',
        mtls.length === 0 ? [nothing(noMtls(membership))] : [bullets(mtls.map((claim) => this.claim(claim)))],
      ),
      this.section('Findings', 'findings', this.findings(findings)),
      ...(licences.length === 0
        ? []
        : [this.section('Licences', 'licences', [bullets(licences.map((claim) => this.claim(claim)))])]),
    ];
    return { nodes, places: this.places, announcement: this.announcement() };
  }

  private framed({ nodes, announcement }: Rendered): Rendered {
    return { nodes: [...this.pickers(), ...nodes], places: [], announcement };
  }

  private announcement(): string {
    const { verdict, findings } = this.summary;
    const counts = findings.filter(({ count }) => count > 0).map(({ count, severity }) => counted(count, severity));
    return [visible(verdict?.sentence ?? ''), counts.length === 0 ? 'No findings.' : `${counts.join(', ')}.`].join(' ').trim();
  }

  private pickers(): TreeElement[] {
    const { folder, environment, environments } = this.summary;
    const names = environments.map((name) => ({ value: name, title: environmentTitle(name) }));
    return [
      ...picker(
        'Folder',
        'folder',
        this.folders.map(({ uri, name }) => ({ value: uri, title: name })),
        folder,
      ),
      ...picker('Environment', 'environment', names, environment ?? ''),
    ];
  }

  private verdict({ sentence, confidence, reasons }: SummaryVerdict): TreeElement {
    return element(
      'section',
      { key: 'verdict', class: 'verdict', 'aria-label': 'Verdict' },
      element('p', { key: 'sentence' }, element('strong', {}, sentence)),
      element('p', { key: 'confidence', class: 'aside' }, `${Math.round(confidence * 100)} % sure`),
      bullets(reasons.map((reason) => this.claim(reason))),
    );
  }

  private section(title: string, key: string, children: readonly TreeNode[]): TreeElement {
    return element(
      'section',
      { key, 'aria-labelledby': `title-${key}` },
      element('h2', { key: 'title', id: `title-${key}` }, title),
      ...children,
    );
  }

  private mesh(mesh: MeshClaim): readonly TreeNode[] {
    const version: readonly TreeNode[] =
      mesh.version === null
        ? [element('span', { class: 'aside' }, 'version not shown')]
        : [element('span', { class: 'aside' }, 'version '), ...this.claim(mesh.version)];
    return [...this.claim(mesh), ' ', ...version];
  }

  private group({ standing, title, count, reasons }: WorkloadGroup): TreeElement {
    const named = reasons.reduce((sum, { workloads }) => sum + workloads.length, 0);
    const content = reasons.flatMap(({ reason, workloads }, i) => [
      ...(reason === null ? [] : [element('p', { key: `reason-${i}`, class: 'reason' }, ...this.claim(reason))]),
      bullets(
        workloads.map((claim) => this.claim(claim)),
        `list-${i}`,
      ),
    ]);
    return disclosure(standing, title, count, content, count - named);
  }

  private findings(groups: readonly FindingGroup[]): TreeNode[] {
    const some = groups.filter(({ count }) => count > 0);
    if (some.length === 0 && this.summary.environments.length < 2) return [nothing('None.')];
    return [
      ...(some.length === 0 ? [nothing('None in this environment.')] : []),
      ...some.map(({ severity, count, findings }) => {
        const list = bullets(findings.map((claim) => this.claim(claim)));
        return disclosure(severity, SEVERITY_TITLES[severity], count, [list], count - findings.length);
      }),
      actionButton('problems'),
    ];
  }

  /** The claim as a link to its first place, and links to the others behind a disclosure. */
  private claim({ text, evidence }: Claim): readonly TreeNode[] {
    const [first, ...others] = evidence;
    if (first === undefined) return [element('span', { class: 'claim' }, text)];
    const link = this.link(first, element('span', { class: 'claim' }, text), ' ', place(first));
    if (others.length === 0) return [link];
    const list = bullets(others.map((other) => [this.link(other, place(other))]));
    return [
      link,
      element('details', { class: 'places' }, element('summary', { key: 'summary' }, counted(others.length, 'more place')), list),
    ];
  }

  private link(to: Evidence, ...children: readonly TreeNode[]): TreeElement {
    this.places.push(to);
    const number = String(this.places.length - 1);
    return element('button', { type: 'button', class: 'link', 'data-place': number }, ...children);
  }
}

/** @param more how many its content leaves out */
function disclosure(key: string, title: string, count: number, content: readonly TreeElement[], more: number): TreeElement {
  return element(
    'details',
    { key, class: `group ${key}` },
    element('summary', { key: 'summary' }, element('span', {}, title), ' ', element('span', { class: 'count' }, String(count))),
    ...content,
    ...(more > 0 ? [element('p', { key: 'more', class: 'aside' }, `and ${more} more`)] : []),
  );
}

function place({ label }: Evidence): TreeElement {
  return element('span', { class: 'place' }, label);
}

const SEVERITY_TITLES: Readonly<Record<FindingGroup['severity'], string>> = {
  error: 'Errors',
  warning: 'Warnings',
  info: 'Information',
  hint: 'Hints',
};

/** One choice is no choice: then there is nothing to show. */
function picker(
  title: string,
  key: string,
  choices: readonly { readonly value: string; readonly title: string }[],
  chosen: string,
): TreeElement[] {
  if (choices.length < 2) return [];
  const options = choices.map(({ value, title: shown }) =>
    element('option', { key: value, value, ...(value === chosen && { selected: '' }) }, shown),
  );
  return [
    element(
      'label',
      { key, class: 'picker' },
      element('span', { key: 'title' }, title),
      element('select', { key: 'select', 'data-picker': key }, ...options),
    ),
  ];
}

function bullets(items: readonly (readonly TreeNode[])[], key = 'list'): TreeElement {
  return element('ul', { key }, ...items.map((item) => element('li', {}, ...item)));
}

function nothing(text: string): TreeElement {
  return element('p', { key: 'nothing', class: 'aside' }, text);
}

/** Why nothing is said about mutual TLS. */
function noMtls(membership: readonly WorkloadGroup[]): string {
  return membership.length === 0
    ? 'No workloads that could need it.'
    : 'Unknown: these files do not show whether the workloads join a mesh.';
}

/** `1 error`, `2 errors`; of the severities only these two and hints can be counted. */
function counted(count: number, noun: string): string {
  return count === 1 || noun === 'info' ? `${count} ${noun}` : `${count} ${noun}s`;
}
