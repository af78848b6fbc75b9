import type { Evidence, FindingGroup, MeshClaim, Summary, WorkloadGroup } from '../../server/protocol';
import type { Action, FolderChoice, ToPage } from '../messages';
import { environmentTitle } from '../environment-title';
import { visible } from '../visible';
import { decisionSections, verdictSection } from './decision';
import { actionButton, bullets, counted, disclosure, Links, nothing, section } from './parts';
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

function notice(title: string, text: string, actions: readonly Action[] = []): Rendered {
  return {
    nodes: [
      element(
        'section',
        { key: 'notice', class: 'notice' },
        element('h2', {}, title),
        element('p', {}, text),
        ...actions.map((action) => actionButton(action)),
      ),
    ],
    places: [],
    announcement: `${title} ${text}`,
  };
}

class SummaryPage {
  private readonly summary: Summary;
  private readonly folders: readonly FolderChoice[];
  private readonly links = new Links();

  constructor(summary: Summary, folders: readonly FolderChoice[]) {
    this.summary = summary;
    this.folders = folders;
  }

  render(): Rendered {
    const { state, decision, scope, meshes, membership, mtls, findings, licences } = this.summary;
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
      ...(decision === null ? [] : [verdictSection(decision)]),
      ...this.pickers(),
      ...(decision === null ? [] : decisionSections(decision, this.links)),
      section(
        'Meshes',
        'meshes',
        meshes.length === 0 ? [nothing('No mesh found.')] : [bullets(meshes.map((mesh) => this.mesh(mesh)))],
      ),
      section(
        'Workloads',
        'workloads',
        membership.length === 0 ? [nothing('No workloads of your own here.')] : membership.map((group) => this.group(group)),
      ),
      section('Mutual TLS', 'mtls', mtls.length === 0 ? [nothing(noMtls(membership))] : [this.links.claims(mtls)]),
      section('Findings', 'findings', this.findings(findings)),
      ...(scope.length === 0 ? [] : [section('This environment', 'scope', [this.links.claims(scope)])]),
      ...(licences.length === 0 ? [] : [section('Licences', 'licences', [this.links.claims(licences)])]),
    ];
    return { nodes, places: this.links.places, announcement: this.announcement() };
  }

  private framed({ nodes, announcement }: Rendered): Rendered {
    return { nodes: [...this.pickers(), ...nodes], places: [], announcement };
  }

  private announcement(): string {
    const { decision, findings } = this.summary;
    const counts = findings.filter(({ count }) => count > 0).map(({ count, severity }) => counted(count, severity));
    return [visible(decision?.sentence ?? ''), counts.length === 0 ? 'No findings.' : `${counts.join(', ')}.`].join(' ').trim();
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

  private mesh(mesh: MeshClaim): readonly TreeNode[] {
    const version: readonly TreeNode[] =
      mesh.version === null
        ? [element('span', { class: 'aside' }, 'version not shown')]
        : [element('span', { class: 'aside' }, 'version '), ...this.links.claim(mesh.version)];
    return [...this.links.claim(mesh), ' ', ...version];
  }

  private group({ standing, title, count, reasons }: WorkloadGroup): TreeElement {
    const named = reasons.reduce((sum, { workloads }) => sum + workloads.length, 0);
    const content = reasons.flatMap(({ reason, workloads }, i) => [
      ...(reason === null ? [] : [element('p', { key: `reason-${i}`, class: 'reason' }, ...this.links.claim(reason))]),
      this.links.claims(workloads, `list-${i}`),
    ]);
    return disclosure(standing, title, count, content, count - named);
  }

  private findings(groups: readonly FindingGroup[]): TreeNode[] {
    const some = groups.filter(({ count }) => count > 0);
    if (some.length === 0 && this.summary.environments.length < 2) return [nothing('None.')];
    return [
      ...(some.length === 0 ? [nothing('None in this environment.')] : []),
      ...some.map(({ severity, count, findings }) => {
        return disclosure(severity, SEVERITY_TITLES[severity], count, [this.links.claims(findings)], count - findings.length);
      }),
      actionButton('problems'),
    ];
  }
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

/** Why nothing is said about mutual TLS. */
function noMtls(membership: readonly WorkloadGroup[]): string {
  return membership.length === 0
    ? 'No workloads that could need it.'
    : 'Unknown: these files do not show whether the workloads join a mesh.';
}
