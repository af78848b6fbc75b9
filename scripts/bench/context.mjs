import { fork } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildEngine, buildReadableServer } from './engine.mjs';
import { repositoryOf, writeRepository } from './repositories.mjs';
import { Server } from './server.mjs';

/**
 * One line of the results.
 * @typedef {object} Row
 * @property {string} about
 * @property {number} value
 * @property {string} unit
 * @property {number} [most] the limit, where there is one
 * @property {string} [note]
 * @property {readonly { x: number, y: number }[]} [points] what a slope was taken of, for `--json`
 *
 * A file of this folder that measures.
 * @typedef {object} Measurement
 * @property {string} name for `--only`
 * @property {string} title
 * @property {string} method what is measured and how, for the page
 * @property {(context: Context) => Promise<Row[]>} measure
 */

/** What all measurements of one run share. Call `close` in the end. */
export class Context {
  #servers = new Set();
  #written;
  #shared = new Map();

  /**
   * @param {object} options
   * @param {readonly number[]} options.sizes resources of the generated repositories, ascending
   * @param {string | undefined} options.folder a repository of the user's instead
   * @param {string | undefined} options.profiles where CPU profiles go
   * @param {number} options.edits how many edits growth is looked for over
   * @param {boolean} options.installs whether what is only compared with may be downloaded
   * @param {(text: string) => void} options.log
   */
  constructor({ sizes, folder, profiles, edits, installs, log }) {
    Object.assign(this, { sizes, folder, profiles, edits, installs, log });
    /** @type {import('./repositories.mjs').Source} what a server is measured on */
    this.largest = folder === undefined ? { resources: sizes.at(-1), others: true } : { folder };
  }

  async prepare() {
    this.temporary = await mkdtemp(join(tmpdir(), 'mesh-lint-bench-'));
    this.engine = await buildEngine(this.temporary);
    if (this.profiles !== undefined) await mkdir(this.profiles, { recursive: true });
    this.serverModule =
      this.profiles === undefined
        ? fileURLToPath(new URL('../../dist/server.js', import.meta.url))
        : await buildReadableServer(this.temporary);
  }

  async close() {
    for (const server of this.#servers) server.kill();
    if (this.temporary !== undefined) await rm(this.temporary, { recursive: true, force: true });
  }

  /** Makes something once a run. */
  once(name, make) {
    if (!this.#shared.has(name)) this.#shared.set(name, make());
    return this.#shared.get(name);
  }

  /** The repository that a server is measured on. */
  repository() {
    return this.once('repository', () => repositoryOf(this.largest, this.engine));
  }

  /** Its folder on disk. */
  async root() {
    if (this.folder !== undefined) return this.folder;
    this.#written ??= this.written(this.repository());
    return this.#written;
  }

  /** A folder with these files, for as long as the run lasts. */
  async written(repository) {
    const folder = await mkdtemp(join(this.temporary, 'repository-'));
    await writeRepository(repository, folder);
    return folder;
  }

  /** A server that ends with the run at the latest. */
  start(options = {}) {
    const server = new Server({ module: this.serverModule, ...options });
    this.#servers.add(server);
    return server;
  }

  /** Runs a module of this folder in a process of its own, hands it a message and returns what it sends back. */
  async inProcess(module, input) {
    const child = fork(fileURLToPath(new URL(module, import.meta.url)), { execArgv: ['--expose-gc'] });
    return new Promise((resolve, reject) => {
      child.on('message', resolve);
      child.on('error', reject);
      child.on('exit', (code, signal) => reject(new Error(`${module} ended with ${signal ?? code}`)));
      child.send(input);
    });
  }
}
