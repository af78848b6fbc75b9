import { baseNameOf } from '../environments/paths';
import type { Repository } from '../environments/repository';
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
      const removed = this.subjects.get(path) ?? [];
      const added = this.subjectsOf(path);
      if (added.length > 0) this.subjects.set(path, added);
      else this.subjects.delete(path);
      this.runner.apply({ added, removed });
      yield;
    }
  }

  /** See `Runner.starting`. */
  starting(): Generator<undefined, void, undefined> {
    return this.runner.starting();
  }

  private subjectsOf(path: string): Resource[] {
    if (this.repository.isTooLarge(path)) return [unreadFileSubject(path)];
    const documents = this.repository.peekManifest(path)?.documents ?? [];
    const [first] = documents;
    if (first === undefined) return [];
    const kind = fileKindOf(baseNameOf(path));
    const subjects = [fileSubject(ANY_FILE, first)];
    return kind === undefined ? subjects : [...subjects, ...documents.map((document) => fileSubject(kind, document))];
  }
}
