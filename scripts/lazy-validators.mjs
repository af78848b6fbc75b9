import { basename } from 'node:path';

/**
 * For `lazyFiles`: instead of a validator of Istio's kinds the bundle has a stand-in that loads the validator's file when it is first
 * called. All of them together are larger than the rest of the server, and few repositories hold every kind.
 */
export const lazyValidators = {
  filter: /[\\/]schemas[\\/]generated[\\/]istio[\\/][a-z-]+\.js$/,
  file: (path) => `validators/${basename(path, '.js')}`,
  standIn: (load) => `
    let loaded;
    export default function validate(value) {
      loaded ??= ${load}.default;
      const valid = loaded(value);
      validate.errors = loaded.errors;
      return valid;
    }`,
};
