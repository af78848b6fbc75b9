import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { packageExtension, startEditor } from '../../../scripts/vscode-server.mjs';
import type { Server } from '../../../scripts/vscode-server.mjs';
import { launchBrowser } from '../host/browser';
import type { Browser, Frame, Installation, Locator, Page } from '../host/browser';
import { processes } from '../host/processes';
import { LONGEST_WAIT, until } from '../tests';

/** As the list of themes names them, the class that the window has under each, and what a webview is told. */
export const THEMES = {
  dark: { name: 'Dark Modern', kind: 'vs-dark', webview: 'vscode-dark' },
  light: { name: 'Light Modern', kind: 'vs', webview: 'vscode-light' },
  'high-contrast': { name: 'Dark High Contrast', kind: 'hc-black', webview: 'vscode-high-contrast' },
  'high-contrast-light': { name: 'Light High Contrast', kind: 'hc-light', webview: 'vscode-high-contrast-light' },
} as const;
export type Theme = keyof typeof THEMES;

/** A quiet window: nothing in it but the folder and the extension. */
const SETTINGS = {
  'workbench.colorTheme': 'Dark Modern',
  'security.workspace.trust.enabled': false,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'window.autoDetectColorScheme': false,
  'extensions.ignoreRecommendations': true,
  'git.enabled': false,
  // In a browser it would be on.
  'files.autoSave': 'off',
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
};

/** After so long a key or a movement of the mouse is made again: a window that is still busy may have missed it. */
const NEXT_TRY = 5_000;

/** VS Code with the packaged extension, as a person in front of it has it. */
export class Window {
  private readonly server: Server;
  private readonly browser: Browser;
  private readonly data: string;
  readonly page: Page;

  private constructor(server: Server, browser: Browser, page: Page, data: string) {
    this.server = server;
    this.browser = browser;
    this.page = page;
    this.data = data;
  }

