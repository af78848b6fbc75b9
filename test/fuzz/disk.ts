import { execFileSync } from 'node:child_process';
import {
  appendFileSync, chmodSync, closeSync, existsSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync,
} from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Workspace } from '../../engine/workspace';
import { loading, type ManifestSink, SIZE_LIMIT, type Wanted } from '../../host';
import { rules } from '../../rules';
import { NOW } from '../support/lint';
import { answersOf, difference, faultsIn } from './answers';
import type { Time } from './held';
import type { Random } from './random';
import type { Texts } from './sources';

interface Spoiling {
  readonly name: string;
  /** What is done to the folder, before it is read or between two files; may be done again and again. */
  readonly spoil: (root: string, path: string, random: Random) => void;
}

const NOBODY = 65_534;
const SECRET =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: secret-of-the-neighbour\n  labels: { istio-injection: enabled, istio.io/rev: x }\n';

const at = (root: string, path: string): string => {
  const place = join(root, path);
  mkdirSync(dirname(place), { recursive: true });
  return place;
};

const replaceBy = (make: (place: string) => void) => (root: string, path: string) => {
  const place = at(root, path);
  rmSync(place, { recursive: true, force: true });
  make(place);
};

const sparse = (place: string, bytes: number): void => {
  const file = openSync(place, 'w');
  ftruncateSync(file, bytes);
  closeSync(file);
};

const EVERYWHERE: readonly Spoiling[] = [
  { name: 'a file that vanishes', spoil: (root, path) => { rmSync(join(root, path), { recursive: true, force: true }); } },
  { name: 'a folder that vanishes', spoil: (root, path) => { rmSync(dirname(join(root, path)), { recursive: true, force: true }); mkdirSync(root, { recursive: true }); } },
  { name: 'a file that grows', spoil: (root, path) => { appendFileSync(at(root, path), '\n# more\n'.repeat(1000)); } },
  { name: 'a file that shrinks', spoil: (root, path, random) => { appendFileSync(at(root, path), ''); truncateSync(join(root, path), random.below(50)); } },
  { name: 'a file that becomes a folder', spoil: replaceBy((place) => { mkdirSync(place); }) },
  { name: 'a file that is moved', spoil: (root, path) => { appendFileSync(at(root, path), ''); renameSync(join(root, path), at(root, 'moved/b.yaml')); } },
  { name: 'a file of bytes', spoil: (root, path, random) => { writeFileSync(at(root, path), Buffer.from(Array.from({ length: 3000 }, () => random.below(256)))); } },
  { name: 'a file of invalid UTF-8', spoil: (root, path, random) => { writeFileSync(at(root, path), Buffer.concat([Buffer.from('apiVersion: v1\nkind: Namespace\nmetadata:\n  name: a'), Buffer.from(random.pick([[0xff], [0xc3, 0x28], [0xed, 0xa0, 0x80], [0xf8, 0x88, 0x80], [0xc0, 0x80], [0xe2, 0x82]])), Buffer.from('b\n')])); } },
  { name: 'a file of UTF-16', spoil: (root, path) => { writeFileSync(at(root, path), Buffer.from(`\ufeff${SECRET.replace('secret', 'no')}`, 'utf16le')); } },
  { name: 'a file of NUL', spoil: (root, path, random) => { sparse(at(root, path), random.pick([1, 8192, 100_000])); } },
  { name: 'a file of 50 MB', spoil: (root, path) => { sparse(at(root, path), 50_000_000); } },
  { name: 'an ignored folder', spoil: (root, _, random) => { writeFileSync(join(root, '.gitignore'), random.pick(['*\n', '*.yaml\n!a.yaml\n', `${'a*'.repeat(200)}b\n`, '[z-a]\n\\\n', '**/**/**/**/**/x\n'])); } },
]; // prettier-ignore

const OUTSIDE = '../outside/secret.yaml';

/** What Windows has not, or not for everybody. */
const UNIX: readonly Spoiling[] = [
  { name: 'a FIFO', spoil: replaceBy((place) => { execFileSync('mkfifo', [place]); }) },
  { name: 'a link to a device', spoil: replaceBy((place) => { symlinkSync('/dev/zero', place); }) },
  { name: 'a link to a file outside', spoil: (root, path) => { replaceBy((place) => { symlinkSync(join(root, OUTSIDE), place); })(root, path); } },
  { name: 'a link to a folder outside', spoil: (root) => { replaceBy((place) => { symlinkSync(join(root, '../outside'), place); })(root, 'linked'); } },
  { name: 'a link to itself', spoil: replaceBy((place) => { symlinkSync(place, place); }) },
  { name: 'a link to the folder above', spoil: (root) => { replaceBy((place) => { symlinkSync('..', place); })(root, 'deep/er/up'); } },
  { name: 'a kustomization that leads outside', spoil: (root) => { writeFileSync(join(root, 'kustomization.yaml'), `resources: [${OUTSIDE}, linked/secret.yaml, /etc/passwd, ${join(root, OUTSIDE)}]\npatches: [{ path: ${OUTSIDE} }]\nconfigurations: [${OUTSIDE}]\ncomponents: [../outside]\n`); replaceBy((place) => { symlinkSync(join(root, '../outside'), place); })(root, 'linked'); } },
  { name: 'a file that may not be read', spoil: (root, path) => { appendFileSync(at(root, path), ''); chmodSync(join(root, path), 0); } },
  { name: 'a folder that may not be listed', spoil: (root) => { mkdirSync(join(root, 'closed'), { recursive: true }); writeFileSync(join(root, 'closed/a.yaml'), SECRET); chmodSync(join(root, 'closed'), 0); } },
]; // prettier-ignore

