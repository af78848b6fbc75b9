import type { CodeAction, Diagnostic, Range } from 'vscode-languageserver/node';
import { expect, test } from 'vitest';
import type { LanguageClient } from '../support/language-client';
import { PULLS } from '../support/language-client';
import { CART, ENABLED, MISPLACED, namespace, pod, session } from './session';

const { start, folder } = session();
const KINDS = { fix: 'quickfix', all: 'source.fixAll.meshLint' };

async function actionsAt(client: LanguageClient, uri: string, diagnostic: Diagnostic): Promise<CodeAction[]> {
  return client.actions(uri, diagnostic.range, [diagnostic]);
}

test('a fix is offered with its diagnostic, and applying it takes the diagnostic away', async () => {
  const shop = folder({ 'namespace.yaml': namespace(ENABLED) });
  const client = await start({ folders: [shop.uri] });
  const uri = shop.uriOf('cart.yaml');
  await client.open(uri, CART);
  const [diagnostic] = await client.diagnostics(uri);
  const [fix] = (await actionsAt(client, uri, diagnostic!)).filter(({ isPreferred }) => isPreferred);
  expect(fix).toMatchObject({ kind: KINDS.fix, diagnostics: [diagnostic] });
  await client.apply(fix?.edit);
  expect(client.textOf(uri)).not.toBe(CART);
  expect(await client.codes(uri)).toEqual([]);
});

test('a client without versioned edits gets plain ones', async () => {
  const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED) });
  const client = await start({
    folders: [shop.uri],
    capabilities: { ...PULLS, workspace: { diagnostics: { refreshSupport: true } } },
  });
  const uri = shop.uriOf('cart.yaml');
  const [diagnostic] = await client.diagnostics(uri);
  const [fix] = (await actionsAt(client, uri, diagnostic!)).filter(({ isPreferred }) => isPreferred);
  expect(Object.keys(fix?.edit?.changes ?? {})).toEqual([uri]);
});

test('all safe fixes of a file at once, for those who ask for them', async () => {
  const shop = folder({});
  const client = await start({ folders: [shop.uri] });
  const uri = shop.uriOf('pods.yaml');
  await client.open(uri, [pod('a'), pod('b'), pod('c', 'sidecar')].join('---\n'));
  const [first] = await client.diagnostics(uri);
  const kinds = new Set((await actionsAt(client, uri, first!)).map(({ kind }) => kind));
  expect(kinds).toEqual(new Set([KINDS.fix]));
  for (const only of ['source', 'source.fixAll', KINDS.all]) {
    const actions = await client.actions(uri, first!.range, [], [only]);
    expect(actions.map(({ kind }) => kind)).toEqual([KINDS.all]);
  }
  const [all] = await client.actions(uri, first!.range, [], [KINDS.all]);
  await client.apply(all?.edit);
  expect(client.textOf(uri)).toBe([pod('a', '"disabled"'), pod('b', '"disabled"'), pod('c', 'sidecar')].join('---\n'));
  expect(await client.codes(uri)).toEqual([MISPLACED]);
  expect(await client.actions(uri, first!.range, [], [KINDS.all])).toEqual([]);
  expect(await client.actions(uri, first!.range, [], ['refactor'])).toEqual([]);
});

test('a comment disables a rule for a line, and another one joins it', async () => {
  const shop = folder({});
  const client = await start({ folders: [shop.uri] });
  const uri = shop.uriOf('pod.yaml');
  await client.open(uri, pod('a').replaceAll('\n', '\r\n'));
  const [diagnostic] = await client.diagnostics(uri);
  const disable = (actions: CodeAction[], title: string): CodeAction | undefined =>
    actions.find((action) => action.title === `Disable ${MISPLACED} for this ${title}`);
  await client.apply(disable(await actionsAt(client, uri, diagnostic!), 'line, with a reason')?.edit);
  expect(client.textOf(uri)).toContain(
    `\r\n    # mesh-lint-disable-next-line ${MISPLACED} -- reason\r\n    linkerd.io/inject: "no"\r\n`,
  );
  expect(await client.codes(uri)).toEqual([]);

  await client.edit(uri, client.textOf(uri).replace(`${MISPLACED} -- reason`, 'istio -- meant so'));
  const again = (await client.diagnostics(uri)).find(({ code }) => code === MISPLACED);
  await client.apply(disable(await actionsAt(client, uri, again!), 'line')?.edit);
  expect(client.textOf(uri)).toContain(`# mesh-lint-disable-next-line istio ${MISPLACED} -- meant so\r\n`);
  expect(await client.codes(uri)).not.toContain(MISPLACED);
});

