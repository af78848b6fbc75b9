import { EventEmitter } from 'vscode';
import type { Disposable, Memento } from 'vscode';

/** Which environment of a folder somebody chose to look at; outlives pages and windows. */
export class Choices implements Disposable {
  private readonly memory: Memento;
  private readonly changed = new EventEmitter<string>();

  /** The folder whose choice is another one now. */
  readonly onDidChange = this.changed.event;

  constructor(memory: Memento) {
    this.memory = memory;
  }

  /** Undefined: none was chosen, and the repository's verdict decides. */
  environment(folder: string): string | undefined {
    const chosen: unknown = this.memory.get(keyOf(folder));
    return typeof chosen === 'string' ? chosen : undefined;
  }

  async choose(folder: string, environment: string): Promise<void> {
    await this.memory.update(keyOf(folder), environment);
    this.changed.fire(folder);
  }

  dispose(): void {
    this.changed.dispose();
  }
}

function keyOf(folder: string): string {
  return `summary.environment ${folder}`;
}
