import { renameSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Diagnostic, FullDocumentDiagnosticReport } from 'vscode-languageserver/node';
import { Random } from '../fuzz/random';
import { TEXT_CHANGES } from '../fuzz/texts';
import { IS_TOLD, PULLS } from '../support/language-client';
import type { Folder, LanguageClient } from '../support/language-client';
import { workspaceOf } from '../support/lint';
import { CART, ENABLED, MISPLACED, namespace, pod, session } from './session';

const { start, folder } = session();

/** Rules and ranges of a file, as a fresh start of the engine has them. */
function expected(files: ReadonlyMap<string, string>, path: string): string[] {
  const sorted = Object.fromEntries([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
  const findings = workspaceOf(sorted).findings();
  return findings
    .filter(({ reported }) => reported.file === path)
    .map(
      ({ reported: { rule, range } }) =>
        `${rule} ${range.start.line}:${range.start.column}-${range.end.line}:${range.end.column}`,
    );
}

function shown(diagnostics: readonly Diagnostic[]): string[] {
  return diagnostics.map(
    ({ code, range: { start: from, end: to } }) =>
      `${String(code)} ${from.line + 1}:${from.character + 1}-${to.line + 1}:${to.character + 1}`,
  );
}

const SHOP: Readonly<Record<string, string>> = {
  'namespace.yaml': namespace(ENABLED),
  'cart.yaml': CART,
  'pods.yaml': [pod('a'), pod('b', 'disabled'), pod('c')].join('---\n'),
  'kustomization.yaml': 'resources: [namespace.yaml, cart.yaml, pods.yaml]\npatches: [{ path: patch.yaml }]\n',
  'patch.yaml': 'kind: Deployment\nmetadata: { name: cart, namespace: shop, labels: { a: b } }\n',
  '.mesh-lint.yaml': 'rules: { istio: warning }\n',
};

describe('a server that is killed in a storm of edits', () => {
  /** The folder on disk and what is typed over it: all that is left when the server is gone. */
  class Storm {
    readonly disk = new Map(Object.entries(SHOP));
    readonly open = new Map<string, string>();
    private readonly shop: Folder;
    private readonly random: Random;

    constructor(seed: number) {
      this.shop = folder(SHOP);
      this.random = new Random(seed);
    }

    async restart(): Promise<LanguageClient> {
      const client = await start({ folders: [this.shop.uri] });
      for (const [path, text] of this.open) await client.open(this.shop.uriOf(path), text);
      return client;
    }

    /** One thing that happens in an editor, or beside it. */
    async gust(client: LanguageClient): Promise<void> {
      const { random, shop } = this;
      const path = random.pick(Object.keys(SHOP));
      const uri = shop.uriOf(path);
      const ask = (): void => void client.pull(uri).catch(() => undefined);
      switch (random.below(8)) {
        case 0:
          if (this.open.delete(path)) await client.close(uri);
          break;
        case 1:
          this.disk.set(path, this.changed(this.disk.get(path) ?? ''));
          shop.write(path, this.disk.get(path) ?? '');
          await client.watched([uri, 2]);
          break;
        case 2:
          if (this.disk.delete(path)) shop.delete(path);
          await client.watched([uri, 3]);
          break;
        case 3:
          ask();
          void client
            .request('textDocument/hover', { textDocument: { uri }, position: { line: 3, character: 9 } })
            .catch(() => undefined);
          break;
        default: {
          const before = this.open.get(path);
          const text = random.once(8) ? (SHOP[path] ?? '') : this.changed(before ?? this.disk.get(path) ?? SHOP[path] ?? '');
          this.open.set(path, text);
          if (before === undefined) await client.open(uri, text);
          else await client.edit(uri, text);
          if (random.once(2)) ask();
        }
      }
    }

    /** What the server shows of every file, and what it should. */
    async compare(client: LanguageClient): Promise<{ readonly is: unknown; readonly shouldBe: unknown }> {
      const files = new Map([...this.disk, ...this.open]);
      const [is, shouldBe] = [new Map<string, string[]>(), new Map<string, string[]>()];
      for (const path of files.keys()) {
        shouldBe.set(path, expected(files, path));
        is.set(path, shown(await client.diagnostics(this.shop.uriOf(path))));
      }
      return { is, shouldBe };
    }

    /** A text as a disk gives it back: half a character is none there, and what holds NUL is no text. */
    private changed(text: string): string {
      const { change } = this.random.pick(TEXT_CHANGES);
      const changed = change(text, this.random, () => this.random.pick(Object.values(SHOP)));
      return Buffer.from(changed.slice(0, 20_000)).toString().replaceAll('\0', '');
    }
  }

  test.each([1, 2, 3])(
    'is right again after a new start (%i)',
    async (seed) => {
      const storm = new Storm(seed);
      const random = new Random(seed, 7);
      for (let round = 0; round < 4; round++) {
        const client = await storm.restart();
        if (round > 0) {
          const { is, shouldBe } = await storm.compare(client);
          expect(is).toEqual(shouldBe);
        }
        const killedAfter = random.between(0, 60);
        for (let i = 0; i < killedAfter; i++) {
          await storm.gust(client);
          if (random.once(6)) await new Promise((resolve) => setTimeout(resolve, random.below(8)));
        }
        client.kill();
      }
      const last = await storm.restart();
      const { is, shouldBe } = await storm.compare(last);
      expect(is).toEqual(shouldBe);
      expect(last.logged.filter((message) => /fail|Error/.test(message))).toEqual([]);
      expect(await last.stop()).toBe(0);
    },
    60_000,
  );
});

const COMMANDS = ['meshLint.openRule', 'meshLint.showPlace', 'meshLint.explain'];
const REQUESTS = [
  'textDocument/hover',
  'textDocument/codeLens',
  'textDocument/codeAction',
  'textDocument/completion',
  'textDocument/diagnostic',
  'workspace/diagnostic',
  'workspace/executeCommand',
  'meshLint/summary',
];
const NOTIFICATIONS = [
  'textDocument/didOpen',
  'textDocument/didChange',
  'textDocument/didClose',
  'textDocument/didSave',
  'workspace/didChangeConfiguration',
  'workspace/didChangeWatchedFiles',
  'workspace/didChangeWorkspaceFolders',
  '$/cancelRequest',
  '$/setTrace',
  'window/workDoneProgress/cancel',
];

test('the requests tried here are all that the server offers', async () => {
  const client = await start();
  const { capabilities } = client.initialized ?? {};
  expect(
    Object.keys(capabilities ?? {})
      .filter((name) => name.endsWith('Provider'))
      .sort(),
  ).toEqual([
    'codeActionProvider',
    'codeLensProvider',
    'completionProvider',
    'diagnosticProvider',
    'executeCommandProvider',
    'hoverProvider',
  ]);
  expect(COMMANDS).toEqual(expect.arrayContaining([...(capabilities?.executeCommandProvider?.commands ?? [])]));
});

describe('out of turn', () => {
  const textDocument = (shop: Folder): unknown => ({
    textDocument: { uri: shop.uriOf('pod.yaml') },
    position: { line: 6, character: 5 },
    range: { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } },
    context: { diagnostics: [] },
    previousResultIds: [],
    command: 'meshLint.openRule',
  });

  test('before initialize all is refused, and nothing of it is remembered', async () => {
    const shop = folder({ 'pod.yaml': pod('a') });
    const client = await start({ initialize: false });
    for (const method of REQUESTS)
      await expect(client.request(method, textDocument(shop)), method).rejects.toMatchObject({ code: -32002 });
    for (const method of NOTIFICATIONS) await client.notify(method, textDocument(shop));
    await client.notify('initialized', {});
    await client.initialize({ folders: [shop.uri] });
    expect(await client.codes(shop.uriOf('pod.yaml'))).toEqual([MISPLACED]);
    expect(await client.stop()).toBe(0);
  });

  test('after shutdown all is refused, and nothing of it ends the server before its time', async () => {
    const shop = folder({ 'pod.yaml': pod('a') });
    const client = await start({ folders: [shop.uri] });
    await client.open(shop.uriOf('pod.yaml'), pod('b'));
    await client.request('shutdown', undefined);
    for (const method of NOTIFICATIONS) await client.notify(method, textDocument(shop));
    for (const method of REQUESTS)
      await expect(client.request(method, textDocument(shop)), method).rejects.toMatchObject({ code: -32600 });
    expect(await client.exit()).toBe(0);
  });
});

describe('parameters of no shape', () => {
  const uri = 'file:///no/such/place.yaml';
  const far = Number.MAX_SAFE_INTEGER;
  const SHAPES: readonly unknown[] = [
    null, [], [null], {}, { textDocument: null }, { textDocument: [] }, { textDocument: { uri: null } }, { textDocument: { uri: { uri } } }, { textDocument: { uri: '\0' } }, { textDocument: { uri: 'file://' } }, { textDocument: { uri: 'file:///%' } },
    { textDocument: { uri: `file:///${'a'.repeat(10_000)}.yaml` } }, { previousResultIds: null }, { previousResultIds: [null] }, { previousResultIds: [{ uri: 7, value: {} }], partialResultToken: {} }, { command: null }, { command: '__proto__', arguments: [] }, { command: 'constructor' }, { folder: 7, environment: {} }, { folder: '__proto__' },
  ]; // prettier-ignore
  const positions = (at: string): unknown[] =>
    [null, {}, { line: -1, character: -1 }, { line: far, character: far }, { line: '0', character: '0' }, { line: 0.5, character: 1e300 }].map(
      (position) => ({ textDocument: { uri: at }, position, range: { start: position, end: position }, context: { diagnostics: null, only: 7 } }),
    ); // prettier-ignore
  const COMMAND_ARGUMENTS: readonly unknown[] = [undefined, null, {}, [], [null], [uri], [uri, null], [uri, { start: { line: -1 } }], [{}, {}], ['istio/none', 7]]; // prettier-ignore

  test('no request is left without an answer, and the server goes on', async () => {
    const shop = folder({ 'pod.yaml': pod('a') });
    const client = await start({ folders: [shop.uri] });
    const own = shop.uriOf('pod.yaml');
    await client.open(own, pod('a'));
    let answered = 0;
    const settle = (method: string, params: unknown): Promise<unknown> => {
      const done = (): number => answered++;
      return client.request(method, params).then(done, done);
    };
    const asked: Promise<unknown>[] = [];
    for (const params of [...SHAPES, ...positions(own), ...positions(uri)]) {
      // A stream that is held open is answered in its time.
      for (const method of REQUESTS) {
        const isStream =
          method === 'workspace/diagnostic' && (params as { partialResultToken?: unknown } | null)?.partialResultToken;
        if (!isStream) asked.push(settle(method, params));
      }
    }
    for (const command of [...COMMANDS, 'no.such', '']) {
      for (const args of COMMAND_ARGUMENTS) asked.push(settle('workspace/executeCommand', { command, arguments: args }));
    }
    for (const params of [...SHAPES, ...positions('file:///no/such/other.yaml')]) {
      for (const method of NOTIFICATIONS) if (method !== '$/cancelRequest') await client.notify(method, params);
    }
    await Promise.all(asked);
    expect(answered).toBe(asked.length);
    expect(await client.codes(own)).toEqual([MISPLACED]);
    expect(await client.stop()).toBe(0);
  });

  test('edits of no shape leave the document as it was', async () => {
    const shop = folder({ 'pod.yaml': pod('a') });
    const client = await start({ folders: [shop.uri] });
    const own = shop.uriOf('pod.yaml');
    await client.open(own, pod('a'));
    for (const contentChanges of [
      null,
      {},
      [null],
      [{}],
      [{ text: 7 }],
      [{ range: null, text: null }],
      [{ range: {}, text: 'x' }],
    ]) {
      await client.notify('textDocument/didChange', { textDocument: { uri: own, version: 2 }, contentChanges });
    }
    await client.notify('textDocument/didChange', {
      textDocument: { uri: own, version: 3 },
      contentChanges: [{ text: pod('b') }],
    });
    expect(await client.codes(own)).toEqual([MISPLACED]);
    expect(await client.stop()).toBe(0);
  });
});

describe('a client that does not do its part', () => {
  const ASKED = [
    'workspace/configuration',
    'client/registerCapability',
    'client/unregisterCapability',
    'window/workDoneProgress/create',
    'workspace/diagnostic/refresh',
    'workspace/codeLens/refresh',
    'window/showDocument',
    'workspace/applyEdit',
  ];
  const EVERYTHING = { ...PULLS, workspace: { ...PULLS.workspace, codeLens: { refreshSupport: true } } };
  const many = Object.fromEntries(Array.from({ length: 150 }, (_, i) => [`pod-${i}.yaml`, pod(`p${i}`)]));

  /** What it does instead of answering. */
  const ANSWERS: readonly (readonly [what: string, answer: () => unknown])[] = [
    ['never answers', () => new Promise(() => undefined)],
    ['answers with errors', () => Promise.reject(new Error('no'))],
    ['answers with nothing', () => null],
    ['answers with something else', () => [{ rules: [7], codeLens: 'x', success: {} }, 7, 'x']],
  ];

  test.each(ANSWERS)(
    '%s, and is answered all the same',
    async (_, answer) => {
      const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED), ...many });
      const client = await start({ initialize: false });
      for (const method of ASKED) client.connection.onRequest(method, answer);
      await client.initialize({ folders: [shop.uri], capabilities: EVERYTHING });
      const uri = shop.uriOf('cart.yaml');
      const stream = client.stream();
      expect(await client.codes(uri)).toEqual([MISPLACED]);
      await client.open(uri, CART);
      await client.edit(uri, CART.replace('disabled', 'enabled'));
      expect(await client.codes(uri)).not.toEqual([MISPLACED]);
      shop.write('namespace.yaml', namespace());
      await client.watched([shop.uriOf('namespace.yaml'), 2]);
      void client
        .request('workspace/executeCommand', { command: 'meshLint.openRule', arguments: [MISPLACED] })
        .catch(() => undefined);
      await client.edit(uri, CART);
      await stream.until(() => stream.codes(shop.uriOf('pod-149.yaml')) !== undefined, 'the whole folder');
      await client.notify('workspace/didChangeWorkspaceFolders', {
        event: { added: [], removed: [{ uri: shop.uri, name: 'x' }] },
      });
      expect(await client.stop()).toBe(0);
    },
    20_000,
  );

  test.each(ANSWERS)(
    '%s, and is told all the same',
    async (_, answer) => {
      const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED) });
      const client = await start({ initialize: false });
      for (const method of ASKED) client.connection.onRequest(method, answer);
      await client.initialize({ folders: [shop.uri], capabilities: { ...IS_TOLD, workspace: EVERYTHING.workspace } });
      const uri = shop.uriOf('cart.yaml');
      await client.until(() => client.lastPublished(uri)?.diagnostics.length === 1, 'the first diagnostics');
      await client.open(uri, CART.replace('disabled', 'enabled'));
      await client.until(() => client.lastPublished(uri)?.version === 1, 'those of the open document');
      expect(await client.stop()).toBe(0);
    },
    20_000,
  );
});

