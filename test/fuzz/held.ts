import { Workspace } from '../../engine/workspace';
import { SIZE_LIMIT } from '../../host';
import { rules } from '../../rules';
import { NOW } from '../support/lint';
import type { Texts } from './sources';

/** A file as it comes to be: its text, or undefined when it goes. */
export interface Change {
  readonly path: string;
  readonly text: string | undefined;
}

/** Times a piece of work that is done without a pause. */
export type Time = <T>(label: string, work: () => T) => T;

/** A workspace and the files that it is to show, brought up to date as a host does it after each change. */
export class Held {
  readonly workspace = new Workspace({ rules, now: NOW });
  private readonly files = new Map<string, string>();

  constructor(texts: Texts, time: Time = (_, work) => work()) {
    for (const [path, text] of texts) this.files.set(path, text);
    this.follow([...this.files.keys()], time);
  }

  apply({ path, text }: Change, time: Time = (_, work) => work()): void {
    if (text === undefined) {
      this.files.delete(path);
      this.workspace.remove(path);
    } else this.files.set(path, text);
    this.follow([path], time);
  }

  /** Does what is outstanding, in the steps between which a server looks at its messages. */
  settle(time: Time): void {
    const steps = this.workspace.settling();
    for (let done = false; !done;) done = time('a step of settling', () => steps.next()).done === true;
  }

  /** Takes the files that changed; then all of them twice, as configuration decides which count, and kustomizations which others do. */
  private follow(changed: readonly string[], time: Time): void {
    for (const path of changed) {
      time('taking a file', () => {
        this.take(path);
      });
    }
    const small = [...this.files].filter(([, text]) => text.length <= SIZE_LIMIT).map(([path]) => path);
    for (const path of [...small, ...small]) this.take(path);
  }

  private take(path: string): void {
    const { workspace } = this;
    const text = this.files.get(path);
    if (text === undefined) return;
    if (text.length > SIZE_LIMIT) workspace.tooLarge(path, text.length, SIZE_LIMIT);
    else if (workspace.wants(path) === 'text' && workspace.accepts(path, text)) workspace.set(path, text);
    else workspace.name(path);
  }
}
