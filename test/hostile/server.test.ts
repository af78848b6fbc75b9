import { expect, test } from 'vitest';
import type { CodeAction, CodeLens, Hover, MarkupContent } from 'vscode-languageserver/node';
import { render } from '../../client/webview/render';
import type { TreeNode } from '../../client/webview/tree';
import type { Summary } from '../../server/protocol';
import { CART, ENABLED, MISPLACED, namespace, session } from '../protocol/session';
import { PULLS } from '../support/language-client';
import { markdownFaults, MARK, PAYLOADS, textFaults } from './payloads';

const { start, folder } = session();

const SHOWS = {
  ...PULLS,
  textDocument: { ...PULLS.textDocument, hover: { contentFormat: ['markdown' as const, 'plaintext' as const] } },
};

/** A name that a disk allows; on Windows, fewer are. */
const fileName = (text: string): string => text.replace(/[\0-\x1f/\\<>:"|?*]|[ .]+$|\p{Cs}/gu, '∕').slice(0, 80);

const textsOf = (nodes: readonly TreeNode[]): string[] =>
  nodes.flatMap((node) => (typeof node === 'string' ? [node] : textsOf(node.children)));

test.each(Object.entries(PAYLOADS))('what the server says of names that are %s', async (_, payload) => {
  const name = JSON.stringify(payload);
  const path = `${fileName(payload)}.yaml`;
  const shop = folder({
    'namespace.yaml': `${namespace(ENABLED)}---\n${namespace().replace('shop', name)}`,
    [path]: CART.replace('name: cart', `name: ${name}`).replace(
      '    linkerd.io/inject',
      `    ${name}: ${name}\n    linkerd.io/inject`,
    ),
    'mode.yaml': CART.replace('inject: disabled', `inject: ${name}`).replaceAll('cart', 'other'),
    '.mesh-lint.yaml': `environments:\n  ${name}: { root: "" }\n${name}: ${name}\n`,
  });
  const client = await start({ folders: [shop.uri], capabilities: SHOWS });
  const uri = shop.uriOf(encodeURIComponent(path));
  const text = shop.read(path);
  await client.open(uri, text);
  const diagnostics = await client.diagnostics(uri);
  expect(diagnostics.map(({ code }) => code)).toEqual([MISPLACED]);
  const all = await Promise.all(
    ['namespace.yaml', 'mode.yaml', '.mesh-lint.yaml'].map((other) => client.diagnostics(shop.uriOf(other))),
  );
  const shown: string[] = [];
  for (const { message, relatedInformation } of [...diagnostics, ...all.flat()]) {
    shown.push(message as string, ...(relatedInformation ?? []).map((related) => related.message));
  }
  const everywhere = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const actions: CodeAction[] = await client.actions(uri, everywhere, diagnostics);
  expect(actions.length).toBeGreaterThan(0);
  shown.push(...actions.map(({ title }) => title));
  const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
  expect(lenses.length).toBeGreaterThan(0);
  for (const { command } of lenses) {
    shown.push(command?.title ?? '');
    // Commands are ours, whatever a name says.
    expect(command?.command).toBe('meshLint.showPlace');
  }
  const summary = await client.request<Summary>('meshLint/summary', {});
  shown.push(...textsOf(render({ type: 'summary', summary, folders: [] }).nodes));
  expect(shown.join(' ')).toContain(MARK);
  expect(shown.flatMap(textFaults)).toEqual([]);
  const lines = text.split('\n');
  for (const line of lines.keys()) {
    for (const character of [2, 7, 12]) {
      const hover = await client.request<Hover | null>('textDocument/hover', {
        textDocument: { uri },
        position: { line, character },
      });
      const { kind, value } = (hover?.contents ?? { kind: 'markdown', value: '' }) as MarkupContent;
      expect(kind).toBe('markdown');
      expect(markdownFaults(value.replaceAll(shop.uri, 'file:///repo'))).toEqual([]);
    }
  }
  expect(await client.stop()).toBe(0);
});
