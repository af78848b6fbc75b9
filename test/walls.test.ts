import { readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { violations } from './walls';

const root = join(import.meta.dirname, '..');

function projectFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const room of ['client', 'server', 'engine', 'rules', 'host', 'cli', 'schemas']) {
    for (const entry of readdirSync(join(root, room), { recursive: true, withFileTypes: true })) {
      if (!entry.isFile() || !/\.[cm]?[jt]sx?$/.test(entry.name)) continue;
      const path = join(entry.parentPath, entry.name);
      files.set(relative(root, path).split(sep).join('/'), readFileSync(path, 'utf8'));
    }
  }
  return files;
}

it('every file keeps to the walls of the house', () => {
  const files = projectFiles();
  expect(files.size).toBeGreaterThan(5);
  expect(violations(files)).toEqual([]);
});

const check = (path: string, text: string, others: Record<string, string> = {}): string[] =>
  violations(new Map([[path, text], ...Object.entries(others)]));

const rule = 'export const rule = defineRule({});\n';

describe('what the walls let through', () => {
  it.each([
    ['engine/yaml/parse.ts', "import { parseDocument } from 'yaml';"],
    ['engine/yaml/parse.ts', "import { absent } from '../tristate';"],
    ['engine/mesh/view.ts', "import { Graph } from '../incremental/graph';"],
    ['engine/mesh/view.ts', "import type { Resource } from '../resources/resource';"],
    ['engine/mesh/deep/view.ts', "import { here } from '../view';"],
    ['engine/workspace.ts', "import { Runner } from './findings/runner';"],
    ['engine/answers/verdicts.ts', "import { verdict } from '../decision/verdict';\nimport { Workspace } from '../workspace';"],
    ['rules/istio/a.ts', "import { defineRule } from '../../engine/findings/rule';"],
    ['rules/adoption/a.ts', "import { verdict } from '../../engine/decision/verdict';"],
    ['rules/index.ts', "import { rule } from './istio/a';"],
    ['rules/istio/index.ts', "import { rule } from './a';"],
    ['host/walk.ts', "import { readdir } from 'node:fs/promises';\nimport ignore from 'ignore';"],
    ['server/main.ts', "import { createConnection } from 'vscode-languageserver/node';\nimport { rules } from '../rules';"],
    ['cli/main.ts', "import { walk } from '../host/walk';\nimport { parseArgs } from 'node:util';"],
    ['client/extension.ts', "import * as vscode from 'vscode';\nimport { summary } from '../server/protocol';"],
    ['client/extension.ts', 'new RegExp(text);'],
    ['client/extension.ts', "import { fork } from 'node:child_process';"],
    ['engine/mesh/view.ts', "// eval('x'), new RegExp(x), require('fs')\nconst message = \"import('node:fs')\";"],
    ['engine/mesh/view.ts', 'function f(process: { id: string }) { return process.id; }\nnew Date(0);'],
    ['engine/mesh/view.test.ts', "import { readFileSync } from 'node:fs';\nimport { rules } from '../../rules';"],
    ['schemas/generated/configuration.js', "const pattern = new RegExp('^a');\n".repeat(500)],
    ['engine/mesh/view.ts', `// Long because it is a table.\n${'const a = 1;\n'.repeat(500)}`],
    ['rules/istio/annotations.data.ts', "export const a = ['b'];\n".repeat(500)],
  ])('%s: %s', (path, text) => {
    expect(check(path, text, { 'rules/istio/a.ts': rule })).toEqual([]);
  });
});

