import { parseArgs } from 'node:util';

export const FORMATS = ['pretty', 'json'] as const;
export const DECISION_FORMATS = ['pretty', 'markdown', 'json'] as const;
export const THRESHOLDS = ['error', 'warning', 'info', 'never'] as const;

export type Format = (typeof FORMATS)[number];
export type DecisionFormat = (typeof DECISION_FORMATS)[number];
export type Threshold = (typeof THRESHOLDS)[number];

/** What to lint and how to say it. */
export interface LintCommand {
  readonly do: 'lint';
  /** As written; never empty. */
  readonly paths: readonly string[];
  readonly format: Format;
  readonly failOn: Threshold;
  /** The configuration file to use in place of the one that would be found; undefined to search. */
  readonly config: string | undefined;
  readonly noColour: boolean;
}

/** Which environments there are, and where they come from. */
export interface EnvironmentsCommand extends Pick<LintCommand, 'paths' | 'format' | 'config' | 'noColour'> {
  readonly do: 'environments';
}

/** Whether a mesh is needed, which, and what next. */
export interface DecideCommand extends Pick<LintCommand, 'paths' | 'config' | 'noColour'> {
  readonly do: 'decide';
  readonly format: DecisionFormat;
}

/** What meshes make of one resource, and why. */
export interface ExplainCommand extends Pick<LintCommand, 'paths' | 'format' | 'config' | 'noColour'> {
  readonly do: 'explain';
  readonly wanted: { readonly kind: string; readonly namespace: string | undefined; readonly name: string };
  /** Undefined for all. */
  readonly environment: string | undefined;
}

export type Command =
  | LintCommand
  | EnvironmentsCommand
  | DecideCommand
  | ExplainCommand
  | { readonly do: 'help' }
  | { readonly do: 'version' }
  | { readonly do: 'refuse'; readonly reason: string };

/** Words that stand first and say what is asked for; without one it is a lint. A folder of that name is `./environments`. */
const WORDS = ['lint', 'environments', 'decide', 'explain'] as const;

const OPTIONS = {
  format: { type: 'string', default: 'pretty' },
  'fail-on': { type: 'string', default: 'error' },
  config: { type: 'string' },
  environment: { type: 'string' },
  'no-color': { type: 'boolean', default: false },
  help: { type: 'boolean', short: 'h', default: false },
  version: { type: 'boolean', short: 'V', default: false },
} as const;

/**
 * Reads the command line, without the names of the interpreter and the script. What cannot be understood gives the command `refuse` with
 * a reason of one line, which may hold anything the user wrote. Of an option given twice the last one counts.
 */
export function parseArguments(argv: readonly string[]): Command {
  let parsed;
  try {
    parsed = parseArgs({ args: [...argv], options: OPTIONS, allowPositionals: true, strict: true });
  } catch (error) {
    return { do: 'refuse', reason: firstSentence(error) };
  }
  const { values, positionals } = parsed;
  if (values.help) return { do: 'help' };
  if (values.version) return { do: 'version' };
  const other = argv[0] === positionals[0] ? oneOf(WORDS, positionals[0] ?? '') : undefined;
  const formats = other === 'decide' ? DECISION_FORMATS : FORMATS;
  const format = oneOf<DecisionFormat>(formats, values.format);
  if (format === undefined) return refuseValue('format', formats, values.format);
  const failOn = oneOf(THRESHOLDS, values['fail-on']);
  if (failOn === undefined) return refuseValue('fail-on', THRESHOLDS, values['fail-on']);
  if (values.config === '') return { do: 'refuse', reason: '--config needs a file' };
  if (positionals.includes('')) return { do: 'refuse', reason: 'an empty path' };
  if (values.environment !== undefined && other !== 'explain') return { do: 'refuse', reason: '--environment goes with explain' };
  const wanted = other === 'explain' ? wantedBy(positionals[1]) : undefined;
  if (other === 'explain' && wanted === undefined)
    return { do: 'refuse', reason: 'explain takes a resource: KIND/NAME or KIND/NAMESPACE/NAME' };
  const paths = wanted !== undefined ? positionals.slice(2) : other === undefined ? positionals : positionals.slice(1);
  const asked = { paths: paths.length > 0 ? paths : ['.'], config: values.config, noColour: values['no-color'] };
  if (other === 'decide') return { do: other, format, ...asked };
  // Markdown has been refused for these.
  const plain = format === 'json' ? 'json' : 'pretty';
  if (wanted !== undefined) return { do: 'explain', wanted, environment: values.environment, format: plain, ...asked };
  return other === 'environments' ? { do: other, format: plain, ...asked } : { do: 'lint', failOn, format: plain, ...asked };
}

/** `Deployment/cart` or `Deployment/shop/cart`; undefined for anything else. */
function wantedBy(text: string | undefined): ExplainCommand['wanted'] | undefined {
  const [kind, ...rest] = text?.split('/') ?? [];
  const name = rest.pop();
  const [namespace, ...more] = rest;
  if (kind === undefined || name === undefined || more.length > 0 || [kind, name, namespace].includes('')) return undefined;
  return { kind, namespace, name };
}

function oneOf<T extends string>(allowed: readonly T[], value: string): T | undefined {
  return allowed.find((one) => one === value);
}

function refuseValue(option: string, allowed: readonly string[], value: string): Command {
  return {
    do: 'refuse',
    reason: `--${option} takes ${allowed.slice(0, -1).join(', ')} or ${allowed.at(-1) ?? ''}, not '${value}'`,
  };
}

/** Node explains itself at length; the first sentence names the option and what is wrong. */
function firstSentence(error: unknown): string {
  if (!(error instanceof Error)) return 'the arguments could not be read';
  const end = error.message.search(/\.\s|\.$|\n/);
  return end < 0 ? error.message : error.message.slice(0, end);
}
