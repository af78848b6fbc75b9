import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { env, execPath } from 'node:process';
import { launchBrowser } from '../host/browser';
import type { Browser, Frame, Installation, Locator, Page } from '../host/browser';
import { startServer } from '../host/server';
import type { Server } from '../host/server';
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
    const entry = join(installation.codeServer, 'out/node/entry.js');
    const words = ['--config', join(data, 'config.yaml'), '--user-data-dir', data, '--extensions-dir', join(data, 'extensions')];
    // Its other habits of writing into the home of whoever runs the tests.
    const home = { XDG_CONFIG_HOME: join(data, 'config'), XDG_DATA_HOME: join(data, 'share') };
    mkdirSync(join(data, 'User'), { recursive: true });
    writeFileSync(join(data, 'config.yaml'), 'auth: none\ncert: false\n');
    writeFileSync(join(data, 'User/settings.json'), JSON.stringify(SETTINGS));
    const vsix = join(data, 'mesh-lint.vsix');
    packageExtension(root, vsix);
    execFileSync(installation.node, [entry, ...words, '--install-extension', vsix], { env: { ...env, ...home }, stdio: 'pipe' });
    const server = await startServer(
      entry,
      [
        ...words,
        '--bind-addr',
        '127.0.0.1:0',
        '--auth',
        'none',
        '--disable-telemetry',
        '--disable-update-check',
        '--disable-workspace-trust',
      ],
      /listening on http:\/\/127\.0\.0\.1:(\d+)/i,
      { node: installation.node, variables: home },
    );
    try {
      const browser = await launchBrowser(installation);
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: 1.5 });
      await page.goto(`http://127.0.0.1:${server.port}/?folder=${encodeURIComponent(folder)}`);
      await page.locator('.monaco-workbench .activitybar').waitFor({ timeout: 30_000 });
      return new Window(server, browser, page);
    } catch (error) {
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

function packageExtension(root: string, path: string): void {
  const { bin } = JSON.parse(readFileSync(join(root, 'node_modules/@vscode/vsce/package.json'), 'utf8')) as {
    bin: { vsce: string };
  };
  const vsce = join(root, 'node_modules/@vscode/vsce', bin.vsce);
  // Links of the README are for the shop's page, which is not under test.
  const words = ['package', '--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository', '--out', path];
  execFileSync(execPath, [vsce, ...words], { cwd: root, stdio: 'pipe' });
}

/** Where an element is, which has to be on the page. */
export async function boxOf(locator: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  const box = await locator.boundingBox();
  if (box === null) throw new Error('the element is not shown');
  return box;
}
