import { parseArgs } from 'node:util';

/** What `npm start -- --help` prints. */
export const USAGE = `Usage: npm start -- [options] [paths...]

Lints the bookshop, or the folders and files given, prints findings and verdict,
and opens the folder in VS Code with the extension loaded: the desktop's, where
there is one, else one in a browser, on this machine alone and behind a password.

Options:
  --no-editor      stop after printing; so does a run without a terminal, or in CI
  --editor WHICH   open this one, with or without a terminal: desktop or browser
  -h, --help       print this

Variables:
  MESH_LINT_VSCODE  the desktop's VS Code, where it is not found
  MESH_LINT_CACHE   the folder in which a downloaded VS Code is kept

The command's own options are those of node dist/cli.js.
`;

export const EDITORS = ['desktop', 'browser'];

const OPTIONS = {
  // Spelled out, since parseArgs reads negations of all options or of none.
  'no-editor': { type: 'boolean', default: false },
  editor: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
};

/**
 * Reads the arguments of `npm start`.
 * @param {readonly string[]} argv what stands behind `--`
 * @returns {{ do: 'start', paths: string[], editor: boolean | 'desktop' | 'browser' } | { do: 'help' } | { do: 'refuse', reason: string }}
 *   `editor`: true when it is for `opensEditor` to say; a reason is one line
 */
export function readOptions(argv) {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true });
  } catch (error) {
    return refuse(error.message.split(/\.\s|\.$|\n/, 1)[0]);
  }
  const { 'no-editor': none, editor, help } = parsed.values;
  if (help) return { do: 'help' };
  if (none && editor !== undefined) return refuse('--editor and --no-editor exclude each other');
  if (editor !== undefined && !EDITORS.includes(editor)) return refuse(`--editor takes ${EDITORS.join(' or ')}, not '${editor}'`);
  if (parsed.positionals.includes('')) return refuse('an empty path');
  return { do: 'start', paths: parsed.positionals, editor: none ? false : (editor ?? true) };
}

const refuse = (reason) => ({ do: 'refuse', reason: `${reason} (npm start -- --help)` });

/**
 * Whether an editor is to be opened after printing: when it was asked for, or when somebody is there to see it.
 * @param {boolean | string} editor as `readOptions` gives it
 * @param {{ isTTY: boolean | undefined, env: NodeJS.ProcessEnv }} surroundings
 */
export function opensEditor(editor, { isTTY, env }) {
  if (typeof editor === 'string') return true;
  const inCi = env.CI !== undefined && !['', '0', 'false'].includes(env.CI);
  return editor && isTTY === true && !inCi;
}
