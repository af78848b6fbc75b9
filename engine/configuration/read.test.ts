import { describe, expect, it } from 'vitest';
import { Manifest } from '../yaml/manifest';
import { locate } from '../yaml/tree';
import type { Configuration } from './configuration';
import { readConfiguration } from './read';

const RULES = new Set(['istio', 'linkerd', 'istio/conflicting-injection-labels']);

function read(text: string): { configuration: Configuration; problems: string[]; messages: string[] } {
  const root = new Manifest('.mesh-lint.yaml', text, false).documents[0]?.root;
  const { configuration, problems } = readConfiguration(root, RULES);
  const covered = problems.map(({ place }) => {
    const { start, end } = locate(place);
    return `${start}: ${text.slice(start, end)}`;
  });
  return { configuration, problems: covered, messages: problems.map(({ message }) => message) };
}

describe('a list', () => {
  it('loses each item that is wrong, and keeps the others', () => {
    const { configuration, problems } = read(
      'team:\n  needs: [mtls, speed, [routing], 7, routing, "", mtls, x, authorization]\n',
    );
    expect(configuration.team.needs).toEqual(['mtls', 'routing', 'authorization']);
    expect(problems.map((problem) => problem.replace(/^\d+: /, ''))).toEqual(['speed', '[routing]', '7', '""', 'mtls', 'x']);
  });

  it('is gone through however long it is', () => {
    const items = Array.from({ length: 900 }, (_, i) => (i % 2 === 0 ? `f${i}` : '[x]'));
    const { configuration, problems } = read(`ignore: [${items.join(', ')}]\n`);
    expect(configuration.ignore).toHaveLength(450);
    expect(problems).toHaveLength(450);
  });
});

describe('a value that is hidden', () => {
  it('by a template is a problem at its key', () => {
    const { configuration, problems } = read('istio:\n  version: {{ .Values.istio }}\n  trustDomain: "td"\n');
    expect(problems).toEqual(['9: version']);
    expect(configuration.istio).toMatchObject({ version: undefined, trustDomain: 'td' });
  });

  it('is none where the section is taken away', () => {
    expect(read('nothing:\n  version: *nowhere\nistio: { version: "1.30" }\n').problems).toEqual(['0: nothing']);
  });
});

describe('an alias', () => {
  it('holds what its anchor names', () => {
    const { configuration, problems } = read('istio: { version: &v "1.30" }\nlinkerd: { version: *v }\n');
    expect(problems).toEqual([]);
    expect(configuration.linkerd.version).toBe('1.30');
  });

  it('that names something wrong is a problem at its own key', () => {
    const text = 'team: { engineers: &n 3 }\nistio: { version: *n }\n';
    const { configuration, problems } = read(text);
    expect(problems).toEqual([`${text.indexOf('version')}: version`]);
    expect(configuration.team.engineers).toBe(3);
  });

  it('may come through a merge', () => {
    const { configuration } = read('istio: &a { trustDomain: "a" }\nlinkerd: { <<: *a, channel: edge }\n');
    expect(configuration.linkerd).toMatchObject({ trustDomain: 'a', channel: 'edge' });
  });

  it.each([
    `x: &a [${'x, '.repeat(300)}x]\ny: &b [${'*a, '.repeat(300)}*a]\nz: [${'*b, '.repeat(300)}*b]\n`,
    `ignore: ${'['.repeat(5000)}${']'.repeat(5000)}\n`,
    'ignore: &a [*a]\n',
    `${Array.from({ length: 5000 }, (_, i) => `k${i}: v`).join('\n')}\n`,
  ])('or whatever multiplies, or is deep, or is much, is read in time', (text) => {
    const start = performance.now();
    const { configuration } = read(`${text}cilium: { version: "1.18" }\n`);
    expect(performance.now() - start).toBeLessThan(2000);
    expect(configuration.ignore).toEqual([]);
  });
});

describe('a pattern', () => {
  it.each([
    ['**/a/**/b/**/*.yaml', true],
    ['a*b*c*d*e*f*g*h*i*j*', true],
    ['**/a/**/b/**/c/**', false],
    ['****/****', false],
    ['a*b*c*d*e*f*g*h*i*j*k*', false],
    ['x'.repeat(500), true],
    ['x'.repeat(501), false],
  ])('%s', (pattern, holds) => {
    const { configuration, messages } = read(
      `ignore: [${JSON.stringify(pattern)}]\nenvironments:\n  a: { exclude: [${JSON.stringify(pattern)}] }\n`,
    );
    expect(configuration.ignore).toEqual(holds ? [pattern] : []);
    expect(configuration.environments[0]?.exclude).toEqual(holds ? [pattern] : []);
    expect(messages).toHaveLength(holds ? 0 : 2);
    for (const message of messages) expect(message).toMatch(/must be a pattern with at most|must NOT have more than/);
  });
});

describe("an environment's root", () => {
  it.each(['overlays/prod', './a/', '.', 'a..b/..c', 'a\\b'])('%s', (root) => {
    expect(read(`environments: { a: { root: ${JSON.stringify(root)} } }\n`).problems).toEqual([]);
  });

  it.each(['..', '../a', 'a/..', 'a/../../b', '/a', 'C:\\a', 'a\\..\\b', '\\\\host\\share'])(
    '%s leads out of the repository',
    (root) => {
      const { configuration, messages } = read(`environments: { a: { root: ${JSON.stringify(root)}, complete: true } }\n`);
      expect(messages).toEqual(['"environments.a.root" must be a path below the folder of this file; it is ignored.']);
      expect(configuration.environments).toMatchObject([{ name: 'a', root: undefined, complete: true }]);
    },
  );
});

describe('rules', () => {
  it('may be off without quotes', () => {
    expect([...read('rules: { istio: off, linkerd: Off }\n').configuration.rules]).toEqual([['istio', 'off'], ['linkerd', 'off']]); // prettier-ignore
  });

  it('that nobody knows are problems, with the nearest that exists', () => {
    const { configuration, messages } = read('rules: { linkred: error, linkerd: hint, __proto__: off }\n');
    expect([...configuration.rules]).toEqual([['linkerd', 'hint']]);
    expect(messages[0]).toContain('Did you mean "linkerd"?');
    expect(messages).toHaveLength(2);
  });
});
