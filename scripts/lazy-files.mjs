import { rm } from 'node:fs/promises';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { build as esbuild } from 'esbuild';

/**
 * An esbuild plugin that builds a CommonJS program whose dynamic imports are files of their own, `<program>/<module>.js` beside
 * `<program>.js`, read when they are first asked for. esbuild itself splits ES modules only, and makes a chunk of every set of modules that
 * the same imports lead to. So it splits first, in memory; then the chunks that the program needs when it starts become one file, those
 * behind each dynamic import another, and those that several of these share one more, `shared.js`.
 *
 * The metafile's outputs are those files, with the bytes that they have on disk.
 *
 * @param {readonly OnCall[]} onCall modules that are files of their own although they are imported statically
 *
 * @typedef {object} OnCall
 * @property {RegExp} filter the modules, by path
 * @property {() => Promise<void>} [start] done before each build
 * @property {(path: string) => string | undefined} file the file, below the program's folder and without `.js`, that a module goes to; several
 *   may go to one. Undefined for a module that stays.
 * @property {(load: string, path: string) => string} standIn the text of what takes the module's place; `load` is an expression that loads
 *   the module, and whose value it is
 */
export const lazyFiles = (onCall = []) => ({
  name: 'lazy-files',
  setup(build) {
    const options = build.initialOptions;
    const { absWorkingDir: root, outfile, sourcemap, minify, target } = options;
    Object.assign(options, {
      outfile: undefined,
      outdir: dirname(outfile),
      chunkNames: 'chunk-[hash]',
      splitting: true,
      format: 'esm',
      sourcemap: sourcemap ? 'inline' : false,
      metafile: true,
      write: false,
    });
    for (const one of onCall) replaceByStandIns(build, one, 'import');
    build.onEnd(async ({ errors, metafile, outputFiles }) => {
      if (errors.length > 0) return undefined;
      const texts = new Map(outputFiles.map(({ path, text }) => [slashed(relative(root, path)), text]));
      const fileFor = (path) => onCall.find(({ filter }) => filter.test(path)).file(path);
      const program = new Program(metafile.outputs, slashed(relative(root, resolve(root, outfile))), texts, (path) =>
        fileFor(join(root, path)),
      );
      await rm(join(root, program.folder), { recursive: true, force: true });
      const made = await Promise.all(
        program.files.map((file) => esbuild({ ...program.optionsFor(file, root), sourcemap, minify, target })),
      );
      metafile.outputs = Object.fromEntries(program.files.map((file, i) => [file.path, program.account(file, made[i])]));
      return { warnings: made.flatMap(({ warnings }) => warnings) };
    });
  },
});

/** An esbuild plugin with which modules run when they are first called, in a program that stays one file. */
export const lazyModules = (onCall) => ({
  name: 'lazy-modules',
  setup(build) {
    replaceByStandIns(build, onCall, 'require');
  },
});

function replaceByStandIns(build, { filter, start, file, standIn }, load) {
  if (start !== undefined) build.onStart(start);
  build.onLoad({ filter }, ({ path, suffix }) => {
    if (suffix === ON_CALL || file(path) === undefined) return undefined;
    return { contents: standIn(`${load}(${JSON.stringify(path + ON_CALL)})`, path) };
  });
}

/** Behind the path of a module that is loaded on call, so that it is another than its stand-in. */
const ON_CALL = '?on-call';

/** The file of what several of the others need, and the program does not when it starts. */
const SHARED = 'shared';

const slashed = (path) => path.split(sep).join('/');

/** A program in chunks, and the files that are made of them. */
class Program {
  /** Each with its `path`, its `chunks`, and the `entry` among them whose exports are those of the file. */
  files;
  /** Where the others stand. */
  folder;
  /** The chunks that are loaded on call, and at once. */
  onCall = new Set();

  /**
   * @param outputs the metafile's account of the chunks, by path
   * @param outfile the program's path
   * @param texts of the chunks
   * @param fileFor tells of a module that is loaded on call where it goes
   */
  constructor(outputs, outfile, texts, fileFor) {
    this.outputs = outputs;
    this.texts = texts;
    this.folder = outfile.replace(/\.js$/, '');
    const paths = Object.keys(outputs);
    const lazy = new Set(paths.flatMap((path) => this.importsOf(path, 'dynamic-import')));
    const start = paths.find((path) => outputs[path].entryPoint !== undefined && !lazy.has(path));
    const atStart = this.reach(start);
    const files = new Map([[outfile, { path: outfile, chunks: [...atStart], entry: start }]]);
    /** By chunk, the names of the files that need it. */
    const users = new Map();
    for (const entry of lazy) {
      const [path, suffix] = outputs[entry].entryPoint.split(/(?=\?)/);
      if (suffix === ON_CALL) this.onCall.add(entry);
      const name = suffix === ON_CALL ? fileFor(path) : posix.basename(path).replace(/\.\w+$/, '');
      for (const chunk of this.reach(entry)) if (!atStart.has(chunk)) users.set(chunk, (users.get(chunk) ?? new Set()).add(name));
    }
    for (const [chunk, names] of users) {
      const path = `${this.folder}/${names.size === 1 ? [...names][0] : SHARED}.js`;
      const file = files.get(path) ?? { path, chunks: [], entry: undefined };
      files.set(path, file);
      file.chunks.push(chunk);
      if (!lazy.has(chunk) || this.onCall.has(chunk)) continue;
      if (file.entry !== undefined) throw new Error(`${path} would be two modules, ${file.entry} and ${chunk}`);
      file.entry = chunk;
    }
    this.files = [...files.values()];
  }