/**
 * Writes the files to a folder, reads it as a host does and spoils it before or meanwhile.
 * @param time times a piece of work
 * @returns what was done, and what is wrong, a line each
 */
export function diskFaults(
  texts: Texts,
  random: Random,
  time: Time,
): { readonly what: string; readonly faults: readonly string[] } {
  const top = mkdtempSync(join(tmpdir(), 'mesh-lint-fuzz-'));
  const root = join(top, 'root');
  const { name, spoil } = random.pick(process.platform === 'win32' ? EVERYWHERE : [...EVERYWHERE, ...UNIX]);
  const meanwhile = random.once(2);
  try {
    for (const [path, text] of texts) writeFileSync(at(root, path), text);
    writeFileSync(at(root, OUTSIDE), SECRET);
    const paths = [...texts.keys()];
    const spoilOne = (): void => {
      try {
        spoil(root, random.pick(paths), random);
      } catch {
        // Spoilt before in a way that leaves nothing to spoil: a file is gone, or stands where a folder was.
      }
    };
    if (!meanwhile) spoilOne();
    const taken = new Taken();
    const steps = asNobody(top, () => loading(root, taken));
    const end = (step: IteratorResult<unknown>): boolean => step.done === true;
    for (let i = 0, done = false; !done && i < 100_000; i++) {
      if (meanwhile && i % 3 === 1) spoilOne();
      done = end(asNobody(top, () => time('reading a file', () => steps.next())));
    }
    const faults = faultsOf(taken, time);
    return { what: `${name}${meanwhile ? ', while the folder is read' : ''}`, faults };
  } catch (error) {
    return { what: name, faults: [`threw ${error instanceof Error ? (error.stack ?? '') : String(error)}`] };
  } finally {
    if (existsSync(join(root, 'closed'))) chmodSync(join(root, 'closed'), 0o700);
    rmSync(top, { recursive: true, force: true });
  }
}

/** A workspace that remembers what it was handed. */
class Taken implements ManifestSink {
  readonly workspace = new Workspace({ rules, now: NOW });
  readonly texts = new Map<string, string>();
  readonly named = new Set<string>();
  readonly large = new Map<string, number>();

  wants(path: string): Wanted {
    return this.workspace.wants(path);
  }

  accepts(path: string, text: string): boolean {
    return this.workspace.accepts(path, text);
  }

  set(path: string, text: string): void {
    this.texts.set(path, text);
    this.workspace.set(path, text);
  }

  name(path: string): void {
    this.named.add(path);
    this.workspace.name(path);
  }

  tooLarge(path: string, bytes: number): void {
    this.large.set(path, bytes);
    this.workspace.tooLarge(path, bytes, SIZE_LIMIT);
  }
}

/** As it was read, the workspace answers as one that is handed the same in another order; and nothing of it stood outside the folder. */
function faultsOf({ workspace, texts, named, large }: Taken, time: Time): string[] {
  const spots = [...texts.keys()].map((path) => ({ path, offset: 20 }));
  const answers = time('answers', () => answersOf(workspace, spots));
  const other = new Workspace({ rules, now: NOW });
  for (const path of named) other.name(path);
  for (const [path, text] of [...texts].reverse()) other.set(path, text);
  for (const [path, bytes] of large) other.tooLarge(path, bytes, SIZE_LIMIT);
  const differing = difference(answersOf(other, spots), answers);
  const outside = [...texts].filter(([, text]) => text.includes('secret-of-the-neighbour'));
  return [
    ...faultsIn(answers, workspace, new Map([...texts, ...[...large.keys()].map((path) => [path, ''] as const)])),
    ...outside.map(([path]) => `${path} was read, and stands outside or may not be read`),
    ...(differing === undefined ? [] : [`handed in another order, the files differ in ${differing}`]),
  ];
}

/** A superuser may read everything: then somebody else looks. */
function asNobody<T>(top: string, work: () => T): T {
  if (process.getuid?.() !== 0 || process.seteuid === undefined) return work();
  chmodSync(top, 0o755);
  process.seteuid(NOBODY);
  try {
    return work();
  } finally {
    process.seteuid(0);
  }
}
