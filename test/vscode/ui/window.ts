import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { packageExtension, startEditor } from '../../../scripts/vscode-server.mjs';
import type { Server } from '../../../scripts/vscode-server.mjs';
import { launchBrowser } from '../host/browser';
import type { Browser, Frame, Installation, Locator, Page } from '../host/browser';
import { until } from '../tests';

/** As the list of themes names them, and the class that the window has under each. */
export const THEMES = {
  dark: { name: 'Dark Modern', kind: 'vs-dark' },
  light: { name: 'Light Modern', kind: 'vs' },
  'high-contrast': { name: 'Dark High Contrast', kind: 'hc-black' },
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

const TYPING = { delay: 5 };

/** VS Code with the packaged extension, as a person in front of it has it. */
export class Window {
  private readonly server: Server;
  private readonly browser: Browser;
  readonly page: Page;

  private constructor(server: Server, browser: Browser, page: Page) {
    this.server = server;
    this.browser = browser;
    this.page = page;
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
      await logIn(page, server.port, password);
      return new Window(server, browser, page);
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

  /** Opens a file of the folder, and waits until it is what the editor shows. */
  async openFile(path: string): Promise<void> {
    const { page } = this;
    await page.keyboard.press('Control+P');
    const [name, ...parents] = path.split('/').reverse();
    await this.pick(path, name ?? path, parents.reverse().join('/'));
    const text = page.locator(`.editor-group-container.active .monaco-editor[data-uri$="/${path}"] .view-line`);
    await text.first().waitFor();
  }

  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.pick(title);
  }

  /** Takes a row of the list that is open. By a click: the list filters later than one types, and Enter would take what it had before. */
  private async pick(typed: string, ...texts: readonly string[]): Promise<void> {
    const { page } = this;
    await page.locator('.quick-input-widget input').first().waitFor();
    await page.keyboard.type(typed, TYPING);
    let rows = page.locator('.quick-input-list .monaco-list-row');
    for (const text of texts.length === 0 ? [typed] : texts) rows = rows.filter({ hasText: text });
    await rows.first().click();
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

  async useTheme(theme: Theme): Promise<void> {
    const { page } = this;
    const { name, kind } = THEMES[theme];
    await this.command('Preferences: Color Theme');
    await page.locator('.quick-input-widget input[placeholder*="Theme"]').first().waitFor();
    await this.pick(name);
    await page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
    await page.locator(`.monaco-workbench.${kind}`).first().waitFor({ timeout: 10_000 });
    // Away from whatever would explain itself under the mouse; and colours fade in.
    await page.mouse.move(900, 700);
    await page.waitForTimeout(1_000);
  }
}

/** Takes the way that a person takes from the address that was printed. */
export async function logIn(page: Page, port: number, password: string): Promise<void> {
  await page.goto(`http://127.0.0.1:${port}/`);
  await page.locator('input.password').first().waitFor();
  await page.keyboard.type(password);
  await page.keyboard.press('Enter');
  await page.locator('.monaco-workbench .activitybar').waitFor();
}

/** Where an element is, which has to be on the page. */
export async function boxOf(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('the element is not shown');
  return box;
}
