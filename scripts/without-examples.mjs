import { readFile } from 'node:fs/promises';
import ts from 'typescript';

/**
 * An esbuild plugin that leaves the examples of rules out of the bundles. They are part of a rule's file for its tests and its page; at run
 * time nobody reads them, and they would be a quarter of the server.
 */
export const withoutExamples = {
  name: 'without-examples',
  setup(build) {
    build.onLoad({ filter: /[\\/]rules[\\/][a-z-]+[\\/][a-z-]+\.ts$/ }, async ({ path }) => {
      return { contents: strip(await readFile(path, 'utf8')), loader: 'ts' };
    });
  },
};

/** Takes the property `examples` out of what is handed to `defineRule`; any other text comes back as it is. */
export function strip(text) {
  if (!text.includes('defineRule(')) return text;
  const source = ts.createSourceFile('rule.ts', text, ts.ScriptTarget.Latest, true);
  const cuts = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.getText(source) === 'defineRule') {
      const [literal] = node.arguments;
      if (literal !== undefined && ts.isObjectLiteralExpression(literal)) {
        for (const property of literal.properties) {
          if (property.name?.getText(source) === 'examples') cuts.push([property.getFullStart(), property.getEnd()]);
        }
      }
      return;
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return cuts.reduceRight((left, [start, end]) => {
    const comma = /^\s*,/.exec(left.slice(end))?.[0].length ?? 0;
    return left.slice(0, start) + left.slice(end + comma);
  }, text);
}
