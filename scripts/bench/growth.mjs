import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { applyEdit, toggling, typing } from './edit-scripts.mjs';
import { generate } from './generate.mjs';
import { CAPABILITIES } from './server.mjs';
import { slope } from './statistics.mjs';

const RESOURCES = 300;
const POINTS = 20;
/** Before that V8 still compiles: its code and what it notes of it lie on the heap too. */
const WARM = 0.5;
/** MB: the little that it goes on compiling. */
const MOST = 0.5;

/** @type {import('./context.mjs').Measurement} */
export const growth = {
  name: 'growth',
  title: 'Memory over a long day',
  method:
    'Edits of all sorts, each answered before the next: typing, labels set back and forth, documents with ever new names added and taken away, syntax broken and mended, files opened and closed. Memory after collection is taken at points on the way, where all texts are what they were at the start; growth is the slope of the line through those of the second half, when nearly all code is compiled.',
  async measure(context) {
    const repository = generate({ resources: RESOURCES, others: true });
    const root = await context.written(repository);
    const server = context.start();
    await server.initialize(root, CAPABILITIES.asks);
    server.stream();
    server.asksAgain = true;
    const day = new Day(server, root, repository);
    await day.begin();
    const points = [];
    let done = 0;
    for (let point = 0; point <= POINTS; point++) {
      while (done < (context.edits * point) / POINTS) done += await day.round();
      await server.quiet(day.uriOf(repository.toggles[0].path));
      const { used } = await server.probe('heap');
      points.push({ x: done, y: used });
      // It takes minutes.
      if (point % 5 === 0) context.log(`  after ${done.toLocaleString('en')} edits ${(used / 1e6).toFixed(2)} MB`);
    }
    await server.stop();
    const warm = points.filter(({ x }) => x >= context.edits * WARM);
    const grown = (slope(warm) * context.edits) / 1e6;
    const held = warm.map(({ y }) => (y / 1e6).toFixed(2));
    return [
      {
        about: `growth over ${context.edits.toLocaleString('en')} edits`,
        value: grown,
        unit: 'MB',
        most: MOST,
        points,
        note: `${held[0]} MB after ${warm[0].x.toLocaleString('en')} edits, ${held.at(-1)} MB after ${done.toLocaleString('en')}; ${RESOURCES} resources`,
      },
    ];
  },
};

/** Rounds of edits after which every text is what it was. */
class Day {
  constructor(server, root, { files, toggles }) {
    Object.assign(this, { server, root, files, toggles });
    this.texts = new Map();
    this.rounds = 0;
  }

  uriOf(path) {
    return pathToFileURL(join(this.root, path)).href;
  }

  async begin() {
    for (const { path, affects } of this.toggles) for (const file of [path, affects]) await this.open(file);
  }

  async open(path) {
    if (this.texts.has(path)) return;
    this.texts.set(path, this.files.get(path));
    await this.server.open(this.uriOf(path), this.files.get(path));
    await this.server.pull(this.uriOf(path));
  }

  async edit(path, edit) {
    const uri = this.uriOf(path);
    this.texts.set(path, applyEdit(this.texts.get(path), edit));
    const edited = this.server.edit(uri, edit);
    await this.server.pull(uri);
    await edited;
  }

  /** @returns {Promise<number>} how many edits it made */
  async round() {
    const number = this.rounds++;
    const { path, affects } = this.toggles[number % this.toggles.length];
    let edits = 0;
    const make = async (file, edit) => {
      await this.edit(file, edit);
      edits++;
    };
    for (const edit of typing(this.texts.get(affects), 12)) await make(affects, edit);
    for (const { path: file, texts } of this.toggles) {
      for (let i = 0; i < 2; i++) await make(file, toggling(this.texts.get(file), texts));
    }
    const end = this.texts.get(path).length;
    const document = `---\napiVersion: v1\nkind: Namespace\nmetadata:\n  name: new-${number}\n  labels:\n    key-${number}: a\n`;
    await make(path, { start: end, end, insert: document });
    await make(path, { start: end, end: end + document.length, insert: '' });
    await make(path, { start: 0, end: 0, insert: `broken-${number}: [` });
    await make(path, { start: 0, end: `broken-${number}: [`.length, insert: '' });
    if (number % 10 === 0) await this.look(number / 10);
    return edits;
  }

  /** Opens another file, and closes it. */
  async look(number) {
    const paths = [...this.files.keys()].filter((path) => !this.texts.has(path));
    const path = paths[number % paths.length];
    await this.open(path);
    this.texts.delete(path);
    await this.server.close(this.uriOf(path));
  }
}
