/** The types of vscode-server.mjs, for the tests that use it. */
export interface Server {
  readonly port: number;
  /** What it has printed so far. */
  readonly output: () => string;
  /** Its exit code, once it has ended; null when a signal ended it. */
  readonly ended: Promise<number | null>;
  stop(): Promise<void>;
}

export interface Editor {
  readonly vsix: string;
  readonly data: string;
  readonly password: string;
  readonly settings: object;
  readonly open?: string;
  readonly words?: readonly string[];
  readonly signal?: AbortSignal;
}

export function surroundings(variables: NodeJS.ProcessEnv): NodeJS.ProcessEnv;
export function startServer(
  program: string,
  words: readonly string[],
  port: RegExp,
  options?: { readonly node?: string; readonly variables?: NodeJS.ProcessEnv },
): Promise<Server>;
export function packageExtension(root: string, path: string, signal?: AbortSignal): Promise<void>;
export function startEditor(
  installation: { readonly node: string; readonly codeServer: string },
  editor: Editor,
): Promise<Server>;
