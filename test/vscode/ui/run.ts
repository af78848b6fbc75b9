import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kill } from 'node:process';
import type { Frame, Installation, Locator } from '../host/browser';
import type { Result } from '../report';
import { runTests, until } from '../tests';
import type { Tests } from '../tests';
import type { Workspaces } from '../workspaces';
import { THEMES, Window } from './window';
import type { Theme } from './window';

const PAYMENT = 'overlays/prod/payment.yaml';
const NAMESPACE = 'overlays/prod/namespace.yaml';

/** The narrowest sidebar that the page is made for, and a wide one. */
const WIDTHS = [220, 800] as const;

/** What the Tab key reaches in the page, in the order of the document. */
const FOCUSABLE = `[...document.querySelectorAll('button, summary, select, input')].filter((one) => one.checkVisibility())`;

/** Where the focus is among these, and whether it can be seen there. */
const FOCUSED = `() => {
  const one = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  return { at: ${FOCUSABLE}.indexOf(one), isSeen: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1 };
}`;

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
  /** Of the other environments. */
  readonly verdicts: readonly { readonly environment: string; readonly summary: string }[];
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
      await opened.settled(opened.page);
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
  const squiggle = editor.locator('.squiggly-error').first();
  const lineWith = (text: string): Locator => editor.locator('.view-line').filter({ hasText: text }).first();
  const decision = async (): Promise<Frame> => sidebar(window, '.verdict');
  const verdict = async (): Promise<string> => (await decision()).locator('#summary').innerText();
  const hasVerdict = (text: string): boolean =>
    [expected.verdict.summary, ...expected.verdict.reasons.map((reason) => reason.text)].every((part) => text.includes(part));

  return {
    'a squiggle stands under the text at fault, and nowhere else': async () => {
      await window.openFile(PAYMENT);
      await squiggle.waitFor();
      const value = lineWith('linkerd.io/inject').locator('span span').filter({ hasText: 'enabled' }).last();
      // Lenses push lines down when they come.
      await until(
        'a squiggle that ends with the value, on its line',
        async () => [await squiggle.boundingBox(), await value.boundingBox()] as const,
        ([under, text]) =>
          under !== null &&
          text !== null &&
          Math.abs(under.x + under.width - (text.x + text.width)) < 3 &&
          Math.abs(under.y - text.y) < text.height,
      );
      equal(await editor.locator('.squiggly-error').count(), 1);
    },

    'the hover says what happens at run time': async () => {
      await window.openFile(PAYMENT);
      const hover = await window.hover(squiggle, 'two meshes');
      match(await hover.innerText(), /coexistence\/double-injection/);
      await keep('hover');
      await page.keyboard.press('Escape');
    },

    'the hover on an injection label says whose pods it gives what': async () => {
      await window.openFile(NAMESPACE);
      const label = lineWith('istio-injection').locator('span span').filter({ hasText: 'istio-injection' }).last();
      const hover = await window.hover(label, 'label of Namespace bookshop');
      match(await hover.innerText(), /sidecar: Deployment bookshop\//);
      await keep('hover-label');
      await page.keyboard.press('Escape');
    },

    'a quick fix from the light bulb removes its squiggle': async () => {
      await window.openFile(PAYMENT, 12, 30);
      await squiggle.waitFor();
      await editor.locator('.lightBulbWidget, [class*="codicon-gutter-lightbulb"]').first().click();
      const fix = page.locator('.action-widget .monaco-list-row.action').filter({ hasText: 'out of Linkerd' }).first();
      await fix.waitFor();
      await keep('quick-fix');
      await fix.click();
      await squiggle.waitFor({ state: 'hidden' });
      match(await lineWith('linkerd.io/inject').innerText(), /disabled/);
      await window.command('File: Revert File');
      await squiggle.waitFor();
    },

    'lenses above a workload say mesh, mutual TLS and environments': async () => {
      await window.openFile('base/cart.yaml');
      const lenses = editor.locator('.codelens-decoration').first();
      await until(
        'the lenses',
        async () => (await lenses.count()) > 0 && (await lenses.innerText()),
        (text) =>
          typeof text === 'string' && ['Istio sidecar', 'Linkerd', 'mTLS STRICT', 'prod'].every((part) => text.includes(part)),
      );
      await keep('lens');
    },

    "the sidebar shows the command's verdict": async () => {
      await until('the verdict of the command', verdict, hasVerdict);
    },

    'its first characters are the verdict and its reason': async () => {
      const { summary } = expected.verdict;
      ok((await verdict()).startsWith(summary.slice(0, 80)), `the page begins otherwise than "${summary}"`);
      await window.widen(await decision(), 560);
      await keep('decision');
      await window.widen(await decision(), 300);
    },

    'a click on a reason lands on the line that supports it': async () => {
      const [place] = expected.verdict.reasons.flatMap(({ evidence }) => evidence);
      ok(place, 'no reason has a place');
      await until('the verdict of the command', verdict, hasVerdict);
      const frame = await decision();
      await frame.locator('.evidence button[data-place]').first().click();
      const { line } = place.range.start;
      await until(`the cursor in ${place.file} on line ${line}`, () => window.isAt(place.file, line));
    },

    'the list of environments leads to another one, which stays chosen when the sidebar was hidden, and back': async () => {
      const picker = 'select[data-picker="environment"]';
      const other = expected.verdicts.find(({ environment }) => environment === 'dev');
      ok(other, 'the command has no verdict on dev');
      const isOther = (text: string): boolean => text.startsWith(other.summary.slice(0, 80)) && !hasVerdict(text);
      const chosen = async (): Promise<string> =>
        (await decision()).evaluate<string>(`document.querySelector('${picker}')?.value`);
      await until('the verdict of the command', verdict, hasVerdict);
      equal(await chosen(), 'prod');
      await (await decision()).locator(picker).selectOption('dev');
      await until('the verdict on dev', verdict, isOther);
      await keep('environment');
      await page.locator('.activitybar .action-item a[aria-label^="Explorer"]').first().click();
      await page.locator('.explorer-folders-view').first().waitFor();
      await until('the verdict on dev, in a new page', verdict, isOther);
      equal(await chosen(), 'dev');
      await (await decision()).locator(picker).selectOption('prod');
      await until('the verdict of the command', verdict, hasVerdict);
    },

    'the sidebar follows an edit that is not saved, and its undoing': async () => {
      await window.openFile(NAMESPACE, 6, 22);
      await page.keyboard.press('Shift+End');
      await page.keyboard.type('disabled');
      await until('another verdict', verdict, (text) => !hasVerdict(text));
      await window.command('File: Revert File');
      await until('the verdict of the command', verdict, hasVerdict);
    },

    'Tab goes through the page from top to bottom, and what has the focus shows it': async () => {
      const frame = await decision();
      const count = await frame.evaluate<number>(`${FOCUSABLE}.length`);
      ok(count > 20, `only ${count} elements take the focus`);
      await frame.evaluate(`${FOCUSABLE}[0].focus()`);
      const visited: unknown[] = [];
      for (let i = 0; i < count; i++) {
        visited.push(await frame.evaluate(`(${FOCUSED})()`));
        await page.keyboard.press('Tab');
      }
      deepEqual(
        visited,
        Array.from({ length: count }, (_, i) => ({ at: i, isSeen: true })),
      );
    },

    'answers of the form come into the configuration, not saved, and the sidebar follows; undone, it asks again': async () => {
      const frame = await decision();
      const engineers = frame.locator('#questions input[name="engineers"]');
      await frame.locator('.guides button[data-ask="engineers"]').first().click();
      equal(await frame.evaluate('document.activeElement.name'), 'engineers');
      await engineers.fill('14');
      await frame.locator('#questions select[name="platformTeam"]').selectOption('no');
      await keep('questions');
      await engineers.press('Enter');
      await page.locator('.editor-group-container.active .monaco-editor[data-uri$="/.mesh-lint.yaml"]').first().waitFor();
      await until(
        'the answers in the file',
        () => editor.innerText(),
        (text) => /engineers:\s+14[^]*platformTeam:\s+false/.test(text.replaceAll('\u00a0', ' ')),
      );
      await page.locator('.tab.dirty').filter({ hasText: '.mesh-lint.yaml' }).first().waitFor();
      await engineers.waitFor({ state: 'hidden' });
      await until('fewer open questions', verdict, (text) => text.includes('6 of 8 questions are open'));
      await keep('answered');
      await window.command('File: Revert File');
      await until(
        'the verdict of the command',
        verdict,
        (text) => hasVerdict(text) && text.includes('8 of 8 questions are open'),
      );
      await engineers.waitFor();
    },

    'what stands in the form is there again when the sidebar was hidden': async () => {
      await (await decision()).locator('#questions input[name="engineers"]').fill('21');
      await page.locator('.activitybar .action-item a[aria-label^="Explorer"]').first().click();
      await page.locator('.explorer-folders-view').first().waitFor();
      const draft = `document.querySelector('#questions input[name="engineers"]')?.value`;
      await until(
        'the answer that was begun',
        async () => (await decision()).evaluate<string>(draft),
        (value) => value === '21',
      );
      await (await decision()).locator('#questions input[name="engineers"]').fill('');
    },

    'the decision record opens as Markdown': async () => {
      await window.command('Mesh Lint: Export Decision Record');
      await until(
        'the record',
        () => editor.innerText(),
        (text) => text.replaceAll('\u00a0', ' ').includes('# Decision: a service mesh for `prod`?'),
      );
      await page.locator('[id="status.editor.mode"]').filter({ hasText: 'Markdown' }).first().waitFor();
      await keep('record');
      await window.command('View: Revert and Close Editor');
    },

    ...Object.fromEntries(
      (Object.keys(THEMES) as Theme[]).map((theme) => [
        `the sidebar has no accessibility violation and nothing too wide, ${theme}`,
        async () => {
          await window.openFile(PAYMENT);
          await squiggle.waitFor();
          await until('the verdict of the command', verdict, hasVerdict);
          const frame = await decision();
          await window.useTheme(theme, frame);
          for (const width of WIDTHS) {
            await window.widen(frame, width);
            await frame.evaluate(`document.querySelectorAll('details').forEach((one) => (one.open = false)); scrollTo(0, 0)`);
            await keep(`${theme}-${width}`);
            await frame.evaluate(`document.querySelectorAll('details').forEach((one) => (one.open = true))`);
            equal(await frame.evaluate<number>('document.documentElement.scrollWidth'), width, `what it takes at ${width}`);
            deepEqual(await violations(frame, axe), []);
          }
        },
      ]),
    ),

    'a server that crashes five times is given up, and the window says what to do': async () => {
      await window.openFile(PAYMENT);
      await squiggle.waitFor();
      let last: number | undefined;
      for (let crash = 0; crash < 5; crash++) {
        const pid = await until(
          'the language server',
          () => window.languageServer(),
          (now) => now !== undefined && now !== last,
        );
        ok(pid !== undefined);
        kill(pid, 'SIGKILL');
        last = pid;
      }
      const message = page.locator('.notification-toast').filter({ hasText: 'crashed five times in three minutes' }).first();
      match(await message.innerText(), /leave it out by "ignore" in \.mesh-lint\.yaml, and restart the server/);
      for (const button of ['Restart Server', 'Show Output']) {
        await message.locator('.monaco-button').filter({ hasText: button }).first().waitFor();
      }
      const frame = await sidebar(window, '.notice');
      await until(
        'what the sidebar says of it',
        () => frame.locator('.notice').innerText(),
        (text) => /not running[^]*crashed five times[^]*Restart Server/.test(text),
      );
      await keep('stopped');
      deepEqual(await violations(frame, axe), []);
      equal(window.languageServer(), undefined);
    },

    'the command Restart Server brings it back, with what it said before': async () => {
      await window.command('Mesh Lint: Restart Server');
      await squiggle.waitFor();
      equal(await editor.locator('.squiggly-error').count(), 1);
      await until('the verdict of the command', verdict, hasVerdict);
      await keep('restarted');
    },
  };
}

/** The page of the sidebar with an element in it; opened from the activity bar, unless it is open. */
async function sidebar(window: Window, selector: string): Promise<Frame> {
  const { page } = window;
  const tab = page.locator('.activitybar .action-item').locator('a[aria-label^="Mesh"]').first();
  await tab.waitFor();
  const open = await page.locator('.activitybar .action-item.checked').locator('a[aria-label^="Mesh"]').count();
  if (open === 0) await tab.click();
  return window.webview(selector);
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
