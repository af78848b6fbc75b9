import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, relative, sep } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { codeFromText, importsOf } from '../walls';

const root = join(import.meta.dirname, '../..');

/** Node's modules that start programs, run text as code, or reach a network. */
const FORBIDDEN =
  /^(?:node:)?(?:child_process|cluster|dgram|dns|http|http2|https|inspector|net|quic|repl|tls|vm|wasi|worker_threads)(?:\/|$)/;

/** What does the same without an import. */
const GLOBALS: ReadonlySet<string> = new Set([
  'fetch',
  'WebSocket',
  'WebSocketStream',
  'EventSource',
  'XMLHttpRequest',
  'RTCPeerConnection',
  'WebTransport',
  'importScripts',
  'Worker',
  'SharedWorker',
  'WebAssembly',
]);
const WAYS_ROUND: ReadonlySet<string> = new Set([
  'createRequire',
  'getBuiltinModule',
  'binding',
  '_linkedBinding',
  'dlopen',
  'sendBeacon',
  '_load',
  'mainModule',
]);
const TIMERS: ReadonlySet<string> = new Set(['setTimeout', 'setInterval', 'setImmediate']);

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

/** What a source reaches beyond itself and the disk, a line each. */
function reaches(source: ts.SourceFile): string[] {
  const found: string[] = [];
  for (const { specifier } of importsOf(source)) {
    if (specifier === undefined) found.push('imports what is computed');
    else if (FORBIDDEN.test(specifier)) found.push(`imports ${specifier}`);
  }
  found.push(...codeFromText(source, false).map(({ what }) => `calls ${what}`));
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) {
      if (GLOBALS.has(node.text) && isUsed(node)) found.push(`uses ${node.text}`);
      if (WAYS_ROUND.has(node.text)) found.push(`uses ${node.text}`);
    }
    if (ts.isStringLiteralLike(node) && WAYS_ROUND.has(node.text)) found.push(`names ${node.text}`);
    if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && TIMERS.has(node.expression.text)) {
      const [what] = node.arguments;
      if (what !== undefined && (ts.isStringLiteralLike(what) || ts.isTemplateExpression(what)))
        found.push(`runs text by ${node.expression.text}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

/** A name of a field, of a key, or in a type is no use of the global. */
function isUsed(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent))
    return parent.expression === node || /^(?:globalThis|window|self)$/.test(parent.expression.getText());
  if (ts.isTypeReferenceNode(parent) || ts.isQualifiedName(parent)) return false;
  return !(
    (ts.isPropertyAssignment(parent) ||
      ts.isPropertySignature(parent) ||
      ts.isMethodDeclaration(parent) ||
      ts.isPropertyDeclaration(parent)) &&
    parent.name === node
  );
}

const ROOMS = ['engine', 'rules', 'host', 'server', 'cli', 'schemas', 'client/webview'];

function sources(room: string): string[] {
  const entries = readdirSync(join(root, room), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && /\.[cm]?[jt]s$/.test(entry.name) && !entry.name.endsWith('.test.ts'));
  const paths = files.map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'));
  // What the build makes is looked at below, as it is shipped.
  return paths.filter((path) => !path.startsWith('schemas/generated/'));
}

describe('our own code starts no program, runs no text and reaches no network', () => {
  it.each(ROOMS)('%s', (room) => {
    const files = sources(room);
    expect(files.length).toBeGreaterThan(0);
    const found = files.flatMap((path) =>
      reaches(parse(path, readFileSync(join(root, path), 'utf8'))).map((what) => `${path}: ${what}`),
    );
    expect(found).toEqual([]);
  });

  it.each([
    ["import { spawn } from 'node:child_process';", 'imports node:child_process'],
    ["import type { Socket } from 'net';", 'imports net'],
    ["export * from 'dns/promises';", 'imports dns/promises'],
    ["const vm = await import('node:vm');", 'imports node:vm'],
    ["const { request } = require('https');", 'imports https'],
    ['await import(name);', 'imports what is computed'],
    ['await fetch(url);', 'uses fetch'],
    ['globalThis.fetch(url);', 'uses fetch'],
    ['const get = fetch;', 'uses fetch'],
    ["new WebSocket('ws://x');", 'uses WebSocket'],
    ["process.getBuiltinModule('net');", 'uses getBuiltinModule'],
    ["process['binding']('spawn_sync');", 'names binding'],
    ["import { createRequire } from 'node:module';", 'uses createRequire'],
    ["setTimeout('code', 0);", 'runs text by setTimeout'],
    ['eval(text);', 'calls eval'],
    ['new Function(text);', 'calls Function'],
  ])('%s would be found', (text, what) => {
    expect(reaches(parse('a.ts', text))).toContain(what);
  });

  it.each([
    'queue.fetch();',
    'interface A { fetch: string }',
    'const a = { fetch: 1 };',
    "import { readFileSync } from 'node:fs';",
    "import './net/a';",
    'setTimeout(() => {}, 0);',
  ])('%s is let through', (text) => {
    expect(reaches(parse('a.ts', text))).toEqual([]);
  });
});

interface Metafile {
  readonly inputs: Readonly<
    Record<string, { readonly imports: readonly { readonly path: string; readonly external?: boolean }[] }>
  >;
  readonly outputs: Readonly<
    Record<
      string,
      {
        readonly inputs: Readonly<Record<string, unknown>>;
        readonly imports: readonly { readonly path: string; readonly external?: boolean }[];
      }
    >
  >;
}

const read = (path: string): string => readFileSync(join(root, path), 'utf8');
const metafile = JSON.parse(read('dist/meta.json')) as Metafile;

/** Everything in dist/ that package.json ships, with the extension or as the command, and that runs. */
function shippedScripts(): string[] {
  const { files: installed, bin } = JSON.parse(read('package.json')) as {
    readonly files: readonly string[];
    readonly bin: Readonly<Record<string, string>>;
  };
  const files = [...installed, ...Object.values(bin)];
  const entries = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).map(
    (path) => `dist/${path.split(sep).join('/')}`,
  );
  const isShipped = (path: string): boolean =>
    files.some(
      (pattern) =>
        pattern === path || (pattern.endsWith('/**/*.js') && path.startsWith(pattern.slice(0, -7)) && path.endsWith('.js')),
    );
  return entries.filter((path) => /\.[cm]?js$/.test(path) && isShipped(path)).sort();
}

describe('what is shipped', () => {
  const scripts = shippedScripts();

  it('is all that the build made to run', () => {
    const made = Object.keys(metafile.outputs).filter((path) => path.endsWith('.js'));
    expect(scripts).toEqual(made.sort());
    expect(scripts).toEqual(expect.arrayContaining(['dist/cli.js', 'dist/client.js', 'dist/server.js', 'dist/summary.js']));
  });

  it.each(scripts)('%s makes no code from text', (path) => {
    const uses = codeFromText(parse(path, read(path)), false).map(({ offset, what }) => `${what} at ${offset}`);
    expect(uses).toEqual([]);
  });

  /** The libraries' ways to a client that asks for them: by a socket or a pipe. The client of VS Code starts the server. */
  const TRANSPORTS = /^node_modules\/(?:.*\/)?(?:vscode-jsonrpc|vscode-languageserver|vscode-languageclient)\//;

  it('reaches out by the transports of the protocol alone, and by the client that starts the server', () => {
    const used = new Set(Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs)));
    const reaching = Object.entries(metafile.inputs).flatMap(([input, { imports }]) =>
      used.has(input) && imports.some(({ path, external }) => external === true && FORBIDDEN.test(path)) ? [input] : [],
    );
    expect(reaching.length).toBeGreaterThan(0);
    expect(reaching.filter((input) => !TRANSPORTS.test(input) && !input.startsWith('client/'))).toEqual([]);
  });

  it('the command and the sidebar reach nothing at all', () => {
    for (const script of ['dist/cli.js', 'dist/summary.js']) {
      const imported = importsOf(parse(script, read(script))).map(({ specifier }) => specifier ?? 'what is computed');
      expect(
        imported.filter((name) => FORBIDDEN.test(name) || !(name.startsWith('node:') || builtinModules.includes(name))),
      ).toEqual([]);
    }
  });
});
