import { describe, expect, test } from 'vitest';
import { type LintCommand, parseArguments } from './arguments';

const DEFAULTS: LintCommand = { do: 'lint', paths: ['.'], format: 'pretty', failOn: 'error', config: undefined, noColour: false };

describe('what is understood', () => {
  test.each<[string[], Partial<LintCommand>]>([
    [[], {}],
    [['a', 'b/c.yaml'], { paths: ['a', 'b/c.yaml'] }],
    [['--format', 'json'], { format: 'json' }],
    [['--format=json', 'a'], { format: 'json', paths: ['a'] }],
    [['a', '--fail-on', 'never', 'b'], { failOn: 'never', paths: ['a', 'b'] }],
    [['--fail-on=warning', '--fail-on=info'], { failOn: 'info' }],
    [['--config', 'x.yaml', '--no-color'], { config: 'x.yaml', noColour: true }],
    [['--format', 'json', '--', '--format', '-x'], { format: 'json', paths: ['--format', '-x'] }],
    [['lint', 'a'], { paths: ['a'] }],
    [['lint', '--fail-on=never'], { failOn: 'never' }],
    [['./lint'], { paths: ['./lint'] }],
    [['--'], {}],
    [['-'], { paths: ['-'] }],
  ])('%j', (argv, expected) => {
    expect(parseArguments(argv)).toEqual({ ...DEFAULTS, ...expected });
  });

  test.each(['--help', '-h'])('%s, whatever else there is', (flag) => {
    expect(parseArguments(['a', '--format=xml', flag])).toEqual({ do: 'help' });
  });

  test.each(['--version', '-V'])('%s', (flag) => {
    expect(parseArguments([flag])).toEqual({ do: 'version' });
  });
});

describe('what is refused', () => {
  // Node words these; the words differ between its versions.
  test.each([
    [['--formt', 'json'], '--formt'],
    [['-x'], '-x'],
    [['--format'], '--format'],
    [['--format', '--config'], '--format'],
    [['--no-color=yes'], '--no-color'],
  ])('%j, in one line that names %s', (argv, option) => {
    const command = parseArguments(argv);
    expect(command).toEqual({ do: 'refuse', reason: expect.stringContaining(option) as string });
    expect(command).not.toEqual({ do: 'refuse', reason: expect.stringMatching(/[.\n]/) as string });
  });

  test.each([
    [['--format', 'xml'], "--format takes pretty or json, not 'xml'"],
    [['--fail-on=', 'a'], "--fail-on takes error, warning, info or never, not ''"],
    [['--fail-on=hint'], "--fail-on takes error, warning, info or never, not 'hint'"],
    [['--config='], '--config needs a file'],
    [['a', ''], 'an empty path'],
  ])('%j', (argv, reason) => {
    expect(parseArguments(argv)).toEqual({ do: 'refuse', reason });
  });
});
