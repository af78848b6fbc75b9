import { printProfile } from './profile.mjs';
import { nameOf } from './repositories.mjs';
import { median } from './statistics.mjs';

const MOST = 0.6;
const MOST_RELEVANT = 1.3;
/** Ten times as much takes ten times as long; a square would take a hundred times. */
const MOST_GROWTH = 1.5;

/** @type {import('./context.mjs').Measurement} */
export const cold = {
  name: 'cold',
  title: 'Linting everything',
  method:
    "The engine gets the texts of all files and is asked for all findings; the `yaml` package's `parseAllDocuments`, the same build of it that the engine uses, parses the same texts and keeps nothing. Both run by turns in one process, a process for each repository, and their medians are compared. Growth is the time for one resource, compared with that in the next smaller repository.",
  async measure(context) {
    const sources =
      context.folder === undefined
        ? [...context.sizes.map((resources) => ({ resources, others: true })), { resources: context.sizes.at(-1), others: false }]
        : [{ folder: context.folder }];
    if (context.profiles !== undefined) return profileAll(context, sources.slice(-2));
    const rows = [];
    let before;
    for (const source of sources) {
      const { lint, parse, resources, bytes, findings } = await context.inProcess('./cold-process.mjs', {
        engine: context.engine,
        source,
      });
      const [own, other] = [median(lint), median(parse)];
      const name = nameOf(source);
      const most = source.folder !== undefined ? undefined : source.others ? MOST : MOST_RELEVANT;
      rows.push({
        about: `${name}: time, as a multiple of \`parseAllDocuments\``,
        value: own / other,
        unit: '×',
        most,
        note: `${own.toFixed(0)} ms against ${other.toFixed(0)} ms, ${lint[0].toFixed(0)} ms the first time; ${resources} documents, ${(bytes / 1e6).toFixed(1)} MB, ${findings} findings`,
      });
      const each = own / resources;
      if (source.others) {
        rows.push({ about: `${name}: one resource`, value: each * 1000, unit: 'µs' });
        if (before !== undefined) {
          const growth = each / before;
          rows.push({ about: `${name}: growth of that`, value: growth, unit: '×', most: MOST_GROWTH });
        }
        before = each;
      }
    }
    return rows;
  },
};

/** Where the time goes in the two largest. */
async function profileAll(context, sources) {
  for (const [i, source] of sources.entries()) {
    const name = `cold-${i + 1}`;
    const profile = `${context.profiles}/${name}.cpuprofile`;
    const { window } = await context.inProcess('./cold-process.mjs', { engine: context.engine, source, profile });
    const title = `Linting everything once, ${nameOf(source)}`;
    await printProfile(context, { name, title, windows: [window], module: context.engine });
  }
  return [];
}
