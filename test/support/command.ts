import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach } from 'vitest';
import type { CreateLinter } from '../../cli/lint';
import { run } from '../../cli/run';
import type { Io } from '../../cli/run';
import { WorkspaceLinter } from '../../cli/workspace-linter';
import { rules } from '../../rules';

/** A folder of each test's own: made before it, and removed after it. */
export class TestFolder {
  path = '';

  /** To be made where tests are declared. @param name what tells it from those of other tests */
  constructor(name: string) {
    beforeEach(() => {
      this.path = realpathSync(mkdtempSync(join(tmpdir(), `mesh-lint-${name}-`)));
    });
    afterEach(() => {
      rmSync(this.path, { recursive: true, force: true });
    });
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      const file = join(this.path, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    }
  }

  /** Runs the command in this folder. @param create makes the linter; the engine with all rules where absent */
  run(argv: readonly string[], create: CreateLinter = engine, io: Partial<Io> = {}): Ran {
    let [out, err] = ['', ''];
    const code = run(
      argv,
      {
        stdout: (text) => (out += text),
        stderr: (text) => (err += text),
        cwd: this.path,
        env: {},
        isTTY: false,
        columns: undefined,
        now: () => Date.UTC(2026, 10, 20),
        ...io,
      },
      create,
    );
    return { code, out, err };
  }
}

/** What a run of the command came to. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const engine: CreateLinter = ({ now }) => new WorkspaceLinter({ rules, now });