  importsOf(chunk, kind) {
    return this.outputs[chunk].imports.flatMap((one) =>
      one.kind === kind && this.outputs[one.path] !== undefined ? one.path : [],
    );
  }

  /** What a chunk imports, itself included. */
  reach(chunk, found = new Set()) {
    if (found.has(chunk)) return found;
    found.add(chunk);
    for (const imported of this.importsOf(chunk, 'import-statement')) this.reach(imported, found);
    return found;
  }

  fileOf(chunk) {
    return this.files.find(({ chunks }) => chunks.includes(chunk));
  }

  /** What an export of a chunk is called in the file that holds it. */
  exportName(chunk, name) {
    const { chunks, entry } = this.fileOf(chunk);
    return chunk === entry ? name : `${name}${chunks.indexOf(chunk)}`;
  }

  /** How esbuild makes one file of its chunks. */
  optionsFor(file, root) {
    const { outputs, texts } = this;
    const others = this.files.filter((other) => other !== file);
    const lent = new Set(others.flatMap(({ chunks }) => chunks.flatMap((chunk) => this.importsOf(chunk, 'import-statement'))));
    const pathTo = (chunk) => {
      const path = posix.relative(posix.dirname(file.path), this.fileOf(chunk).path);
      return path.startsWith('.') ? path : `./${path}`;
    };
    const exported = file.chunks.map((chunk, i) => {
      if (this.onCall.has(chunk)) return `export * as onCall${i} from '${chunk}';`;
      const names = chunk === file.entry || lent.has(chunk) ? outputs[chunk].exports : [];
      return `export { ${names.map((name) => `${name} as ${this.exportName(chunk, name)}`).join(', ')} } from '${chunk}';`;
    });
    const chunks = {
      name: 'chunks',
      setup: (build) => {
        build.onResolve({ filter: /./ }, ({ path, kind, resolveDir }) => {
          const chunk = texts.has(path) ? path : slashed(relative(root, resolve(resolveDir, path)));
          if (!texts.has(chunk)) return { path, external: true };
          if (kind === 'dynamic-import') return { path: pathTo(chunk), external: true };
          return { path: chunk, namespace: file.chunks.includes(chunk) ? 'own' : 'other' };
        });
        build.onLoad({ filter: /./, namespace: 'own' }, ({ path }) => ({
          contents: this.textOf(path, pathTo),
          resolveDir: resolve(root, posix.dirname(path)),
        }));
        build.onLoad({ filter: /./, namespace: 'other' }, ({ path }) => {
          const names = outputs[path].exports.map((name) => `${this.exportName(path, name)} as ${name}`);
          return { contents: `export { ${names.join(', ')} } from '${pathTo(path)}';` };
        });
      },
    };
    return {
      absWorkingDir: root,
      stdin: { contents: exported.join('\n'), resolveDir: root },
      outfile: file.path,
      bundle: true,
      format: 'cjs',
      platform: 'neutral',
      // `require` says at once that a file is missing, and looks again the next time.
      supported: { 'dynamic-import': false },
      legalComments: 'none',
      logLevel: 'silent',
      metafile: true,
      plugins: [chunks],
    };
  }

  /** A chunk's text, in which what is loaded on call is required. */
  textOf(chunk, pathTo) {
    const onCall = [...new Set(this.importsOf(chunk, 'dynamic-import'))].filter((imported) => this.onCall.has(imported));
    return onCall.reduce((text, imported) => {
      const expression = `import("./${posix.relative(posix.dirname(chunk), imported)}")`;
      if (!text.includes(expression)) throw new Error(`${chunk} imports ${imported} in a way that is not known`);
      return text.replaceAll(
        expression,
        `require("${pathTo(imported)}").onCall${this.fileOf(imported).chunks.indexOf(imported)}`,
      );
    }, this.texts.get(chunk));
  }

  /** The metafile's entry for a file, with the inputs of its chunks. */
  account(file, { metafile }) {
    const inputs = Object.assign({}, ...file.chunks.map((chunk) => this.outputs[chunk].inputs));
    return { bytes: metafile.outputs[file.path].bytes, inputs };
  }
}
