import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { setTimeout as pause } from 'node:timers/promises';
import { applyEdit, toggling, typing } from './edit-scripts.mjs';
import { indexed } from './indexing.mjs';
import { printProfile } from './profile.mjs';
import { CAPABILITIES } from './server.mjs';
import { median, percentile } from './statistics.mjs';

const MOST_OWN = 5;
const MOST_OTHER = 20;
/** How many edits of each kind. */
export const TYPED = 240;
export const TOGGLES = 100;
/** Between two edits, after the answer: nobody types that fast for long. */
const PACE = 30;
const PATIENCE = 30_000;

/** @type {import('./context.mjs').Measurement} */
export const edits = {
  name: 'edits',
  title: 'From an edit to its report',
  method:
    "The built server over stdio, with the largest repository as its workspace, the request for the workspace's diagnostics held open, and a few files open in the editor. Time is taken in the server's process, from the last byte of `didChange` read to the last byte of the report written: the answer to the editor's request for the file's diagnostics that follows the edit, or, for another file, the answer to the request that follows when the server has asked to be asked again; that one holds a round trip to the editor and back. An editor that does not ask is sent the report. Typing goes on all over the file: words letter by letter, lines, and taking them back.",
  async measure(context) {
    const repository = context.repository();
    const root = await context.root();
    const rows = [];
    const asking = new Editing(context, (await indexed(context)).server, root, repository, true);
    await asking.openFiles();
    const { large } = repository;
    const text = repository.files.get(large);
    const script = typing(text, TYPED);
    const times = await asking.run('edit-own', large, TYPED, (_text, i) => script[i], large);
    const megabytes = (Buffer.byteLength(text) / 1e6).toFixed(2);
    rows.push(rowOf(`typing in a file of ${megabytes} MB: its report`, times, context.folder ? undefined : MOST_OWN));
    rows.push(...(await toggleAll(asking, 'asks')));
    await asking.server.stop();
    if (context.profiles === undefined && repository.toggles.length > 0) {
      const told = new Editing(context, context.start(), root, repository, false);
      await told.server.initialize(root, CAPABILITIES.isTold);
      await told.openFiles();
      rows.push(...(await toggleAll(told, 'is told')));
      await told.server.stop();
    }
    return rows;
  },
};

async function toggleAll(editing, how) {
  const rows = [];
  for (const { title, path, texts, affects } of editing.repository.toggles) {
    const name = `edit-other-${rows.length + 1}`;
    const times = await editing.run(name, path, TOGGLES, (text) => toggling(text, texts), affects);
    rows.push(rowOf(`${title}: the report of another file, to an editor that ${how}`, times, MOST_OTHER));
  }
  return rows;
}

function rowOf(about, times, most) {
  const inServer = times.map(({ server }) => server);
  const of = (key) => median(times.map((time) => time[key])).toFixed(1);
  const seen = percentile(
    times.map(({ client }) => client),
    95,
  );
  return {
    about: `${about}, p95`,
    value: percentile(inServer, 95),
    unit: 'ms',
    most,
    note: `median ${of('server')} ms, of CPU ${of('cpu')} ms; longest ${Math.max(...inServer).toFixed(1)} ms; p95 as the editor sees it ${seen.toFixed(1)} ms`,
  };
}

/** An editor at work on a server: it opens files, edits, and asks for diagnostics as it should. */
class Editing {
  constructor(context, server, root, repository, asks) {
    Object.assign(this, { context, server, root, repository, asks });
    this.texts = new Map();
    server.asksAgain = asks;
  }

  uriOf(path) {
    return pathToFileURL(join(this.root, path)).href;
  }

  async openFiles() {
    const { large, toggles, files } = this.repository;
    const open = [large, ...toggles.flatMap(({ path, affects }) => [path, affects])];
    for (const path of new Set(open)) {
      this.texts.set(path, files.get(path));
      await this.server.open(this.uriOf(path), files.get(path));
      if (this.asks) await this.server.pull(this.uriOf(path));
    }
    await this.server.quiet(this.uriOf(open[0]));
  }

  /**
   * Edits one file again and again, each time until the report of `affected` is there.
   * @param {string} name of the profile
   * @returns {Promise<{ server: number, cpu: number, client: number }[]>} milliseconds of each edit: in the server, its CPU time, and until
   *   the client has the report
   */
  async run(name, path, count, nextEdit, affected) {
    const { server, context } = this;
    const [uri, target] = [this.uriOf(path), this.uriOf(affected)];
    if (context.profiles !== undefined) await server.probe('startProfile');
    await server.probe('record');
    const client = [];
    for (let i = 0; i < count; i++) {
      await pause(PACE);
      const edit = nextEdit(this.texts.get(path), i);
      this.texts.set(path, applyEdit(this.texts.get(path), edit));
      const before = server.diagnostics.get(target);
      const start = performance.now();
      const came = path === affected ? undefined : this.cameFor(target, before);
      const edited = server.edit(uri, edit);
      const own = this.asks ? server.pull(uri) : undefined;
      await edited;
      await (came ?? own);
      client.push(performance.now() - start);
      await own;
    }
    const { received, sent } = await server.probe('recorded');
    const ways = waysOf({ received, sent, uri, target, asks: this.asks });
    if (ways.length !== count) throw new Error(`${name}: ${count} edits, and ${ways.length} reports in the server's record`);
    if (context.profiles !== undefined) {
      await server.probe('stopProfile', `${context.profiles}/${name}.cpuprofile`);
      const windows = ways.map(([change, report]) => [change.at, report.at]);
      await printProfile(context, { name, title: `${path}, report of ${affected}`, windows, module: context.serverModule });
    }
    return ways.map(([change, report], i) => ({
      server: (report.at - change.at) / 1000,
      cpu: (report.cpu - change.cpu) / 1000,
      client: client[i],
    }));
  }

  /** Resolves when other diagnostics than before have come for a document. */
  cameFor(uri, before) {
    const { server } = this;
    const same = JSON.stringify(before ?? []);
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`the edit changed nothing in ${uri}`)), PATIENCE);
      server.onDiagnostics = (came) => {
        if (came !== uri || JSON.stringify(server.diagnostics.get(uri)) === same) return;
        server.onDiagnostics = () => {};
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** From each `didChange` of a document to the report of the target that followed it, as the server's process saw both. */
function waysOf({ received, sent, uri, target, asks }) {
  const changes = received.filter(({ method, uri: of }) => method === 'textDocument/didChange' && of === uri);
  return changes.flatMap((change, i) => {
    const { at } = change;
    const until = changes[i + 1]?.at ?? Infinity;
    const between = (message) => message.at >= at && message.at < until;
    const ids = received
      .filter((message) => between(message) && message.method === 'textDocument/diagnostic' && message.uri === target)
      .map(({ id }) => id);
    const isReport = ({ method, id, uri: of }) =>
      asks ? method === undefined && ids.includes(id) : method === 'textDocument/publishDiagnostics' && of === target;
    const report = sent.find((message) => between(message) && isReport(message));
    return report === undefined ? [] : [[change, report]];
  });
}
