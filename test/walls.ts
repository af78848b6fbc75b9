/**
 * Holds the code against the house's plan (ARCHITECTURE.md): which room may import which, and what no room may do.
 * Works on texts in memory, so that the test can show what it refuses.
 */
import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import ts from 'typescript';

interface Room {
  /** Rooms or single modules; a room's own files and the ground it stands on are understood. */
  readonly imports: readonly string[];
  /** npm packages, as a whole or by a subpath of theirs; `node:` stands for Node's modules. */
  readonly packages?: readonly string[];
}

/** What any room of the engine and any rule may stand on; itself it stands on nothing. */
const ground = ['engine/incremental', 'engine/tristate'];
/** The street: each room may look down it at every room before it, never up. */
const street = [
  'engine/yaml',
  'engine/configuration',
  'engine/resources',
  'engine/environments',
  'engine/mesh',
  'engine/findings',
];
const below = (room: string): string[] => street.slice(0, street.indexOf(room));
const forRules = [...street, 'schemas'];
/** The contract of reports: plain types, for whoever prints or decides. */
const contract = 'engine/findings/report';

const rooms: Readonly<Record<string, Room>> = {
  schemas: { imports: [] },
  'engine/incremental': { imports: [] },
  'engine/tristate': { imports: [] },
  'engine/visible': { imports: [] },
  'engine/yaml': { imports: below('engine/yaml'), packages: ['yaml'] },
  'engine/configuration': { imports: [...below('engine/configuration'), 'schemas'] },
  'engine/resources': { imports: below('engine/resources') },
  'engine/environments': { imports: below('engine/environments'), packages: ['ignore'] },
  'engine/mesh': { imports: [...below('engine/mesh'), 'schemas'] },
  'engine/findings': { imports: [...below('engine/findings'), 'schemas'] },
  'engine/decision': { imports: [...below('engine/findings'), contract] },
  'engine/summary': { imports: [...street, 'engine/decision', 'engine/explain'] },
  'engine/explain': { imports: below('engine/findings') },
  'engine/fields': { imports: [...below('engine/findings'), 'engine/explain/cursor', 'schemas'] },
  'engine/workspace': { imports: street, packages: ['ignore'] },
  'engine/answers': {
    imports: [...street, 'engine/decision', 'engine/summary', 'engine/explain', 'engine/fields', 'engine/workspace'],
  },
  'engine/record': { imports: ['engine/answers', 'engine/visible', contract] },
  'rules/index': { imports: ['rules', ...forRules] },
  'rules/manifest': { imports: forRules },
  'rules/istio': { imports: forRules },
  'rules/linkerd': { imports: forRules },
  'rules/cilium': { imports: forRules },
  'rules/gateway-api': { imports: forRules },
  'rules/coexistence': { imports: forRules },
  'rules/adoption': { imports: [...forRules, 'engine/decision'] },
  host: { imports: [], packages: ['node:', 'ignore'] },
  server: {
    imports: [
      'engine/workspace',
      'engine/answers',
      'engine/findings',
      'engine/yaml/edit',
      'engine/yaml/pieces',
      'engine/configuration/answer-edit',
      'engine/record',
      'engine/summary',
      'engine/explain',
      'engine/fields',
      'engine/visible',
      'rules',
      'host',
      'schemas',
    ],
    packages: ['node:', 'vscode-languageserver'],
  },
  cli: {
    imports: ['engine/workspace', 'engine/answers', 'engine/record', 'engine/visible', contract, 'rules', 'host'],
    packages: ['node:'],
  },
  client: { imports: ['server/protocol', 'engine/visible'], packages: ['node:', 'vscode', 'vscode-languageclient'] },
};

/** Starting programs, running text as code, and the network: a linter needs none of them. The client starts the server, so it is exempt. */
const forbiddenModules = [
  'child_process',
  'cluster',
  'dgram',
  'dns',
  'http',
  'http2',
  'https',
  'inspector',
  'net',
  'repl',
  'tls',
  'vm',
  'worker_threads',
];

/** The same code runs in Node and in a web worker, and gives the same answer at any hour. */
const hostGlobals = new Set(['Buffer', 'process', 'global', 'require', '__dirname', '__filename', 'setImmediate']);

