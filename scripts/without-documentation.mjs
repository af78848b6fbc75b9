import { readFile } from 'node:fs/promises';
import ts from 'typescript';

/** What of a rule only its page, its tests and the configuration's schema read. */
export const DOCUMENTATION = ['summary', 'why', 'todo', 'since', 'fix', 'noFix', 'examples'];

/**
 * An esbuild plugin that leaves the documentation of rules out of the bundles. It is part of a rule's file so that whoever changes the rule
 * has it before their eyes; at run time nobody reads it, and it would be a third of the server.
 */
export const withoutDocumentation = {
  name: 'without-documentation',
  setup(build) {
    build.onLoad({ filter: /[\\/]rules[\\/][a-z-]+[\\/][a-z-]+\.ts$/ }, async ({ path }) => {
      return { contents: strip(await readFile(path, 'utf8')), loader: 'ts' };
    });
  },
};

/** Takes the properties of DOCUMENTATION out of what is handed to `defineRule`; any other text comes back as it is. */
export function strip(text) {
  if (!text.includes('defineRule(')) return text;
  const source = ts.createSourceFile('rule.ts', text, ts.ScriptTarget.Latest, true);
  const cuts = [];
  const visit = (node) => {
    if (ts.isCallExpression(node) && node.expression.getText(source) === 'defineRule') {
      const [literal] = node.arguments;
      if (literal !== undefined && ts.isObjectLiteralExpression(literal)) {
        for (const property of literal.properties) {
          if (DOCUMENTATION.includes(property.name?.getText(source))) cuts.push([property.getFullStart(), property.getEnd()]);
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
