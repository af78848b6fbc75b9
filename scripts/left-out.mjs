import { readFile } from 'node:fs/promises';
import ts from 'typescript';

/** What becomes of an export: nothing that could be used, or a function that hands its argument on. */
const ABSENT = 'absent';
const PASSING = 'passing';

const absent = (...names) => Object.fromEntries(names.map((name) => [name, ABSENT]));

/**
 * What of the `yaml` package no bundle carries, by file: the exports. Manifests are parsed and never written by it, and with the schema
 * `core` alone (engine/yaml/ast.ts). The package's own classes lead to all of this, so that no bundler can tell.
 */
export const NEVER_RUN_YAML = {
  // Writing.
  'stringify/stringifyCollection.js': absent('stringifyCollection'),
  'stringify/stringifyDocument.js': absent('stringifyDocument'),
  'stringify/stringifyNumber.js': absent('stringifyNumber'),
  'stringify/stringifyPair.js': absent('stringifyPair'),
  'stringify/stringifyString.js': absent('stringifyString'),
  // Nodes from values, and values from nodes.
  'doc/applyReviver.js': absent('applyReviver'),
  'doc/createNode.js': absent('createNode'),
  'nodes/addPairToJSMap.js': absent('addPairToJSMap'),
  'nodes/toJS.js': absent('toJS'),
  'parse/cst-visit.js': absent('visit'),
  'visit.js': absent('visit', 'visitAsync'),
  // Other schemas.
  'schema/json/schema.js': absent('schema'),
  'schema/yaml-1.1/binary.js': absent('binary'),
  'schema/yaml-1.1/merge.js': absent('addMergeToJSMap', 'isMergeKey', 'merge'),
  'schema/yaml-1.1/omap.js': absent('YAMLOMap', 'omap'),
  'schema/yaml-1.1/pairs.js': absent('createPairs', 'pairs', 'resolvePairs'),
  'schema/yaml-1.1/schema.js': absent('schema'),
  'schema/yaml-1.1/set.js': absent('YAMLSet', 'set'),
  'schema/yaml-1.1/timestamp.js': absent('floatTime', 'intTime', 'timestamp'),
};

/**
 * What the language server does not serve, by file of its library: each mixes its requests into a class of the connection. A feature that
 * comes to need one finds nothing there, and its test fails.
 */
export const UNSERVED = {
  'callHierarchy.js': { CallHierarchyFeature: PASSING },
  'fileOperations.js': { FileOperationsFeature: PASSING },
  'foldingRange.js': { FoldingRangeFeature: PASSING },
  'inlayHint.js': { InlayHintFeature: PASSING },
  'inlineCompletion.js': { InlineCompletionFeature: PASSING },
  'inlineValue.js': { InlineValueFeature: PASSING },
  'linkedEditingRange.js': { LinkedEditingRangeFeature: PASSING },
  'moniker.js': { MonikerFeature: PASSING },
  'notebook.js': { NotebookSyncFeature: PASSING, NotebookDocuments: ABSENT },
  'semanticTokens.js': { SemanticTokensFeature: PASSING, SemanticTokensBuilder: ABSENT, SemanticTokensDiff: ABSENT },
  'textDocumentContent.js': { TextDocumentContentFeature: PASSING },
  'typeHierarchy.js': { TypeHierarchyFeature: PASSING },
};

/**
 * An esbuild plugin that leaves modules out of a bundle. Whoever does come to use one is told so by an exception. The build fails when the
 * bundle asks for none of the name, or when one has come to export something else: then the list is to be looked at again.
 * @param {string} folder the folder of the modules, from the project's root, with `/`
 * @param {Record<string, Record<string, 'absent' | 'passing'>>} modules by path in that folder, what becomes of each export
 * @param {(text: string) => string} toEsModule makes an ES module of a module's text
 */
export const leftOut = (folder, modules, toEsModule = (text) => text) => ({
  name: 'left-out',
  setup(build) {
    const missed = new Set();
    build.onStart(() => {
      for (const path of Object.keys(modules)) missed.add(path);
    });
    build.onLoad({ filter: /\.js$/ }, async ({ path }) => {
      const [, name] = path.replaceAll('\\', '/').split(`/${folder}/`);
      const expected = modules[name];
      if (expected === undefined) return undefined;
      missed.delete(name);
      const exported = exportedNames(toEsModule(await readFile(path, 'utf8')));
      const listed = Object.keys(expected).sort();
      if (exported.join() !== listed.join())
        return { errors: [{ text: `exports ${exported.join(', ')}, and is left out as a module of ${listed.join(', ')}` }] };
      return { contents: exported.map((name) => `export { ${expected[name]} as ${name} } from 'left-out';`).join('\n') };
    });
    build.onResolve({ filter: /^left-out$/ }, ({ path }) => ({ path, namespace: 'left-out' }));
    build.onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: INSTEAD }));
    build.onEnd(() => ({
      errors: [...missed].map((path) => ({ text: `${folder}/${path} is to be left out, and nothing asks for it` })),
    }));
  },
});

/** What is absent can be handed around, and nothing else. */
const INSTEAD = `
const refuse = () => { throw new Error('this part of a package was left out of the bundle'); };
export const absent = /* @__PURE__ */ new Proxy(refuse, { get: refuse, has: refuse, set: refuse });
export const passing = (value) => value;
`;

/** What an ES module exports by lists of names, sorted. Throws when it exports in any other way. */
function exportedNames(text) {
  const source = ts.createSourceFile('module.js', text, ts.ScriptTarget.Latest);
  const names = source.statements.flatMap((statement) => {
    if (ts.canHaveModifiers(statement) && statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
      throw new Error(`an export without a list: ${text.slice(statement.pos, statement.pos + 80)}`);
    if (!ts.isExportDeclaration(statement)) return [];
    return statement.exportClause.elements.map((element) => element.name.text);
  });
  return names.sort();
}