describe('documents and files that nobody expects', () => {
  test('a document of 50 MB is not read, holds up nobody, and may become small again', async () => {
    const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED) });
    const client = await start({ folders: [shop.uri] });
    const [large, cart] = [shop.uriOf('large.yaml'), shop.uriOf('cart.yaml')];
    expect(await client.codes(cart)).toEqual([MISPLACED]);
    await client.open(large, `${pod('a')}# ${'x'.repeat(50_000_000)}\n`);
    expect(await client.codes(large)).toEqual(['manifest/too-large']);
    expect(await client.codes(cart)).toEqual([MISPLACED]);
    await client.notify('textDocument/didChange', {
      textDocument: { uri: large, version: 2 },
      contentChanges: [{ text: pod('a') }],
    });
    expect(await client.codes(large)).toEqual([MISPLACED]);
    expect(await client.stop()).toBe(0);
  }, 30_000);

  // Windows lets only some users make symbolic links.
  test.skipIf(process.platform === 'win32')(
    'a file, or a folder, that becomes a link out of the folder is not read any more',
    async () => {
      const outside = folder({ 'pod.yaml': pod('secret') });
      const shop = folder({ 'pod.yaml': pod('a'), 'sub/pod.yaml': pod('b'), 'kustomization.yaml': 'resources: [pod.yaml]\n' });
      const client = await start({ folders: [shop.uri] });
      const [file, below] = [shop.uriOf('pod.yaml'), shop.uriOf('sub/pod.yaml')];
      expect(await client.codes(file)).toEqual([MISPLACED]);
      rmSync(join(shop.path, 'pod.yaml'));
      symlinkSync(join(outside.path, 'pod.yaml'), join(shop.path, 'pod.yaml'));
      renameSync(join(shop.path, 'sub'), join(outside.path, 'sub'));
      symlinkSync(join(outside.path, 'sub'), join(shop.path, 'sub'));
      await client.watched([file, 2], [below, 2], [shop.uriOf('sub'), 1]);
      const stream = client.stream();
      await stream.until(() => stream.codes(shop.uriOf('kustomization.yaml'))?.length === 1, 'the missing resource');
      expect(await client.codes(file)).toEqual([]);
      expect(await client.codes(below)).toEqual([]);
      expect(await client.stop()).toBe(0);
    },
  );

  test('texts that no disk holds: halves of characters, NUL, marks', async () => {
    const shop = folder({});
    const client = await start({ folders: [shop.uri] });
    const uri = shop.uriOf('pod.yaml');
    await client.open(uri, pod('a'));
    for (const value of ['"\ud83d"', '"\0"', '\ufeff', '\u202e', '\x1b[2J', '"\\uD800"', '\r', '\u2028']) {
      const text = pod('a', value);
      await client.edit(uri, text);
      const report = (await client.pull(uri)) as FullDocumentDiagnosticReport;
      const lines = text.split(/\r\n|\r|\n/);
      for (const { range, message } of report.items) {
        expect(range.end.line, JSON.stringify(value)).toBeLessThan(lines.length);
        expect(range.end.character, JSON.stringify(value)).toBeLessThanOrEqual(lines[range.end.line]?.length ?? 0);
        expect(message).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}/u);
      }
    }
    expect(await client.stop()).toBe(0);
  });
});
