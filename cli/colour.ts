const STYLES = {
  bold: '1',
  dim: '2',
  red: '1;31',
  yellow: '1;33',
  blue: '1;34',
  cyan: '1;36',
} as const;

export type Style = keyof typeof STYLES;

/** Text in a style; the text itself when there are no colours. */
export type Paint = (style: Style, text: string) => string;

/** A painter that writes terminal escapes, or one that leaves text alone. */
export function painter(colours: boolean): Paint {
  return colours ? (style, text) => (text === '' ? '' : `\x1b[${STYLES[style]}m${text}\x1b[0m`) : (_, text) => text;
}

/**
 * Whether to colour. `--no-color` and a non-empty NO_COLOR switch colours off, in this order; a non-empty FORCE_COLOR switches them on
 * where there is no terminal (off when it says `0` or `false`); otherwise a terminal that is not dumb has them.
 */
export function wantsColour(noColour: boolean, env: Readonly<Record<string, string | undefined>>, isTTY: boolean): boolean {
  const { NO_COLOR: never = '', FORCE_COLOR: force = '', TERM: terminal = '' } = env;
  if (noColour || never !== '') return false;
  if (force !== '') return force !== '0' && force !== 'false';
  return isTTY && terminal !== 'dumb';
}
