import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import type { Report } from '../engine/findings/report';
import { TestFolder } from '../test/support/command';
import type { Ran } from '../test/support/command';
import { FakeLinter } from './fake';
import type { CreateLinter } from './lint';

const folder = new TestFolder('run');
const write = folder.write.bind(folder);
let linters: FakeLinter[];

beforeEach(() => {
  linters = [];
});

function command(argv: readonly string[], { cwd = folder.path, isTTY = false, env = {} } = {}): Ran {
  let now = 1000;
  const create: CreateLinter = ({ now: date }) => {
    expect(date).toBeInstanceOf(Date);
    const linter = new FakeLinter();
    linters.push(linter);
    return linter;
  };
  return folder.run(argv, create, { cwd, env, isTTY, now: () => (now += 42) });
}

const json = (...argv: string[]): Ran & { report: Report } => {
  const ran = command(['--format', 'json', ...argv]);
  return { ...ran, report: JSON.parse(ran.out) as Report };
};

const files = (report: Report): string[] => report.findings.map(({ file }) => file);

const ERROR = 'kind: A # !error istio/a An error.\n';
const WARNING = 'kind: A # !warning istio/b A warning.\n';
const FINE = 'kind: A\n';

describe('exit codes', () => {
  test.each([
    ['error', FINE, 0],
    ['error', WARNING, 0],
    ['error', ERROR, 1],
    ['warning', WARNING, 1],
    ['warning', 'kind: A # !info istio/c I.', 0],
    ['info', 'kind: A # !info istio/c I.', 1],
    ['info', 'kind: A # !hint istio/c H.', 0],
    ['never', ERROR, 0],
  ])('--fail-on %s with %j: %d', (failOn, text, code) => {
    write({ 'a.yaml': text });
    expect(command(['--fail-on', failOn])).toMatchObject({ code, err: '' });
  });

  test('a bad flag: 2, a line on stderr, nothing linted', () => {
    expect(command(['--nope\x1b'])).toEqual({
      code: 2,
      out: '',
      err: "mesh-lint: Unknown option '--nope\\x1b'; mesh-lint --help lists the options\n",
    });
    expect(linters).toEqual([]);
  });

  test('a missing path: 2, and the rest is linted', () => {
    write({ 'a/a.yaml': ERROR });
    const { code, err, report } = json('missing', 'a');
    expect({ code, err }).toEqual({ code: 2, err: 'mesh-lint: missing: no such file or folder\n' });
    expect(files(report)).toEqual(['a.yaml']);
  });

  test('nothing but missing paths still gives JSON', () => {
    expect(json('missing', '--fail-on=never')).toMatchObject({ code: 2, report: { version: 1, findings: [], verdict: null } });
    expect(command(['missing'])).toMatchObject({ code: 2, out: '' });
  });

  test('a rule that throws: 2, a line for the rule, and everything else is reported', () => {
    write({ 'a.yaml': `${ERROR}# !fault`, 'b.yaml': `${ERROR}# !fault` });
    const { code, err, report } = json();
    expect({ code, err }).toEqual({
      code: 2,
      err: 'mesh-lint: a.yaml: the rule istio/bad failed, which is a fault of mesh-lint: oops\n',
    });
    expect(files(report)).toEqual(['a.yaml', 'b.yaml']);
  });

  test('help and version: 0', () => {
    expect(command(['--help'])).toMatchObject({ code: 0, err: '', out: expect.stringContaining('Exit codes:') as string });
    expect(command(['--version'])).toEqual({ code: 0, err: '', out: 'development\n' });
  });

  test('help fits a terminal', () => {
    for (const line of command(['--help']).out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});

describe('JSON', () => {
  test('alone on stdout, whole, with paths from the root and numbers from the host', () => {
    write({ 'x/a.yaml': ERROR, 'x/b.txt': '', 'x/c.yaml': 'no manifest', 'x/d.yaml': FINE });
    const { code, out, report } = json('x');
    expect(code).toBe(1);
    expect(out.endsWith('}\n')).toBe(true);
    expect(files(report)).toEqual(['a.yaml']);
    expect(report.stats).toEqual({ files: 2, skipped: 1, documents: 2, resources: 2, milliseconds: 42 });
  });

  test('does not steer a terminal, and says the same', () => {
    write({ 'a.yaml': 'kind: A # !error istio/a \x1b[2J \x9b2J \u202e \u2028 \u{e0041}' });
    const { out, report } = json();
    expect(out.replace(/\n/g, '')).not.toMatch(/[\p{Cc}\u202e\u2028]/u);
    expect(report.findings[0]?.message).toBe('\x1b[2J \x9b2J \u202e \u2028 \u{e0041}');
  });

  test('knows no colours', () => {
    write({ 'a.yaml': ERROR });
    expect(command(['--format=json'], { isTTY: true, env: { FORCE_COLOR: '1' } }).out).not.toContain('\x1b');
  });
});

describe('roots', () => {
  test('a file is reported alone, with its repository as context', () => {
    write({ '.git/HEAD': '', 'a/a.yaml': ERROR, 'b/b.yaml': ERROR });
    const { report } = json('a/a.yaml');
    expect(files(report)).toEqual(['a/a.yaml']);
    expect([...(linters[0]?.texts.keys() ?? [])]).toEqual(['a/a.yaml', 'b/b.yaml']);
  });

  test('files of one repository are linted at once', () => {
    write({ '.git/HEAD': '', 'a.yaml': ERROR, 'b.yaml': ERROR, 'c.yaml': ERROR });
    expect(files(json('c.yaml', 'a.yaml', './a.yaml').report)).toEqual(['a.yaml', 'c.yaml']);
    expect(linters).toHaveLength(1);
    expect(files(json('a.yaml', '.').report)).toEqual(['a.yaml', 'b.yaml', 'c.yaml']);
    expect(files(json('.', 'a.yaml').report)).toEqual(['a.yaml', 'b.yaml', 'c.yaml']);
  });

  test('a file that is ignored is read when it is named', () => {
    write({ '.git/HEAD': '', '.gitignore': 'a.yaml', 'a.yaml': ERROR });
    expect(files(json('a.yaml').report)).toEqual(['a.yaml']);
  });

  test('several roots are told apart by their way from the working directory', () => {
    write({ 'x/a.yaml': ERROR, 'y/a.yaml': ERROR, 'z/.git/HEAD': '', 'z/s/a.yaml': ERROR });
    const { report } = json('x', 'y', 'z/s/a.yaml');
    expect(files(report)).toEqual(['x/a.yaml', 'y/a.yaml', 'z/s/a.yaml']);
    expect(report.environments.map(({ root }) => root)).toEqual(['x', 'y', 'z']);
    expect(report.verdict?.reasons[0]?.evidence[0]?.file).toBe('x/a.yaml');
    expect(report.verdicts).toHaveLength(2);
    expect(report.stats).toMatchObject({ files: 3, resources: 3 });
  });

  test('for people, paths are those that they can open', () => {
    write({ 'x/a.yaml': ERROR, 'y/b.yaml': '' });
    const { out } = command(['../x'], { cwd: join(folder.path, 'y') });
    expect(out).toContain('--> ../x/a.yaml:1:1\n');
    expect(out).toContain('1 | kind: A # !error');
  });
});

describe('configuration', () => {
  const BROKEN = 'rules:\n  x: y # !error manifest/configuration Unknown rule.\n';

  test('that of the root is handed over once', () => {
    write({ '.mesh-lint.yaml': 'rules: {}', '.gitignore': '.*', 'a.yaml': FINE });
    expect(json()).toMatchObject({ code: 0, err: '', report: { stats: { files: 2 } } });
    expect(linters[0]?.texts.get('.mesh-lint.yaml')).toBe('rules: {}');
  });

  test('that above the root counts, under its own path', () => {
    write({ '.mesh-lint.yaml': BROKEN, 'x/a.yaml': FINE });
    const { code, err, report } = json('x');
    expect({ code, err }).toEqual({
      code: 2,
      err: 'mesh-lint: .mesh-lint.yaml: the configuration is broken: line 2: Unknown rule.\n',
    });
    expect(files(report)).toEqual(['../.mesh-lint.yaml']);
    expect(command(['x']).out).toContain('--> .mesh-lint.yaml:2:1\n\x20 |\n2 |   x: y');
  });

  test('a given one stands in for that of the root', () => {
    write({ '.mesh-lint.yaml': BROKEN, 'ci/mesh.yaml': `a: b\n${BROKEN}`, 'ci/good.yaml': 'rules: {}', 'a.yaml': FINE });
    expect(json('--config', 'ci/good.yaml')).toMatchObject({ code: 0, err: '' });
    expect(linters[0]?.texts.get('.mesh-lint.yaml')).toBe('rules: {}');
    const { code, err, report } = json('--config', 'ci/mesh.yaml');
    expect({ code, err }).toEqual({
      code: 2,
      err: 'mesh-lint: ci/mesh.yaml: the configuration is broken: line 3: Unknown rule.\n',
    });
    expect(files(report)).toEqual(['ci/mesh.yaml']);
  });

  test('one that is not there is a problem, and the rest is linted without', () => {
    write({ '.mesh-lint.yaml': BROKEN, 'a.yaml': ERROR });
    const { code, err, report } = json('--config', 'none.yaml');
    expect({ code, err }).toEqual({
      code: 2,
      err: 'mesh-lint: none.yaml: the configuration cannot be read: no such file or folder\n',
    });
    expect(files(report)).toEqual(['a.yaml']);
  });

  test('a broken one makes the command fail for a single file as well, whatever --fail-on says', () => {
    write({ '.mesh-lint.yaml': `${BROKEN}# !warning manifest/other Not asked for.\n`, 'a.yaml': ERROR, 'b.yaml': ERROR });
    const { code, report } = json('a.yaml', '--fail-on=never');
    expect(code).toBe(2);
    expect(report.findings.map(({ file, rule }) => [file, rule])).toEqual([
      ['.mesh-lint.yaml', 'manifest/configuration'],
      ['a.yaml', 'istio/a'],
    ]);
  });

  test('one that is too large or binary is a problem', () => {
    write({ 'large.yaml': ' '.repeat(5 * 1024 * 1024 + 1), 'binary.yaml': '\0' });
    expect(command(['--config=large.yaml']).err).toBe(
      'mesh-lint: large.yaml: the configuration cannot be read: larger than 5 MB\n',
    );
    expect(command(['--config=binary.yaml']).err).toBe('mesh-lint: binary.yaml: the configuration cannot be read: not text\n');
  });

  test('one that several roots share is complained about once', () => {
    write({ '.mesh-lint.yaml': BROKEN, 'x/a.yaml': FINE, 'y/a.yaml': FINE });
    const { err, report } = json('x', 'y');
    expect(err.split('\n')).toHaveLength(2);
    expect(files(report)).toEqual(['.mesh-lint.yaml']);
  });
});

test('colours on a terminal, unless they are not wanted', () => {
  write({ 'a.yaml': ERROR });
  const coloured = (argv: string[], isTTY: boolean, env: Record<string, string> = {}): boolean =>
    command(argv, { isTTY, env }).out.includes('\x1b[');
  expect([coloured([], true), coloured([], false), coloured(['--no-color'], true)]).toEqual([true, false, false]);
  expect([coloured([], true, { NO_COLOR: '1' }), coloured([], false, { FORCE_COLOR: '1' })]).toEqual([false, true]);
});
