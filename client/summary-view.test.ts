import { beforeEach, expect, it, vi } from 'vitest';
import type { Memento, Uri, WebviewView } from 'vscode';
import type { Summary } from '../server/protocol';
import { Choices } from './choices';
import type { FromPage, ToPage } from './messages';
import type { Server } from './server';
import { SummaryView } from './summary-view';

/** As much of the editor as the view uses. */
vi.mock('vscode', () => {
  class EventEmitter<T> {
    private readonly listeners: ((event: T) => void)[] = [];
    readonly event = (listener: (event: T) => void): { dispose: () => void } => {
      this.listeners.push(listener);
      return { dispose: () => undefined };
    };
    fire(event: T): void {
      for (const listener of this.listeners) listener(event);
    }
    dispose(): void {
      this.listeners.length = 0;
    }
  }
  const nothing = { dispose: (): void => undefined };
  const folder = (name: string): unknown => ({ uri: { scheme: 'file', toString: () => `file:///${name}` }, name });
  return {
    EventEmitter,
    Uri: { joinPath: (base: unknown) => base },
    commands: { executeCommand: () => Promise.resolve() },
    window: { registerWebviewViewProvider: () => nothing },
    workspace: { workspaceFolders: [folder('shop'), folder('bank')], onDidChangeWorkspaceFolders: () => nothing },
  };
});

const ENVIRONMENTS: Readonly<Record<string, readonly string[]>> = { 'file:///shop': ['dev', 'prod'], 'file:///bank': ['live'] };

/** A server whose summaries say nothing but what they are of. It leads with the last environment. */
const summaryOf = ({ folder, environment }: { folder: string; environment?: string }): Summary => {
  const environments = [...(ENVIRONMENTS[folder] ?? [])];
  const shown = environment !== undefined && environments.includes(environment) ? environment : (environments.at(-1) ?? null);
  const empty = { scope: [], meshes: [], membership: [], mtls: [], findings: [], licences: [] };
  return { folder, state: 'ready', environment: shown, environments, decision: null, ...empty };
};

let memory: Map<string, unknown>;
let asked: { folder: string; environment?: string }[];

beforeEach(() => {
  memory = new Map();
  asked = [];
});

/** A window with the view open: what its page is told, and a way to say what the page would. */
function openView(): { readonly told: ToPage[]; readonly choices: Choices; readonly say: (message: unknown) => Promise<void> } {
  const memento = {
    get: (key: string) => memory.get(key),
    update: (key: string, value: unknown) => Promise.resolve(void memory.set(key, value)),
  };
  const choices = new Choices(memento as unknown as Memento);
  const nothing = { dispose: (): void => undefined };
  const server = {
    state: 'ready',
    onDidChangeSummary: () => nothing,
    onDidChangeState: () => nothing,
    summary: (params: { folder: string; environment?: string }) => {
      asked.push(params);
      return Promise.resolve(summaryOf(params));
    },
  };
  const told: ToPage[] = [];
  let hear: (message: unknown) => void = () => undefined;
  const view = new SummaryView({ toString: () => '' } as unknown as Uri, server as unknown as Server, choices);
  view.resolveWebviewView({
    visible: true,
    webview: {
      cspSource: '',
      asWebviewUri: (uri: unknown) => uri,
      onDidReceiveMessage: (listener: (message: unknown) => void) => {
        hear = listener;
        return nothing;
      },
      postMessage: (message: ToPage) => Promise.resolve(told.push(message) > 0),
    },
    onDidChangeVisibility: () => nothing,
    onDidDispose: () => nothing,
  } as unknown as WebviewView);
  return {
    told,
    choices,
    say: async (message) => {
      hear(message);
      // What it asks for and is told comes within this turn.
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

const shownBy = (told: readonly ToPage[]): (string | null)[] =>
  told.map((message) => (message.type === 'summary' ? message.summary.environment : message.type));
const pick = (name: string): FromPage => ({ type: 'environment', name });

it('shows the environment that the server leads with, until somebody picks another', async () => {
  const { told, say } = openView();
  await say({ type: 'ready' });
  await say(pick('dev'));
  expect(shownBy(told)).toEqual(['prod', 'dev']);
  expect(asked).toEqual([{ folder: 'file:///shop' }, { folder: 'file:///shop', environment: 'dev' }]);
});

it('keeps the choice for the folder, in other windows too, and tells who follows it', async () => {
  const first = openView();
  const changed: string[] = [];
  first.choices.onDidChange((folder) => changed.push(folder));
  await first.say({ type: 'ready' });
  await first.say(pick('dev'));
  expect(changed).toEqual(['file:///shop']);
  const second = openView();
  await second.say({ type: 'ready' });
  expect(shownBy(second.told)).toEqual(['dev']);
  expect(second.choices.environment('file:///shop')).toBe('dev');
});

it('takes no environment that the folder does not have, nor one of a page that shows nothing', async () => {
  const { told, say } = openView();
  await say(pick('dev'));
  expect([told, asked]).toEqual([[], []]);
  await say({ type: 'ready' });
  for (const message of [pick('live'), pick('constructor'), { type: 'environment' }, { type: 'environment', name: 7 }])
    await say(message);
  expect(shownBy(told)).toEqual(['prod']);
  expect([...memory]).toEqual([]);
});

it('has a choice for each folder of the window', async () => {
  const { told, say } = openView();
  await say({ type: 'ready' });
  await say(pick('dev'));
  await say({ type: 'folder', uri: 'file:///bank' });
  await say({ type: 'folder', uri: 'file:///shop' });
  expect(shownBy(told)).toEqual(['prod', 'dev', 'live', 'dev']);
});