test.each([
  ['the only document', pod('a'), 'file', `# mesh-lint-disable ${MISPLACED} -- reason\napiVersion`],
  ['behind a separator and a comment', `---\n# a\n${pod('a')}`, 'file', `---\n# mesh-lint-disable ${MISPLACED} -- reason\n# a\n`],
  [
    'the second document',
    `${pod('b', 'enabled')}---\n${pod('a')}`,
    'document',
    `---\n# mesh-lint-disable ${MISPLACED} -- reason\n`,
  ],
])('a comment disables a rule for a document: %s', async (_, text, what, expected) => {
  const shop = folder({});
  const client = await start({ folders: [shop.uri] });
  const uri = shop.uriOf('pod.yaml');
  await client.open(uri, text);
  const [diagnostic] = await client.diagnostics(uri);
  const action = (await actionsAt(client, uri, diagnostic!)).find(({ title }) => title.includes(`for this ${what},`));
  await client.apply(action?.edit);
  expect(client.textOf(uri)).toContain(expected);
  expect(await client.codes(uri)).toEqual([]);
});

test('a reason to be typed, where the client can leave the cursor in it', async () => {
  const shop = folder({ 'pod.yaml': pod('a') });
  const workspaceEdit = { documentChanges: true, snippetEditSupport: true };
  const client = await start({
    folders: [shop.uri],
    capabilities: { ...PULLS, workspace: { ...PULLS.workspace, workspaceEdit } },
  });
  const uri = shop.uriOf('pod.yaml');
  const [diagnostic] = await client.diagnostics(uri);
  const action = (await actionsAt(client, uri, diagnostic!)).find(({ title }) => title.includes('for this line'));
  expect(action?.edit?.documentChanges).toMatchObject([
    { edits: [{ snippet: { value: `    # mesh-lint-disable-next-line ${MISPLACED} -- \${1:reason}\n` } }] },
  ]);
});

test('no comments in JSON', async () => {
  const shop = folder({});
  const client = await start({ folders: [shop.uri] });
  const uri = shop.uriOf('pod.json');
  await client.open(
    uri,
    '{ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "p", "annotations": { "linkerd.io/inject": "no" } } }',
    'json',
  );
  const [diagnostic] = await client.diagnostics(uri);
  const titles = (await actionsAt(client, uri, diagnostic!)).map(({ title }) => title);
  expect(titles.some((title) => title.startsWith('Disable'))).toBe(false);
});

test("a rule's page is opened by the server, at an address of its own", async () => {
  const shop = folder({ 'pod.yaml': pod('a') });
  const client = await start({ folders: [shop.uri] });
  const uri = shop.uriOf('pod.yaml');
  const [diagnostic] = await client.diagnostics(uri);
  const action = (await actionsAt(client, uri, diagnostic!)).find(({ command }) => command !== undefined);
  expect(client.initialized?.capabilities.executeCommandProvider?.commands).toContain(action?.command?.command);
  expect(await client.request('workspace/executeCommand', action?.command)).toBe(true);
  expect(client.shown).toMatchObject([{ uri: diagnostic?.codeDescription?.href, external: true }]);
  for (const args of [['https://evil.example'], [], [{}]]) {
    expect(await client.request('workspace/executeCommand', { command: action?.command?.command, arguments: args })).toBe(false);
  }
  await expect(client.request('workspace/executeCommand', { command: 'no.such' })).rejects.toMatchObject({ code: -32602 });
  expect(client.shown).toHaveLength(1);
});

test('edits count UTF-16 code units', async () => {
  const shop = folder({});
  const client = await start({ folders: [shop.uri] });
  const json = `{ "a\u0301😀": 1, "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "p", "annotations": { "linkerd.io/inject": "no" } } }\n`;
  const yaml = pod('a').replace('  annotations:', '  annotations: # e\u0301👩‍🔧\n    "😀": "e\u0301"');
  for (const [name, text, language] of [
    ['pod.json', json, 'json'],
    ['pod.yaml', yaml, 'yaml'],
  ] as const) {
    const uri = shop.uriOf(name);
    await client.open(uri, text, language);
    const [diagnostic] = await client.diagnostics(uri);
    const [fix] = (await actionsAt(client, uri, diagnostic!)).filter(({ isPreferred }) => isPreferred);
    await client.apply(fix?.edit);
    expect(client.textOf(uri)).toBe(text.replace('"no"', '"disabled"'));
  }
});

test('only findings at the range asked about have actions', async () => {
  const shop = folder({});
  const client = await start({ folders: [shop.uri] });
  const uri = shop.uriOf('pods.yaml');
  await client.open(uri, [pod('a'), pod('b')].join('---\n'));
  const [first, second] = await client.diagnostics(uri);
  const titles = async (range: Range): Promise<number> => (await client.actions(uri, range)).length;
  const both = { start: first!.range.start, end: second!.range.end };
  expect(await titles(first!.range)).toBeGreaterThan(0);
  expect(await titles({ start: first!.range.end, end: first!.range.end })).toBe(await titles(first!.range));
  expect(await titles(both)).toBeGreaterThan(await titles(first!.range));
  expect(await titles({ start: { line: 0, character: 0 }, end: { line: 5, character: 0 } })).toBe(0);
  const [bound] = await client.actions(uri, first!.range, [first!, second!]);
  expect(bound?.diagnostics).toEqual([first]);
});

test('a client that takes no code actions is offered none', async () => {
  const client = await start({ capabilities: { ...PULLS, textDocument: { diagnostic: {}, codeAction: {} } } });
  expect(client.initialized?.capabilities.codeActionProvider).toBeUndefined();
});
