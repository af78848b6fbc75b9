import { posix, resolve } from 'node:path';
import type { Decisions } from '../engine/answers/decisions';
import type { Section, Wanted } from '../engine/answers/explanation';
import type { Location, Report } from '../engine/findings/report';
import { CONFIGURATION_FILE, load, type ManifestSink, pathBelow, readText, remotesOf, rootOf, SIZE_LIMIT } from '../host';
import { relocate } from './merge';

/** What lints one root: the engine's workspace with the rules in it. */
export interface Linter extends ManifestSink {
  /** The addresses of the repository's remotes, as git has them. */
  setRemotes(urls: readonly string[]): void;
  /** `only`: findings of these files alone. */
  report(options?: { readonly only?: readonly string[] }): Report;
  /** What is decided on each environment. */
  decisions(): Decisions;
  /** What meshes make of the resources of a name, in one environment or in all; undefined when there is none. */
  explain(wanted: Wanted, environment: string | undefined): readonly Section<Location>[] | undefined;
  environmentNames(): readonly string[];
  /** Rules that threw: faults of Mesh Lint, never of the manifests. */
  faults(): readonly { readonly rule: string; readonly file: string; readonly error: unknown }[];
}

export type CreateLinter = (options: { readonly now: Date }) => Linter;

/** What became of one root. */
export interface LintedRoot {
  /** To be asked for more. */
  readonly linter: Linter;
  /** From the working directory, with `/`: what makes a path of the report one that the user can open; '' for the directory itself. */
  readonly prefix: string;
  /** Paths relative to the root. */
  readonly report: Report;
  /** The texts that were read, by the paths of the report. */
  readonly sources: ReadonlyMap<string, string>;
}

export interface Linted {
  readonly roots: readonly LintedRoot[];
  /** What could not be done, a line each, starting with a path as the user would write it. */
  readonly problems: readonly string[];
}

interface Job {
  readonly folder: string;
  /** Undefined to report every file. */
  only: Set<string> | undefined;
  readonly configuration: string | undefined;
}

// An error of the configuration, whichever stage of reading it finds.
const CONFIGURATION_RULES: ReadonlySet<string> = new Set(['manifest/configuration', 'manifest/syntax']);

/**
 * Lints what the paths name, each root once: files of one repository share their root. `config` stands in for the configuration that
 * would be found. Paths may be relative to `from`; one that cannot be read is a problem, and the rest is linted.
 */
export function lint(paths: readonly string[], config: string | undefined, from: string, create: () => Linter): Linted {
  const problems: string[] = [];
  const jobs = new Map<string, Job>();
  for (const path of paths) {
    const root = rootOf(path, from);
    if ('problem' in root) {
      problems.push(`${path}: ${root.problem}`);
      continue;
    }
    const job = jobs.get(root.folder);
    if (job === undefined) {
      const only = root.only === undefined ? undefined : new Set([root.only]);
      jobs.set(root.folder, { folder: root.folder, only, configuration: root.configuration });
    } else if (root.only === undefined) job.only = undefined;
    else job.only?.add(root.only);
  }
  const given = config === undefined ? undefined : resolve(from, config);
  const roots = [...jobs.values()].map((job) => {
    const run = new RootRun(job.folder, from, create());
    const root = run.lint(given ?? job.configuration, job.only);
    problems.push(...run.problems);
    return root;
  });
  return { roots, problems: [...new Set(problems)] };
}

/** The linting of one root. */
class RootRun {
  readonly problems: string[] = [];
  private readonly texts = new Map<string, string>();
  private readonly folder: string;
  private readonly prefix: string;
  private readonly linter: Linter;

  constructor(folder: string, from: string, linter: Linter) {
    this.folder = folder;
    this.prefix = pathBelow(from, folder);
    this.linter = linter;
  }

  lint(configuration: string | undefined, only: ReadonlySet<string> | undefined): LintedRoot {
    const configured = configuration !== undefined && this.configure(configuration);
    this.linter.setRemotes(remotesOf(this.folder));
    const loaded = load(this.folder, this.sink(), { also: only ?? [], except: [CONFIGURATION_FILE] });
    for (const { path, reason } of loaded.problems) this.problem(path, reason);

    let report = this.linter.report(only === undefined ? {} : { only: [...only, CONFIGURATION_FILE] });
    // A file is reported alone; of the configuration only what makes the command fail is.
    if (only !== undefined && !only.has(CONFIGURATION_FILE)) {
      report = {
        ...report,
        findings: report.findings.filter(({ file, rule }) => file !== CONFIGURATION_FILE || CONFIGURATION_RULES.has(rule)),
      };
    }
    const own = configuration === undefined ? CONFIGURATION_FILE : pathBelow(this.folder, configuration);
    if (configured) this.checkConfiguration(report, own);
    this.checkFaults();
    const rename = (file: string): string => (file === CONFIGURATION_FILE ? own : file);
    return {
      linter: this.linter,
      prefix: this.prefix,
      report: {
        ...relocate(report, '', rename),
        stats: { ...report.stats, files: loaded.files + (configured ? 1 : 0), skipped: loaded.skipped },
      },
      sources: new Map([...this.texts].map(([file, text]) => [rename(file), text])),
    };
  }

  /**
   * Hands the configuration to the linter under the name that it knows, wherever the file stands, in place of any that the root holds;
   * true when it could be read.
   */
  private configure(path: string): boolean {
    const read = readText(path);
    if ('text' in read) {
      this.texts.set(CONFIGURATION_FILE, read.text);
      this.linter.set(CONFIGURATION_FILE, read.text);
      return true;
    }
    const reason =
      'problem' in read ? read.problem : 'binary' in read ? 'not text' : `larger than ${SIZE_LIMIT / 1024 / 1024} MB`;
    this.problem(pathBelow(this.folder, path), `the configuration cannot be read: ${reason}`);
    return false;
  }

  private checkConfiguration(report: Report, path: string): void {
    const errors = report.findings.filter(({ file, rule }) => file === CONFIGURATION_FILE && CONFIGURATION_RULES.has(rule));
    const [first] = errors;
    if (first === undefined) return;
    const more = errors.length === 1 ? '' : ` (and ${errors.length - 1} more)`;
    this.problem(path, `the configuration is broken: line ${first.range.start.line}: ${first.message}${more}`);
  }

  /** One line a rule: one that fails on a kind fails on every resource of it. */
  private checkFaults(): void {
    const seen = new Set<string>();
    for (const { rule, file, error } of this.linter.faults()) {
      if (seen.has(rule)) continue;
      seen.add(rule);
      this.problem(
        file,
        `the rule ${rule} failed, which is a fault of mesh-lint: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
  }

  /** The linter, with every text kept for the report: what is shown is what was linted, even when the file has changed since. */
  private sink(): ManifestSink {
    const { linter, texts } = this;
    return {
      wants: (path) => linter.wants(path),
      accepts: (path, text) => linter.accepts(path, text),
      set: (path, text) => {
        texts.set(path, text);
        linter.set(path, text);
      },
      name: (path) => {
        linter.name(path);
      },
      tooLarge: (path, bytes, limit) => {
        linter.tooLarge(path, bytes, limit);
      },
    };
  }

  /** Takes a path relative to the root. */
  private problem(path: string, reason: string): void {
    const shown = posix.join(this.prefix, path);
    this.problems.push(`${shown}: ${reason}`);
  }
}