const longest = 400;

const within = (module: string, room: string): boolean => module === room || module.startsWith(`${room}/`);
const stem = (path: string): string => path.replace(/(\.d)?\.[cm]?[jt]sx?$/, '');
const isTest = (path: string): boolean => path.startsWith('test/') || stem(path).endsWith('.test');
const isData = (path: string): boolean => stem(path).endsWith('.data') || path.includes('/fixtures/');
const isGenerated = (path: string): boolean => path.startsWith('schemas/generated/');
const isNeutral = (path: string): boolean => within(path, 'engine') || within(path, 'rules');

function roomOf(module: string): string | undefined {
  return Object.keys(rooms).find((room) => within(module, room));
}

/** Everything wrong with the files, one line each; tests and what the build makes are not looked at. */
export function violations(files: ReadonlyMap<string, string>): string[] {
  const found: string[] = [];
  for (const [path, text] of files) {
    if (isTest(path) || isGenerated(path)) continue;
    const room = roomOf(stem(path));
    if (room === undefined) {
      found.push(`${path}: belongs to no room of the house`);
      continue;
    }
    const source = parse(path, text);
    const report = (offset: number, message: string): void => {
      found.push(`${path}:${source.getLineAndCharacterOfPosition(offset).line + 1}: ${message}`);
    };
    for (const imported of importsOf(source)) {
      const message = refuse(path, room, imported.specifier, files);
      if (message !== undefined) report(imported.offset, message);
    }
    // The client sees no manifest's text.
    for (const { offset, what } of codeFromText(source, room !== 'client')) {
      report(offset, `${what} makes code or a pattern from text`);
    }
    if (isNeutral(path)) for (const { offset, what } of hostUses(source)) report(offset, `${what} is the host's to know`);
    const lines = text.trimEnd().split('\n').length;
    if (lines > longest && !isData(path) && !/^\s*\/\/ Long because \S/m.test(text)) {
      found.push(`${path}: ${lines} lines; split it, or say why not in a line "// Long because …"`);
    }
  }
  return found;
}

function refuse(
  path: string,
  room: string,
  specifier: string | undefined,
  files: ReadonlyMap<string, string>,
): string | undefined {
  if (specifier === undefined) return 'imports a module whose name is computed';
  return specifier.startsWith('.')
    ? refuseFile(path, room, posix.join(posix.dirname(path), specifier), files)
    : refusePackage(room, specifier);
}

function refusePackage(room: string, specifier: string): string | undefined {
  const builtin = specifier.replace(/^node:/, '');
  if (specifier.startsWith('node:') || builtinModules.includes(builtin)) {
    if (!rooms[room]?.packages?.includes('node:')) return `${room} may not import Node's modules (${specifier})`;
    const banned = room !== 'client' && forbiddenModules.some((module) => within(builtin, module));
    return banned ? `nothing outside the client may import ${specifier}` : undefined;
  }
  const allowed = rooms[room]?.packages?.some((name) => within(specifier, name)) ?? false;
  return allowed ? undefined : `${room} may not import the package ${specifier}`;
}

function refuseFile(path: string, room: string, imported: string, files: ReadonlyMap<string, string>): string | undefined {
  const target = resolve(imported, files);
  const module = stem(target);
  if (isTest(target)) return `imports a test (${target})`;
  const own = within(module, room);
  const onGround = isNeutral(path) && !ground.includes(room) && ground.some((base) => within(module, base));
  if (!own && !onGround && !rooms[room]?.imports.some((name) => within(module, name))) return `${room} may not import ${target}`;
  const betweenRules = within(path, 'rules') && within(module, 'rules') && !isIndex(path);
  if (betweenRules && (isIndex(target) || isRule(target, files.get(target)))) return `a rule may not import a rule (${target})`;
  return undefined;
}

function resolve(path: string, files: ReadonlyMap<string, string>): string {
  const candidates = [path, `${path}.ts`, `${stem(path)}.ts`, `${path}/index.ts`];
  return candidates.find((candidate) => files.has(candidate)) ?? path;
}

const isIndex = (path: string): boolean => posix.basename(stem(path)) === 'index';

