import { writeFile } from 'node:fs/promises';
import { importTypeScript } from './typescript.mjs';

/** Writes the configuration's JSON Schema for editors: unlike the validator's, it names every rule there is. */
export async function publishSchema(path) {
  const { configurationSchema, rules } = await importTypeScript(
    "export { configurationSchema } from './schemas/configuration'; export { rules } from './rules/index';",
  );
  await writeFile(path, `${JSON.stringify(configurationSchema(rules), undefined, 2)}\n`);
}
