import { createRequire } from 'node:module';
import { env } from 'node:process';

/** What scripts/vscode-cache.mjs has installed. */
export interface Installation {
  readonly node: string;
  readonly codeServer: string;
  readonly playwright: string;
  readonly axe: string;
  readonly browser: {
    readonly executablePath?: string;
    readonly channel?: string;
    readonly env: Readonly<Record<string, string>>;
  };
}

/** Of Playwright's own types, what is used here: Playwright lives in the cache, where the compiler does not look. */
export interface Locator {
  first(): Locator;
  last(): Locator;
  nth(index: number): Locator;
  filter(options: { hasText: string | RegExp }): Locator;
  locator(selector: string): Locator;
  click(options?: { timeout?: number; force?: boolean; position?: { x: number; y: number } }): Promise<void>;
  selectOption(value: string): Promise<unknown>;
  press(key: string): Promise<void>;
  hover(options?: { timeout?: number; force?: boolean; position?: { x: number; y: number } }): Promise<void>;
  fill(text: string): Promise<void>;
  count(): Promise<number>;
  innerText(options?: { timeout?: number }): Promise<string>;
  allInnerTexts(): Promise<string[]>;
  isVisible(): Promise<boolean>;
  waitFor(options?: { state?: 'visible' | 'hidden' | 'attached'; timeout?: number }): Promise<void>;
  boundingBox(): Promise<{ x: number; y: number; width: number; height: number } | null>;
}

export interface Frame {
  url(): string;
  locator(selector: string): Locator;
  evaluate<T>(expression: string): Promise<T>;
}

export interface Page extends Frame {
  goto(url: string): Promise<unknown>;
  frames(): Frame[];
  exposeFunction(name: string, callback: (...words: never[]) => unknown): Promise<void>;
  on(event: 'console', listener: (message: { text(): string }) => void): void;
  on(event: 'pageerror', listener: (error: Error) => void): void;
  on(event: 'crash', listener: () => void): void;
  screenshot(options: { path: string }): Promise<unknown>;
  setDefaultTimeout(milliseconds: number): void;
  readonly keyboard: { press(key: string): Promise<void>; type(text: string, options?: { delay: number }): Promise<void> };
  readonly mouse: {
    move(x: number, y: number, options?: { steps: number }): Promise<void>;
    click(x: number, y: number): Promise<void>;
    down(): Promise<void>;
    up(): Promise<void>;
  };
}

export interface Browser {
  newPage(options?: { viewport?: { width: number; height: number }; deviceScaleFactor?: number }): Promise<Page>;
  close(): Promise<void>;
}

interface Playwright {
  readonly chromium: { launch(options: Record<string, unknown>): Promise<Browser> };
}

export async function launchBrowser({ playwright, browser }: Installation): Promise<Browser> {
  const { chromium } = createRequire(__filename)(playwright) as Playwright;
  return chromium.launch({
    ...(browser.executablePath === undefined ? {} : { executablePath: browser.executablePath }),
    ...(browser.channel === undefined ? {} : { channel: browser.channel }),
    headless: true,
    // Containers offer neither user namespaces for the sandbox nor much shared memory. Only pages of this machine are opened.
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
    env: { ...env, ...browser.env },
  });
}
