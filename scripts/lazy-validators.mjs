import { readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../schemas/generated/istio', import.meta.url));

/** Where the validators stand beside the bundles. */
export const VALIDATORS = 'validators';

/** The esbuild entry points of the validators, a file each, by the name of the file that is to be made in `VALIDATORS`. */
export async function validatorEntries() {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.js'));
  return Object.fromEntries(files.sort().map((name) => [basename(name, '.js'), join(folder, name)]));
}

/**
 * An esbuild plugin for bundles that run in Node: instead of a validator it bundles a stand-in that loads the validator's file when it is
 * first called. All of them together are larger than the rest of the server, and few repositories hold every kind.
 */
export const lazyValidators = {
  name: 'lazy-validators',
  setup(build) {
    build.onLoad({ filter: /[\\/]schemas[\\/]generated[\\/]istio[\\/][a-z-]+\.js$/ }, ({ path }) => ({
      contents: standIn(`./${VALIDATORS}/${basename(path)}`),
      loader: 'js',
    }));
    build.onResolve({ filter: new RegExp(`^\\./${VALIDATORS}/`) }, ({ path }) => ({ path, external: true }));
  },
};

const standIn = (file) => `
let loaded;
export default function validate(value) {
  loaded ??= require(${JSON.stringify(file)}).default;
  const valid = loaded(value);
  validate.errors = loaded.errors;
  return valid;
}
`;
