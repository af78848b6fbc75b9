import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Installation } from '../host/browser';
import type { Result } from '../report';
import { runTests, until } from '../tests';
import type { Tests } from '../tests';
import type { Workspaces } from '../workspaces';
import { boxOf, THEMES, Window } from './window';
import type { Theme } from './window';

const PAYMENT = 'overlays/prod/payment.yaml';

interface Place {
  readonly file: string;
  readonly range: { readonly start: { readonly line: number; readonly column: number } };
}

/** Of the command's report on the same folder, what the sidebar has to agree with. */
interface Expected {
  readonly verdict: {
    readonly summary: string;
    readonly reasons: readonly { readonly text: string; readonly evidence: readonly Place[] }[];
  };
}

/** Packages the extension, installs it and uses it as a person would. Screenshots stay in dist/screenshots. */
export async function runUserInterface(root: string, installation: Installation, workspaces: Workspaces): Promise<Result[]> {
  const screenshots = join(root, 'dist/screenshots');
  rmSync(screenshots, { recursive: true, force: true });
  mkdirSync(screenshots, { recursive: true });
  const data = mkdtempSync(join(tmpdir(), 'mesh-lint-window-'));
  let window: Window | undefined;
  try {
    const opened = await Window.open(root, installation, workspaces.folders.ui, data);
    window = opened;
    const keep = async (name: string): Promise<void> => {
      await opened.page.screenshot({ path: join(screenshots, `${name}.png`) });
    };
    const expected = JSON.parse(readFileSync(workspaces.expected, 'utf8')) as Expected;
    return await runTests('user interface', tests(opened, keep, expected, readFileSync(installation.axe, 'utf8')), (name) =>
      keep(`failed-${name.replaceAll(/[^a-z]+/gi, '-')}`),
    );
  } catch (error) {
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    const printed = error instanceof Error && 'stderr' in error ? String(error.stderr) : '';
    return [{ suite: 'user interface', name: 'the window opens', milliseconds: 0, error: `${message}\n${printed}` }];
  } finally {
    await window?.close();
    rmSync(data, { recursive: true, force: true, maxRetries: 3 });
  }
}

function tests(window: Window, keep: (name: string) => Promise<void>, expected: Expected, axe: string): Tests {
  const { page } = window;
  const editor = page.locator('.editor-group-container.active .monaco-editor').first();
  const squiggles = (severity: 'error' | 'warning'): ReturnType<typeof editor.locator> => editor.locator(`.squiggly-${severity}`);

  return {
    'a squiggle stands under the text at fault': async () => {
      await window.openFile(PAYMENT);
      await squiggles('error').first().waitFor({ timeout: 20_000 });
      equal(await squiggles('error').count(), 1);
      const squiggle = await boxOf(squiggles('error').first());
      const line = editor.locator('.view-line').filter({ hasText: 'linkerd.io/inject' }).first();
      const value = await boxOf(line.locator('span span').filter({ hasText: 'enabled' }).last());
      ok(Math.abs(squiggle.x + squiggle.width - (value.x + value.width)) < 3, 'it does not end with the value');
      ok(Math.abs(squiggle.y - value.y) < value.height, 'it is on another line');
    },

    'the hover says what happens at run time': async () => {
      await window.openFile(PAYMENT);
      const { x, y, width, height } = await boxOf(squiggles('error').first());
      await page.mouse.move(x + width / 2, y - 60);
      await page.mouse.move(x + width / 2, y + height / 2);
      const hover = page.locator('.monaco-hover').filter({ hasText: 'two meshes' }).first();
      await hover.waitFor({ timeout: 10_000 });
      match(await hover.innerText(), /coexistence\/double-injection/);
      await keep('hover');
      await page.keyboard.press('Escape');
    },

    'a quick fix from the light bulb removes its squiggle': async () => {
      await window.openFile(PAYMENT);
      await squiggles('error').first().waitFor({ timeout: 10_000 });
      const { x, y, width, height } = await boxOf(squiggles('error').first());
      await page.mouse.click(x + width / 2, y + height / 2);
      await editor.locator('.lightBulbWidget, [class*="codicon-gutter-lightbulb"]').first().click({ timeout: 10_000 });
      const fix = page.locator('.action-widget .monaco-list-row.action').filter({ hasText: 'out of Linkerd' }).first();
      await fix.waitFor({ timeout: 10_000 });
      await keep('quick-fix');
      await fix.click();
      await squiggles('error').first().waitFor({ state: 'hidden', timeout: 10_000 });
      const line = await editor.locator('.view-line').filter({ hasText: 'linkerd.io/inject' }).first().innerText();
      match(line, /disabled/);
      await page.keyboard.press('Control+Z');
      await squiggles('error').first().waitFor({ timeout: 10_000 });
      await window.command('File: Revert File');
    },

    'a lens stands above a workload': async () => {
      await window.openFile('base/cart.yaml');
      const lens = editor.locator('.codelens-decoration').first();
      await lens.waitFor({ timeout: 10_000 });
      match(await lens.innerText(), /istio|linkerd|mesh/i);
      await keep('lens');
    },

    "the sidebar shows the command's verdict": async () => {
      const frame = await sidebar(window);
      const verdict = await frame.locator('.verdict').first().innerText();
      ok(verdict.includes(expected.verdict.summary), `it says ${verdict}`);
      for (const { text } of expected.verdict.reasons) ok(verdict.includes(text), `"${text}" is missing from ${verdict}`);
    },

    'a click on a reason lands on the line that supports it': async () => {
      const [place] = expected.verdict.reasons.flatMap(({ evidence }) => evidence);
      ok(place, 'no reason has a place');
      const frame = await sidebar(window);
      await frame.locator('.verdict button[data-place]').first().click();
      const { line } = place.range.start;
      await until(`the cursor in ${place.file} on line ${line}`, () => window.isAt(place.file, line), Boolean, 10_000);
    },

    ...Object.fromEntries(
      (Object.keys(THEMES) as Theme[]).map((theme) => [
        `the sidebar has no accessibility violation, ${theme}`,
        async () => {
          await window.openFile(PAYMENT);
          await squiggles('error').first().waitFor({ timeout: 10_000 });
          await window.useTheme(theme);
          const frame = await sidebar(window);
          await keep(theme);
          deepEqual(await violations(frame, axe), []);
        },
      ]),
    ),
  };
}

/** Opened from the activity bar, unless it is open. */
async function sidebar(window: Window): Promise<Frame> {
  const { page } = window;
  const tab = page.locator('.activitybar .action-item').locator('a[aria-label^="Mesh"]').first();
  await tab.waitFor({ timeout: 10_000 });
  const open = await page.locator('.activitybar .action-item.checked').locator('a[aria-label^="Mesh"]').count();
  if (open === 0) await tab.click();
  return window.webview('.verdict');
}

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
}

/** What axe-core finds in the webview's document, with the places. */
async function violations(frame: Frame, axe: string): Promise<unknown[]> {
  // What lies behind the page is painted by the window around it. Without it axe-core holds the colours against white.
  await frame.evaluate("document.documentElement.style.background = 'var(--vscode-sideBar-background)'");
  await frame.evaluate(`${axe}; undefined`);
  const found = await frame.evaluate<Violation[]>('axe.run(document).then(({ violations }) => violations)');
  return found.map(({ id, help, nodes }) => ({
    id,
    help,
    places: nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`),
  }));
}