  /** @param data a folder for everything that the editor writes */
  static async open(root: string, installation: Installation, folder: string, data: string): Promise<Window> {
    const vsix = join(data, 'mesh-lint.vsix');
    await packageExtension(root, vsix);
    const password = randomBytes(15).toString('base64url');
    const words = ['--disable-workspace-trust'];
    const server = await startEditor(installation, { vsix, data, password, settings: SETTINGS, open: folder, words });
    let browser: Browser | undefined;
    try {
      browser = await launchBrowser(installation);
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5 });
      page.setDefaultTimeout(LONGEST_WAIT);
      await logIn(page, server.port, password);
      return new Window(server, browser, page, data);
    } catch (error) {
      await browser?.close();
      await server.stop();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
  }

  /** Opens a file of the folder, with the cursor at a line and column if given, and waits until it is what the editor shows. */
  async openFile(path: string, line?: number, column = 1): Promise<void> {
    const { page } = this;
    const [name, ...parents] = path.split('/').reverse();
    await this.quickInput('Control+P');
    await this.pick(line === undefined ? path : `${path}:${line}:${column}`, name ?? path, parents.reverse().join('/'));
    const text = page.locator(`.editor-group-container.active .monaco-editor[data-uri$="/${path}"] .view-line`);
    await text.first().waitFor();
    if (line !== undefined) await until(`the cursor in ${path} on line ${line}`, () => this.isAt(path, line));
  }

  async command(title: string): Promise<void> {
    await this.quickInput('F1');
    await this.pick(`>${title}`, title);
  }

  /** Opens the list in the middle of the window. */
  private async quickInput(key: string): Promise<void> {
    const input = this.page.locator('.quick-input-widget input').first();
    await until('the list of the window', async () => {
      await this.page.keyboard.press(key);
      return input.waitFor({ timeout: NEXT_TRY }).then(
        () => true,
        () => false,
      );
    });
  }

  /** Takes a row of the list that is open. By a click: the list filters later than one types, and Enter would take what it had before. */
  private async pick(typed: string, ...texts: readonly string[]): Promise<void> {
    const { page } = this;
    await page.locator('.quick-input-widget input').first().fill(typed);
    let rows = page.locator('.quick-input-list .monaco-list-row');
    for (const text of texts) rows = rows.filter({ hasText: text });
    await rows.first().click();
  }

  /** Points at something that may still move, until a hover with a text is shown. */
  async hover(target: Locator, text: string | RegExp): Promise<Locator> {
    const { page } = this;
    const hover = page.locator('.monaco-hover').filter({ hasText: text }).first();
    await until(`a hover with ${String(text)}`, async () => {
      const box = await target.boundingBox();
      if (box === null) return false;
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      await page.mouse.move(x, y - 60);
      await page.mouse.move(x, y);
      return hover.waitFor({ timeout: NEXT_TRY }).then(
        () => true,
        () => false,
      );
    });
    return hover;
  }

  /** The process of the language server; undefined when none runs. */
  languageServer(): number | undefined {
    const extensions = `${this.data.replaceAll('\\', '/')}/extensions/`;
    return processes().find(({ words }) => words.includes(extensions) && words.includes('/dist/server.js'))?.pid;
  }

  /** Whether a file is what the editor shows, with the cursor on a line, counted from 1. */
  async isAt(path: string, line: number): Promise<boolean> {
    const open = await this.page.locator(`.editor-group-container.active .monaco-editor[data-uri$="/${path}"]`).count();
    const place = await this.page.locator('[id="status.editor.selection"]').allInnerTexts();
    return open > 0 && place.some((text) => text.startsWith(`Ln ${line},`));
  }

  /** The webview frame that holds an element. */
  async webview(selector: string): Promise<Frame> {
    const found = await until(`a webview with ${selector}`, async () => {
      for (const frame of this.page.frames()) {
        const count = await frame
          .locator(selector)
          .count()
          .catch(() => 0);
        if (count > 0) return frame;
      }
      return undefined;
    });
    if (found === undefined) throw new Error('unreachable');
    return found;
  }

  /** Changes the colours, and waits until a webview has them as well. */
  async useTheme(theme: Theme, webview: Frame): Promise<void> {
    const { page } = this;
    const { name, kind, webview: told } = THEMES[theme];
    await this.command('Preferences: Color Theme');
    await page.locator('.quick-input-widget input[placeholder*="Theme"]').first().waitFor();
    await this.pick(name, name);
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await page.locator(`.monaco-workbench.${kind}`).first().waitFor();
    await webview.locator(`body[data-vscode-theme-kind="${told}"]`).waitFor();
    // Away from whatever would explain itself under the mouse.
    await page.mouse.move(900, 700);
    await this.settled(page);
    await this.settled(webview);
  }

  /** Drags the edge of the sidebar until a webview in it is as wide as asked, in CSS pixels. */
  async widen(webview: Frame, width: number): Promise<void> {
    const { mouse } = this.page;
    await until(
      `a sidebar of ${width} pixels`,
      async () => {
        const now = await webview.evaluate<number>('innerWidth');
        const box = await this.page.locator('.part.sidebar').boundingBox();
        if (now === width || box === null) return now;
        const edge = box.x + box.width;
        await mouse.move(edge, EDGE_Y);
        await mouse.down();
        await mouse.move(edge + width - now, EDGE_Y, { steps: 4 });
        await mouse.up();
        return webview.evaluate<number>('innerWidth');
      },
      (now) => now === width,
    );
    // Away from the edge, which lights up under the mouse.
    await mouse.move(640, 20);
  }

  /** Waits until nothing fades in or changes its colour any more. */
  async settled(frame: Frame): Promise<void> {
    await until(
      'colours that stay',
      async () => frame.evaluate<number>(RUNNING),
      (count) => count === 0,
    );
  }
}

/** Somewhere along the edge between sidebar and editor. */
const EDGE_Y = 500;

/** Counts what moves and comes to an end: a bar that tells of work to be done does not. */
const RUNNING = `document.getAnimations()
  .filter((one) => one.playState === 'running' && one.effect?.getComputedTiming().endTime !== Infinity).length`;

/** Takes the way that a person takes from the address that was printed. */
export async function logIn(page: Page, port: number, password: string): Promise<void> {
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.locator('input.password').first().fill(password);
  await page.keyboard.press('Enter');
  await page.locator('.monaco-workbench .activitybar').waitFor();
}
