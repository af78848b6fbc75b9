import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { env, platform, stdout } from 'node:process';
import { launchBrowser } from '../host/browser';
import type { Installation } from '../host/browser';
import { processes } from '../host/processes';
import type { Result } from '../report';
import { LONGEST_WAIT, runTests, until } from '../tests';
import type { Tests } from '../tests';
import { logIn } from '../ui/window';
import type { Workspaces } from '../workspaces';
import { hasTerminals, Run } from './terminal';

const PAYMENT = 'overlays/prod/payment.yaml';

/** What `npm start` does, as somebody in front of a terminal has it. */
export async function runStart(
  root: string,
  installation: Installation,
  cache: string,
  workspaces: Workspaces,
): Promise<Result[]> {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'mesh-lint-')));
  const start = new Start(root, installation, cache, workspaces.folders.start, home);
  try {
    return await runTests('npm start', start.tests());
  } finally {
    start.end();
    rmSync(home, { recursive: true, force: true, maxRetries: 3 });
  }
}

class Start {
  private readonly script: string;
  private readonly installation: Installation;
  private readonly cache: string;
  private readonly folder: string;
  private readonly home: string;
  private readonly temporary: string;
  private run: Run | undefined;

  constructor(root: string, installation: Installation, cache: string, folder: string, home: string) {
    this.script = join(root, 'scripts/start.mjs');
    this.installation = installation;
    this.cache = cache;
    this.folder = folder;
    this.home = join(home, 'home');
    this.temporary = join(home, 'temporary');
    for (const path of [this.home, this.temporary]) mkdirSync(path);
  }

  tests(): Tests {
    return {
      'without a terminal it stops after printing': () => this.printsAlone([this.folder]),

      'with --no-editor it stops after printing': () => this.printsAlone(['--no-editor', this.folder]),

      "the desktop's VS Code gets the folder, and the extension as built": () => this.opensDesktop(),

      'where no VS Code can be had it says why in one line': () => this.saysWhy(),

      'in a terminal it prints the verdict, then opens VS Code on this machine alone': async () => {
        this.run = this.startBrowser();
        await this.run.printing(/verdict/);
        const { port } = await this.address();
        for (const address of addressesOfOthers()) ok(!(await accepts(address, port)), `${address} accepts connections`);
        ok(await accepts('127.0.0.1', port));
      },

      'nobody gets in without the password, or with a wrong one': async () => {
        const { at, password } = await this.address();
        for (const path of ['/', `/?folder=${encodeURIComponent(this.folder)}`, '/vscode-remote-resource?path=/etc/hostname']) {
          await refuses(at(path));
          await refuses(at(path), { headers: { cookie: 'code-server-session=guessed' } });
        }
        const answer = await enter(at('/login'), `${password}x`);
        equal(answer.status, 200);
        deepEqual(answer.headers.getSetCookie(), []);
        match(await answer.text(), /Incorrect password/);
      },

      'the password gets in, and no command line tells it': async () => {
        const { at, password } = await this.address();
        const answer = await enter(at('/login'), password);
        equal(answer.status, 302);
        const [cookie = ''] = answer.headers.getSetCookie();
        match(cookie, /^code-server-session=/);
        const page = await fetch(at('/'), { headers: { cookie: cookie.split(';', 1)[0] ?? '' } });
        equal(new URL(page.url).searchParams.get('folder'), this.folder);
        match(await page.text(), /vscode-workbench-web-configuration/);
        ok(!commandLines().includes(password));
      },

      'behind it are the findings': async () => {
        const { port, password } = await this.address();
        const browser = await launchBrowser(this.installation);
        try {
          const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
          page.setDefaultTimeout(LONGEST_WAIT);
          await logIn(page, port, password);
          await page.keyboard.press('Control+P');
          await page.locator('.quick-input-widget input').first().fill(PAYMENT);
          await page.locator('.quick-input-list .monaco-list-row').filter({ hasText: 'payment.yaml' }).first().click();
          await page.locator('.monaco-editor .squiggly-error').first().waitFor();
        } finally {
          await browser.close();
        }
      },

      ...this.ending(),
    };
  }

  private ending(): Tests {
    if (platform === 'win32') {
      stdout.write('npm start: on Windows no program can send another one Ctrl-C, so its end is not tested\n');
      return {};
    }
    return {
      'Ctrl-C ends it and everything it started, and leaves nothing behind': async () => {
        const { port } = await this.address();
        ok(this.run);
        ok(commandLines().includes(this.temporary), 'its processes are not to be seen');
        this.run.interrupt();
        equal(await this.run.ended(), 0);
        await until('nobody at the port', async () => !(await accepts('127.0.0.1', port)));
        await until('the end of its processes', () => !commandLines().includes(this.temporary));
        deepEqual(readdirSync(this.temporary), []);
        // Elsewhere VS Code keeps the number that it gives a machine where no variable can move it.
        if (platform === 'linux') deepEqual(readdirSync(this.home), []);
      },
    };
  }