function isRule(path: string, text: string | undefined): boolean {
  return text !== undefined && !isData(path) && /^export const rule\b/m.test(text);
}

function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest);
}

function visit(node: ts.Node, each: (node: ts.Node) => void): void {
  each(node);
  ts.forEachChild(node, (child) => {
    visit(child, each);
  });
}

interface Imported {
  readonly offset: number;
  /** Undefined when it is no literal. */
  readonly specifier: string | undefined;
}

/** Imports of every form, of types too: a type that a room may not know is as much a wall broken. */
export function importsOf(source: ts.SourceFile): Imported[] {
  const found: Imported[] = [];
  const add = (node: ts.Node, name: ts.Node | undefined): void => {
    found.push({
      offset: node.getStart(source),
      specifier: name !== undefined && ts.isStringLiteralLike(name) ? name.text : undefined,
    });
  };
  for (const reference of [...source.typeReferenceDirectives, ...source.referencedFiles]) {
    found.push({ offset: reference.pos, specifier: reference.fileName });
  }
  visit(source, (node) => {
    if (ts.isImportDeclaration(node)) add(node, node.moduleSpecifier);
    else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) add(node, node.moduleSpecifier);
    else if (ts.isImportEqualsDeclaration(node) && ts.isExternalModuleReference(node.moduleReference)) {
      add(node, node.moduleReference.expression);
    } else if (ts.isImportTypeNode(node)) add(node, ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined);
    else if (ts.isCallExpression(node)) {
      const callee = node.expression;
      if (callee.kind === ts.SyntaxKind.ImportKeyword || isNamed(callee, 'require')) add(node, node.arguments[0]);
    }
  });
  return found;
}

interface Use {
  readonly offset: number;
  readonly what: string;
}

/** `eval`, `Function` and, if asked, `RegExp` used as makers of code, with or without `new`, also by way of `globalThis`. */
export function codeFromText(source: ts.SourceFile, patterns: boolean): Use[] {
  const makers = patterns ? ['eval', 'Function', 'RegExp'] : ['eval', 'Function'];
  const found: Use[] = [];
  visit(source, (node) => {
    if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return;
    let callee: ts.Expression = node.expression;
    while (ts.isParenthesizedExpression(callee)) callee = callee.expression;
    // `(0, eval)(…)`
    if (ts.isBinaryExpression(callee) && callee.operatorToken.kind === ts.SyntaxKind.CommaToken) callee = callee.right;
    if (ts.isPropertyAccessExpression(callee) && isNamed(callee.expression, 'globalThis')) callee = callee.name;
    const maker = makers.find((name) => isNamed(callee, name));
    if (maker !== undefined) found.push({ offset: node.getStart(source), what: maker });
  });
  return found;
}

function hostUses(source: ts.SourceFile): Use[] {
  const found: Use[] = [];
  const declared = new Set<string>();
  visit(source, (node) => {
    if ((ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isBindingElement(node)) && ts.isIdentifier(node.name)) {
      declared.add(node.name.text);
    } else if ((ts.isFunctionDeclaration(node) || ts.isImportSpecifier(node)) && node.name !== undefined) {
      declared.add(node.name.text);
    }
  });
  visit(source, (node) => {
    const isAccess = ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node);
    if (isAccess || ts.isCallExpression(node) || ts.isNewExpression(node)) {
      const { expression } = node;
      if (ts.isIdentifier(expression) && hostGlobals.has(expression.text) && !declared.has(expression.text)) {
        found.push({ offset: node.getStart(source), what: expression.text });
      }
    }
    if (readsClock(node)) found.push({ offset: node.getStart(source), what: 'the time of day' });
  });
  return found;
}

function readsClock(node: ts.Node): boolean {
  if (ts.isNewExpression(node)) return isNamed(node.expression, 'Date') && (node.arguments?.length ?? 0) === 0;
  if (ts.isCallExpression(node)) return isNamed(node.expression, 'Date');
  if (!ts.isPropertyAccessExpression(node) || node.name.text !== 'now') return false;
  return isNamed(node.expression, 'Date') || isNamed(node.expression, 'performance');
}

function isNamed(node: ts.Node, name: string): boolean {
  return ts.isIdentifier(node) && node.text === name;
}
