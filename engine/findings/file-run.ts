import { baseNameOf } from '../environments/paths';
import type { Repository } from '../environments/repository';
import type { Pace } from '../incremental/pause';
import { ANY_FILE, fileKindOf, fileSubject, unreadFileSubject } from '../resources/file-subject';
import type { Resource } from '../resources/resource';
import type { Runner } from './runner';

/** Keeps the subjects that are files, and what rules find on them, in step with the repository. */
export class FileRun {
  private readonly repository: Repository;
  private readonly runner: Runner;
  private readonly subjects = new Map<string, readonly Resource[]>();
  private readonly pending = new Set<string>();

  constructor(repository: Repository, runner: Runner) {
    this.repository = repository;
    this.runner = runner;
  }

  /** Takes note that a file came, went or changed. */
  note(path: string): void {
    this.pending.add(path);
  }

  /** Brings the subjects up to date, a file a step; files may change in between, which the next round sees. */
  *syncing(): Generator<undefined, void, undefined> {
    for (const path of this.pending) {
      this.pending.delete(path);
      const before = this.subjects.get(path) ?? [];
      const now = this.subjectsOf(path, before[0]);
      if (now.length > 0) this.subjects.set(path, now);
      else this.subjects.delete(path);
      const isKept = now[0] === before[0];
      this.runner.apply(isKept ? { added: now.slice(1), removed: before.slice(1) } : { added: now, removed: before });
      yield;
    }
  }

  /** See `Runner.starting`. */
  starting(pace: Pace): Generator<undefined, void, undefined> {
    return this.runner.starting(pace);
  }

  /** @param before the subject that stands for the file so far: what rules ask about it they ask the repository, so that an edit keeps it */
  private subjectsOf(path: string, before: Resource | undefined): Resource[] {
    if (this.repository.isTooLarge(path)) return [unreadFileSubject(path)];
    const documents = this.repository.peekManifest(path)?.documents ?? [];
    const [first] = documents;
    if (first === undefined) return [];
    const kind = fileKindOf(baseNameOf(path));
    const subjects = [before?.source === first ? before : fileSubject(ANY_FILE, first)];
    return kind === undefined ? subjects : [...subjects, ...documents.map((document) => fileSubject(kind, document))];
  }
}
