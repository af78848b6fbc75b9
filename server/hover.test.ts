import { describe, expect, it } from 'vitest';
import { MarkupKind } from 'vscode-languageserver/node';
import type { Hover } from 'vscode-languageserver/node';
import { workspaceOf } from '../test/support/lint';
import type { Files } from '../test/support/lint';
import { joined, marked, offsetOf, service, workload } from '../test/support/mesh-samples';
import { hoverAt } from './explanations';
import { literal, toMarkdown, toPlainText } from './markdown';
import { visible } from './visible';

function hover(files: Files, file: string, needle: string, kind?: MarkupKind): Hover | null {
  const folder = {
    workspace: workspaceOf(files, []),
    offsetAt: () => offsetOf(files[file] ?? '', needle),
    uriOf: (path: string) => `file:///repo/${path}`,
  };
  return hoverAt(folder, file, { line: 0, character: 0 }, kind);
}

const files = {
  'a.yaml': joined(
    marked('shop', 'labels', 'istio-injection: enabled'),
    workload('cart', { in: 'shop' }),
    service('cart', { in: 'shop' }),
  ),
};

describe('a hover', () => {
  it('is Markdown with links to what it rests on, at the word that it is about', () => {
    expect(hover(files, 'a.yaml', 'Deployment')).toEqual({
      contents: {
        kind: 'markdown',
        value: [
          '**Deployment shop/cart**',
          '',
          '- Istio sidecar: Namespace shop has label istio-injection=enabled ([a.yaml:6](file:///repo/a.yaml#L6,22)).',
          '- No Linkerd proxy: neither Namespace shop nor the pod template has annotation linkerd.io/inject ([a.yaml:4](file:///repo/a.yaml#L4,9)).',
          "- mTLS PERMISSIVE, which is Istio's default: no PeerAuthentication here sets another mode.",
          '- Selected by [Service shop/cart](file:///repo/a.yaml#L27,9).',
        ].join('\n'),
      },
      range: { start: { line: 8, character: 6 }, end: { line: 8, character: 16 } },
    });
  });

  it('is plain text for a client that shows no Markdown', () => {
    expect(hover(files, 'a.yaml', 'istio-injection', MarkupKind.PlainText)?.contents).toEqual({
      kind: 'plaintext',
      value:
        "istio-injection=enabled, label of Namespace shop\n- Gives the pods of 1 workload Istio's sidecar: Deployment shop/cart.",
    });
  });

  it('is nothing where there is nothing to say', () => {
    expect(hover(files, 'a.yaml', 'apiVersion')).toBeNull();
  });
});

const HOSTILE = [
  '[click](command:workbench.action.terminal.new)',
  '<img src=x onerror=alert(1)>',
  '**bold** `code` ~~struck~~ | table |',
  '![i](https://example.org/x.png) https://example.org www.example.org a@example.org',
  '# heading',
  '$(alert) &amp; &#60;b&#62;',
  '\\[a\\](b)',
];

describe('hostile text', () => {
  it.each(HOSTILE)('%s is shown literally', (name) => {
    const text = service('x').replace('name: x', `name: ${JSON.stringify(name)}`);
    const value = (hover({ 'a.yaml': text }, 'a.yaml', 'Service')?.contents as { value: string }).value;
    expect(value.split('\n')[0]).toBe(`**Service ${literal(name)}**`);
    // Nothing that means something to Markdown stands without its backslash.
    const bare = literal(name).replace(/\\[!-/:-@[-`{-~]/g, '');
    expect(bare).not.toMatch(/[`*_[\]<>&~|!#+@\\]|:\/\/|www\.|^-|^\d+[.)]/i);
  });

  it('keeps to its line, and shows what is not seen', () => {
    expect(visible('a\nb\r\n- c\td')).toBe('a b - c d');
    expect(visible('safe\u202Efdp.exe\u200B\u0000\uFEFF\u2028')).toBe('safe<U+202E>fdp.exe<U+200B>\\x00<U+FEFF><U+2028>');
    expect(visible('\uD800 \u{E0041}')).toBe('<U+D800> <U+E0041>');
    expect(literal('\u202E')).toBe('\\<U\\+202E\\>');
    expect(literal('- a')).toBe('\\- a');
    expect(literal('1. a')).toBe('1\\. a');
    expect(literal('istio-injection=enabled, a/b:6')).toBe('istio-injection=enabled, a/b:6');
    expect(literal('日本語 größe 🙂')).toBe('日本語 größe 🙂');
    expect(visible('x'.repeat(10_000))).toHaveLength(2001);
    expect(literal('x'.repeat(10_000))).toHaveLength(201);
  });

  it('cannot end a link early, nor choose where it leads', () => {
    const place = { file: 'a.yaml', range: { start: { line: 2, column: 3 }, end: { line: 2, column: 4 } } };
    const sections = [{ title: 't', statements: [{ environments: ['a](b)'], parts: [{ text: 'x](command:y)', place }] }] }];
    expect(toMarkdown(sections, () => 'file:///a)b(c/<d> "e"[f]\\g\'h*i_j')).toBe(
      '**t**\n\n- a\\](b): [x\\](command:y)](file:///a%29b%28c/%3Cd%3E%20%22e%22%5Bf%5D%5Cg%27h%2Ai_j#L2,3)',
    );
    expect(toPlainText(sections)).toBe('t\n- a](b): x](command:y)');
  });
});