  end(): void {
    this.run?.kill();
  }

  private variables(): NodeJS.ProcessEnv {
    return {
      HOME: this.home,
      TMPDIR: this.temporary,
      TEMP: this.temporary,
      XDG_CONFIG_HOME: '',
      XDG_DATA_HOME: '',
      XDG_CACHE_HOME: '',
      MESH_LINT_CACHE: this.cache,
      // What would move the port or the password away from what is printed, were it not kept from the server.
      PORT: '1',
      CODE_SERVER_HOST: '0.0.0.0',
      HASHED_PASSWORD: 'anything',
    };
  }

  private startBrowser(): Run {
    if (hasTerminals()) return Run.inTerminal([this.script, this.folder], this.variables());
    stdout.write(
      'npm start: no program here starts others in a terminal, so it is asked for the editor, and ended by a signal\n',
    );
    return Run.withoutTerminal([this.script, '--editor', 'browser', this.folder], this.variables());
  }

  private async address(): Promise<{ port: number; password: string; at: (path: string) => URL }> {
    ok(this.run, 'it was not started');
    const [, address = '', password = ''] = await this.run.printing(/(http:\/\/127\.0\.0\.1:\d+\/)\s+Password: (\S{20,})\s/);
    return { port: Number(new URL(address).port), password, at: (path) => new URL(path, address) };
  }

  private async printsAlone(words: readonly string[]): Promise<void> {
    const run = Run.withoutTerminal([this.script, ...words], this.variables());
    equal(await run.ended(), 0);
    match(run.output, /coexistence\/double-injection/);
    match(run.output, /verdict for prod/);
    ok(!run.output.includes('VS Code'));
  }

  /** With a program in its place that notes how it is called. */
  private async opensDesktop(): Promise<void> {
    if (platform === 'win32') {
      stdout.write(
        'npm start: on Windows the desktop is a program that a script cannot stand in for; its choice is a unit test\n',
      );
      return;
    }
    const programs = join(this.home, '..', 'programs');
    const calls = join(programs, 'calls');
    mkdirSync(programs);
    const code = '#!/bin/sh\nif [ "$1" = --version ]; then echo 1.139.1; else printf "%s\\n" "$@" > "$CALLS"; fi\n';
    writeFileSync(join(programs, 'code'), code);
    chmodSync(join(programs, 'code'), 0o755);
    const variables = { ...this.variables(), PATH: [programs, env['PATH']].join(delimiter), CALLS: calls, DISPLAY: ':0' };
    const run = Run.withoutTerminal([this.script, '--editor', 'desktop', this.folder], variables);
    equal(await run.ended(), 0, run.output);
    match(run.output, /verdict for prod/);
    const [extension, folder] = readFileSync(calls, 'utf8').trim().split('\n');
    deepEqual([extension, folder], [`--extensionDevelopmentPath=${join(this.script, '../..')}/`, this.folder]);
  }

  /** Nothing is in the cache, and nobody answers where packages come from. */
  private async saysWhy(): Promise<void> {
    const elsewhere = join(this.home, '../nowhere');
    const variables = {
      ...this.variables(),
      HOME: elsewhere,
      MESH_LINT_CACHE: elsewhere,
      npm_config_registry: 'http://127.0.0.1:9/',
    };
    const run = Run.withoutTerminal([this.script, '--editor', 'browser', this.folder], variables);
    equal(await run.ended(), 1);
    match(run.output, /To be downloaded into \S+: about \d+ MB/);
    const [line = ''] = run.output.split('\n').filter((text) => text.startsWith('npm start: '));
    match(line, /VS Code could not be opened: .* could not be installed: .*ECONNREFUSED/);
  }
}

async function refuses(url: URL, options: RequestInit = {}): Promise<void> {
  const answer = await fetch(url, { ...options, redirect: 'manual' });
  ok(
    answer.status === 401 || (answer.status === 302 && /^\.?\/?login/.test(answer.headers.get('location') ?? '')),
    `${url.pathname} answers ${answer.status} ${answer.headers.get('location') ?? ''}`,
  );
}

async function enter(url: URL, password: string): Promise<Response> {
  return fetch(url, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ password, base: '.', href: url.href }) });
}

/** Where others would find this machine; where Linux has one more address of its own, that too. */
function addressesOfOthers(): string[] {
  const outside = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter(({ internal, family }) => !internal && family === 'IPv4').map(({ address }) => address),
  );
  return platform === 'linux' ? [...outside, '127.0.0.2'] : outside;
}

async function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 5_000 });
    const end = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false));
  });
}

/** Of everything that runs. */
const commandLines = (): string =>
  processes()
    .map(({ words }) => words)
    .join('\n');
