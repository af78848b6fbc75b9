/**
 * Writes the settings that are made from the rules into package.json. test/package.test.ts fails when they are not up to date.
 *
 *   node scripts/contributions.mjs
 */
import { readFile, writeFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { importTypeScript } from './typescript.mjs';

const manifest = fileURLToPath(new URL('../package.json', import.meta.url));

/** What settings are made from, as a module. */
const SOURCES = `
export { rules } from './rules/index';
export { configurationSchema } from './schemas/configuration';
`;

/**
 * The setting `meshLint.rules`: the severities of the configuration file, for those who cannot or will not keep one.
 * @returns {object} one property of the manifest's `contributes.configuration.properties`
 */
export function ruleSettings({ rules, configurationSchema }) {
  const { additionalProperties, properties } = configurationSchema(rules).properties.rules;
  return {
    type: 'object',
    scope: 'resource',
    order: 1,
    default: {},
    additionalProperties,
    properties,
    markdownDescription:
      "Severities by rule or family; a rule wins over its family. They hold where the repository's `.mesh-lint.yaml` says nothing of the rule: what everybody is to see belongs there.",
  };
}

async function write() {
  const parsed = JSON.parse(await readFile(manifest, 'utf8'));
  parsed.contributes.configuration.properties['meshLint.rules'] = ruleSettings(await importTypeScript(SOURCES));
  await writeFile(manifest, `${JSON.stringify(parsed, undefined, 2)}\n`);
}

if (argv[1] === fileURLToPath(import.meta.url)) await write();