describe('what the walls stop', () => {
  it.each([
    ['engine/yaml/a.ts', "import { b } from '../resources/b';", 'engine/yaml may not import engine/resources/b'],
    [
      'engine/resources/a.ts',
      "import type { b } from '../environments/b';",
      'engine/resources may not import engine/environments/b',
    ],
    ['engine/resources/a.ts', "import { parse } from 'yaml';", 'engine/resources may not import the package yaml'],
    ['engine/environments/a.ts', "export * from '../mesh/b';", 'engine/environments may not import engine/mesh/b'],
    ['engine/mesh/a.ts', "const b = await import('../findings/b');", 'engine/mesh may not import engine/findings/b'],
    ['engine/mesh/a.ts', "let b: import('../decision/b').B;", 'engine/mesh may not import engine/decision/b'],
    ['engine/findings/a.ts', "import { rules } from '../../rules';", 'engine/findings may not import rules'],
    ['engine/decision/a.ts', "import '../findings/b';", 'engine/decision may not import engine/findings/b'],
    ['engine/incremental/a.ts', "import '../tristate';", 'engine/incremental may not import engine/tristate'],
    ['engine/tristate.ts', "import './incremental/graph';", 'engine/tristate may not import engine/incremental/graph'],
    ['engine/workspace.ts', "import './decision/verdict';", 'engine/workspace may not import engine/decision/verdict'],
    ['engine/workspace.ts', "import './answers/verdicts';", 'engine/workspace may not import engine/answers/verdicts'],
    ['engine/workspace.ts', "import '../rules/index';", 'engine/workspace may not import rules/index'],
    ['engine/workspace.ts', "import '../host/walk';", 'engine/workspace may not import host/walk'],
    ['engine/mesh/a.ts', "import { join } from 'node:path';", "engine/mesh may not import Node's modules (node:path)"],
    ['engine/mesh/a.ts', "import { join } from 'path';", "engine/mesh may not import Node's modules (path)"],
    ['engine/mesh/a.ts', "import fs = require('fs');", "engine/mesh may not import Node's modules (fs)"],
    [
      'rules/istio/b.ts',
      "import { Range } from 'vscode-languageserver';",
      'rules/istio may not import the package vscode-languageserver',
    ],
    ['rules/istio/b.ts', "import '../../engine/decision/verdict';", 'rules/istio may not import engine/decision/verdict'],
    ['rules/istio/b.ts', "import { rule } from './a';", 'a rule may not import a rule (rules/istio/a.ts)'],
    ['rules/istio/b.ts', "import { rules } from './index';", 'a rule may not import a rule (rules/istio/index.ts)'],
    ['rules/linkerd/b.ts', "import { t } from '../istio/t.data';", 'rules/linkerd may not import rules/istio/t.data'],
    ['schemas/a.ts', "import '../engine/tristate';", 'schemas may not import engine/tristate'],
    ['schemas/a.ts', "import Ajv from 'ajv';", 'schemas may not import the package ajv'],
    ['host/a.ts', "import '../engine/workspace';", 'host may not import engine/workspace'],
    ['host/a.ts', "import { spawn } from 'node:child_process';", 'nothing outside the client may import node:child_process'],
    ['server/a.ts', "import '../engine/mesh/view';", 'server may not import engine/mesh/view'],
    ['server/a.ts', "import 'vscode';", 'server may not import the package vscode'],
    ['server/a.ts', "import 'dns/promises';", 'nothing outside the client may import dns/promises'],
    ['cli/a.ts', "import '../schemas/configuration';", 'cli may not import schemas/configuration'],
    ['cli/a.ts', "require('https');", 'nothing outside the client may import https'],
    ['cli/a.ts', 'import(name);', 'imports a module whose name is computed'],
    ['client/a.ts', "import '../server/main';", 'client may not import server/main'],
    ['client/a.ts', "import '../engine/workspace';", 'client may not import engine/workspace'],
    ['server/a.ts', "import '../test/helper';", 'imports a test (test/helper)'],
    ['engine/mesh/a.ts', "/// <reference types='vscode' />", 'engine/mesh may not import the package vscode'],
    ['engine/mesh/a.ts', 'new RegExp(text);', 'RegExp makes code or a pattern from text'],
    ['rules/istio/b.ts', "RegExp(text, 'u');", 'RegExp makes code or a pattern from text'],
    ['cli/a.ts', 'new globalThis.RegExp(text);', 'RegExp makes code or a pattern from text'],
    ['server/a.ts', '(0, eval)(text);', 'eval makes code or a pattern from text'],
    ['client/a.ts', 'eval(text);', 'eval makes code or a pattern from text'],
    ['host/a.ts', 'new Function(text)();', 'Function makes code or a pattern from text'],
    ['engine/mesh/a.ts', 'process.cwd();', "process is the host's to know"],
    ['engine/mesh/a.ts', 'Buffer.from(text);', "Buffer is the host's to know"],
    ['rules/istio/b.ts', 'const now = Date.now();', "the time of day is the host's to know"],
    ['rules/istio/b.ts', 'const now = new Date();', "the time of day is the host's to know"],
  ])('%s: %s', (path, text, message) => {
    expect(check(path, `\n${text}\n`, { 'rules/istio/a.ts': rule, 'rules/istio/index.ts': '' })).toEqual([
      `${path}:2: ${message}`,
    ]);
  });

  it('a file outside every room', () => {
    expect(check('engine/helpers/a.ts', '')).toEqual(['engine/helpers/a.ts: belongs to no room of the house']);
    expect(check('rules/nginx/a.ts', '')).toEqual(['rules/nginx/a.ts: belongs to no room of the house']);
  });

  it('a long file that gives no reason', () => {
    expect(check('engine/mesh/a.ts', 'const a = 1;\n'.repeat(400))).toEqual([]);
    expect(check('engine/mesh/a.ts', 'const a = 1;\n'.repeat(401))).toEqual([
      'engine/mesh/a.ts: 401 lines; split it, or say why not in a line "// Long because …"',
    ]);
  });
});
