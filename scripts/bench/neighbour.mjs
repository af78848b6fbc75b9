import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cacheFolder, have, npm } from '../vscode-cache.mjs';
import { applyEdit, typing } from './edit-scripts.mjs';
import { CAPABILITIES } from './server.mjs';
import { median, percentile } from './statistics.mjs';

const VERSION = '2.0.0';
const PART = {
  name: `yaml-language-server ${VERSION}`,
  folder: `yaml-language-server-${VERSION}`,
  download: 5,
  disk: 21,
  install: (folder) => npm(folder, [`yaml-language-server@${VERSION}`]),
};

const EDITS = 24;
/** It waits 200 ms after each edit; who edits sooner is answered later. */
const PATIENCE = 60_000;

/** @type {import('./context.mjs').Measurement} */
export const neighbour = {
  name: 'neighbour',
  title: 'The same edits elsewhere',
  method: `yaml-language-server ${VERSION}, which checks one file at a time, with the same probe in its process, the same file and the first ${EDITS} of the same edits. It is given no schemas, so that it only parses. It answers an edit no sooner than 200 ms after it on purpose; the figure includes that.`,
  async measure(context) {
    const module = await installed(context);
    if (module === undefined) return [];
    const { files, large } = context.repository();
    const root = await context.root();
    const uri = pathToFileURL(join(root, large)).href;
    const server = context.start({ module, settings });
    await server.initialize(root, CAPABILITIES.isTold);
    const reported = () =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error('yaml-language-server does not answer')), PATIENCE);
        server.onDiagnostics = (of) => {
          if (of !== uri) return;
          clearTimeout(timer);
          resolve();
        };
      });
    let text = files.get(large);
    const first = reported();
    await server.open(uri, text);
    await first;
    await server.probe('record');
    for (const edit of typing(text, EDITS)) {
      text = applyEdit(text, edit);
      const next = reported();
      await server.edit(uri, edit);
      await next;
    }
    const { received, sent } = await server.probe('recorded');
    await server.stop();
    const reports = sent.filter(({ method, uri: of }) => method === 'textDocument/publishDiagnostics' && of === uri);
    const times = received
      .filter(({ method }) => method === 'textDocument/didChange')
      .map(({ at }) => (reports.find((report) => report.at > at).at - at) / 1000);
    return [
      {
        about: `typing in a file of ${(Buffer.byteLength(text) / 1e6).toFixed(2)} MB: its report, p95`,
        value: percentile(times, 95),
        unit: 'ms',
        note: `median ${median(times).toFixed(0)} ms`,
      },
    ];
  },
};

/** Its file; undefined when it is not here and was not asked for. */
async function installed({ installs, log }) {
  const folder = join(cacheFolder(), PART.folder);
  if (installs) await have([PART]);
  else if (!existsSync(folder)) {
    log(`  ${PART.name} is not in the cache; \`npm run bench -- --only neighbour\` downloads it (${PART.download} MB)`);
    return undefined;
  }
  return join(folder, 'node_modules/yaml-language-server/bin/yaml-language-server');
}

/** Nothing is fetched. */
function settings(section) {
  return section === 'yaml' ? { validate: true, schemaStore: { enable: false }, kubernetesCRDStore: { enable: false } } : null;
}
