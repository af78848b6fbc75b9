import { painter } from '../../cli/colour';
import { formatDecisionMarkdown } from '../../cli/format-decision-markdown';
import { formatDecisionPretty } from '../../cli/format-decision-pretty';
import { formatJson } from '../../cli/format-json';
import { formatPretty } from '../../cli/format-pretty';
import { render } from '../../client/webview/render';
import type { Rendered } from '../../client/webview/render';
import type { TreeNode } from '../../client/webview/tree';
import { askDecisions } from '../../engine/answers/decisions';
import { askExplanation } from '../../engine/answers/explanation';
import { askReport } from '../../engine/answers/report';
import type { Workspace } from '../../engine/workspace';
import { toDiagnostic } from '../../server/diagnostics';
import { lensesIn } from '../../server/explanations';
import type { Folder } from '../../server/folder';
import { summaryOf } from '../../server/folder-summary';
import { toMarkdown, toPlainText } from '../../server/markdown';
import { DEFAULT_SETTINGS } from '../../server/settings';
import { UriSpace } from '../../server/uris';
import type { Files } from '../support/lint';
import { jsonFaults, markdownFaults, recordFaults, terminalFaults, textFaults } from './payloads';

/** Each format of the command, by the name of its file in `cli/`, and how its output is looked at. */
export const FORMATS: Readonly<
  Record<
    string,
    { readonly write: (workspace: Workspace, files: Files) => readonly string[]; readonly faults: (output: string) => string[] }
  >
> = {
  'format-decision-markdown': {
    write: (workspace) => {
      const { leading, others } = askDecisions(workspace);
      return leading === undefined ? [] : [formatDecisionMarkdown(leading, others)];
    },
    faults: recordFaults,
  },
  'format-decision-pretty': {
    write: (workspace) => {
      const { leading, others } = askDecisions(workspace);
      return leading === undefined ? [] : [true, false].map((colours) => formatDecisionPretty(leading, others, painter(colours)));
    },
    faults: terminalFaults,
  },
  'format-json': {
    write: (workspace) => [formatJson(askReport(workspace)), formatJson({ version: 1, ...askDecisions(workspace) })],
    faults: jsonFaults,
  },
  'format-pretty': {
    write: (workspace, files) => {
      const sources = new Map(Object.entries(files));
      return [true, false].map((colours) =>
        formatPretty(askReport(workspace), { sources, paint: painter(colours), columns: 100 }),
      );
    },
    faults: terminalFaults,
  },
};

/** Everything that is shown of a repository, and what is wrong with it. */
export interface Shown {
  /** All of it in one text. */
  readonly text: string;
  readonly faults: readonly string[];
}

/**
 * Asks for everything about a workspace that holds these files, in every form in which somebody gets to see it.
 * @param explained whether to ask for a hover at each word and for lenses as well, which takes long
 */
export function show(workspace: Workspace, files: Files, explained = true): Shown {
  const uris = new UriSpace('file:///repo', '/repo', undefined, false);
  const uriOf = (path: string): string => uris.uriOf(path);
  const folder = { uri: 'file:///repo', workspace, uriOf, settings: DEFAULT_SETTINGS };
  const outputs: string[] = [];
  const faults: string[] = [];
  const take = (what: string, output: string, look: (output: string) => readonly string[]): void => {
    outputs.push(output);
    faults.push(...look(output).map((fault) => `${what} ${fault}`));
  };
  for (const [name, { write, faults: look }] of Object.entries(FORMATS)) {
    for (const output of write(workspace, files)) take(name, output, look);
  }
  const shape = { related: true, codeDescription: true, tags: new Set<never>() };
  for (const finding of workspace.findings()) {
    // It asks a folder for nothing else.
    const { message, relatedInformation = [] } = toDiagnostic(finding, folder as unknown as Folder, shape);
    if (typeof message !== 'string') throw new Error('a message is to be plain text, whatever the protocol allows');
    for (const text of [message, ...relatedInformation.map((related) => related.message)]) take('a diagnostic', text, textFaults);
  }
  for (const [path, text] of explained ? Object.entries(files) : []) {
    for (const { command } of lensesIn(folder, path, true)) take('a lens', command?.title ?? '', textFaults);
    for (const { index } of text.matchAll(/[^\s:]+/g)) {
      const sections = askExplanation(workspace, path, index + 1)?.sections ?? [];
      take('a hover', toMarkdown(sections, uriOf), markdownFaults);
      for (const line of toPlainText(sections).split('\n')) take('a plain hover', line, textFaults);
    }
  }
  for (const environment of workspace.environmentNames()) {
    const page = render({ type: 'summary', summary: summaryOf(folder, environment), folders: [] });
    outputs.push(...textsOf(page.nodes));
    faults.push(...pageFaults(page).map((fault) => `the sidebar ${fault}`));
  }
  return { text: outputs.join('\n'), faults };
}

const ATTRIBUTES =
  /^(?:class|type|id|name|value|selected|min|step|inputmode|scope|role|aria-[a-z]+|data-(?:place|action|picker|ask|column|from|to))$/;
/** Those that the page's script reckons with. */
const NUMBERS = /^data-(?:place|from|to)$/;

/** Elements cannot be other than those of `Tag`, and texts are set as texts: what is left is what attributes and texts say. */
function pageFaults({ nodes, announcement }: Rendered): string[] {
  const odd = attributesOf(nodes).flatMap(([name, value]) =>
    ATTRIBUTES.test(name) && (!NUMBERS.test(name) || /^\d+(?:\.\d+)?$/.test(value)) ? [] : [`has ${name}=${value}`],
  );
  return [...odd, ...[announcement, ...textsOf(nodes)].flatMap(textFaults)];
}

function attributesOf(nodes: readonly TreeNode[]): [name: string, value: string][] {
  return nodes.flatMap((node) =>
    typeof node === 'string' ? [] : [...Object.entries(node.attributes ?? {}), ...attributesOf(node.children)],
  );
}

function textsOf(nodes: readonly TreeNode[]): string[] {
  return nodes.flatMap((node) => (typeof node === 'string' ? [node] : textsOf(node.children)));
}
