import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatPretty } from '../cli/format-pretty';
import { HELP } from '../cli/help';
import { lint } from '../cli/lint';
import { WorkspaceLinter } from '../cli/workspace-linter';
import type { DocumentedRule } from '../engine/findings/rule';
import { FAMILIES, familyOf } from '../engine/findings/rule';
import { rules } from '../rules';
import { configurationSchema } from '../schemas/configuration';
import { coveredText, NOW, startOf, workspaceOf } from './support/lint';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface DocsScript {
  readonly documentation: (sources: object) => Promise<ReadonlyMap<string, string>>;
  readonly presentPages: () => Promise<readonly string[]>;
}
interface TypeScriptScript {
  readonly importTypeScript: (contents: string) => Promise<Record<string, unknown>>;
}
const script = async (name: string): Promise<unknown> => import(new URL(`../scripts/${name}`, import.meta.url).href);

describe('what is made from code', async () => {
  const { documentation, presentPages } = (await script('docs.mjs')) as DocsScript;
  const made = await documentation({ rules, configurationSchema, HELP, formatPretty, WorkspaceLinter });

  it.each([...made])('%s is what "npm run docs" writes', (path, text) => {
    expect(existsSync(join(root, path)) ? read(path) : 'missing: run "npm run docs"').toBe(text);
  });

  it('no page is left over', async () => {
    expect((await presentPages()).filter((path) => !made.has(path))).toEqual([]);
  });
});

describe('rules', () => {
  const files = FAMILIES.flatMap((family) => filesIn(`rules/${family}`)).filter((path) =>
    /^export const rule\b/m.test(read(path)),
  );

  it('every rule is registered, in the order of ids, and its id is the path of its file', () => {
    const ids = files.map((path) => path.slice('rules/'.length, -'.ts'.length));
    expect(rules.map(({ id }) => id)).toEqual(ids.sort());
  });

  it.each(rules.map((rule) => [rule.id, rule] as const))('%s says what a page needs', (id, rule) => {
    expect(familyOf(id)).toBeDefined();
    expect(rule.docs).toMatch(/^https:\/\/[a-z0-9.-]+\/\S+$/);
    expect(rule.since).toMatch(/^\d+\.\d+\.\d+$/);
    expect(rule.examples.bad.length).toBeGreaterThan(0);
    expect(rule.examples.good.length).toBeGreaterThan(0);
    expect(rule.examples.bad.flatMap(({ findings }) => findings).length).toBeGreaterThan(0);
    for (const text of [rule.summary, rule.why, rule.todo]) expect(text.trim()).toMatch(/[.)]$/);
    expect(rule.summary).not.toContain('\n');
    for (const code of rule.equivalents) expect(code).toMatch(/^(?:IST\d{4}|KIA\d{4}|refused)$/);
  });
});

it('every dependency has its reason in CONTRIBUTING.md, and no other is listed', () => {
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Record<string, Record<string, string>>;
  const [, section = ''] = /^## Dependencies$([\s\S]*?)^## /m.exec(read('CONTRIBUTING.md')) ?? [];
  const rows = [...section.matchAll(/^\| (`.*`) \| (.*) \|$/gm)];
  const listed = rows.flatMap(([, names = '']) => [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => name));
  expect(listed.sort()).toEqual(Object.keys({ ...dependencies, ...devDependencies }).sort());
  for (const [, , reason] of rows) expect(reason?.length).toBeGreaterThan(20);
});

describe('the rule in CONTRIBUTING.md', async () => {
  const { importTypeScript } = (await script('typescript.mjs')) as TypeScriptScript;
  const [, code = ''] = /^ {3}```ts$([\s\S]*?)^ {3}```$/m.exec(read('CONTRIBUTING.md')) ?? [];
  const module = await importTypeScript(code.replaceAll(/^ {3}/gm, '').replaceAll("'../../engine/", "'./engine/"));
  const rule = module['rule'] as DocumentedRule;

  it('does what its examples say', () => {
    for (const { files, findings } of rule.examples.bad) {
      const found = workspaceOf(files, [rule]).findings();
      const said = found.map((one) => ({ at: startOf(one), text: coveredText(files, one), message: one.reported.message }));
      expect(said).toEqual(findings);
    }
    for (const { files } of rule.examples.good) expect(workspaceOf(files, [rule]).findings()).toEqual([]);
  });
});

it('docs/json.md shows every key of a report', () => {
  const [, code = ''] = /^```json$([\s\S]*?)^```$/m.exec(read('docs/json.md')) ?? [];
  const report = lint(['bookshop'], undefined, join(root, 'examples'), () => new WorkspaceLinter({ rules, now: NOW })).roots[0]
    ?.report;
  const shown = keysOf(JSON.parse(code));
  const printed = keysOf(JSON.parse(JSON.stringify(report)));
  expect([...printed].filter((key) => !shown.has(key) && !key.includes('.facts.'))).toEqual([]);
});

describe('links', () => {
  const pages = [
    'README.md',
    'ARCHITECTURE.md',
    'CHANGELOG.md',
    'CONTRIBUTING.md',
    ...markdownIn('docs'),
    ...markdownIn('examples'),
  ];

  it.each(pages)('%s', (page) => {
    const broken = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)].flatMap(([, target = '']) => {
      if (/^https?:/.test(target)) return [];
      const [path = '', anchor] = target.split('#');
      const file =
        path === ''
          ? page
          : relative(root, join(root, dirname(page), path))
              .split(sep)
              .join('/');
      if (!existsSync(join(root, file))) return [target];
      return anchor === undefined || anchorsOf(read(file)).has(anchor) ? [] : [target];
    });
    expect(broken).toEqual([]);
  });
});

function filesIn(folder: string): string[] {
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));
  return names.map((name) => `${folder}/${name}`);
}

function markdownIn(folder: string): string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.md'));
  return files.map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/')).sort();
}

/** The paths of every key, those of a list's items under `[]`. */
function keysOf(value: unknown, path = ''): Set<string> {
  const keys = new Set<string>();
  const add = (inner: unknown, at: string): void => {
    for (const key of keysOf(inner, at)) keys.add(key);
  };
  if (Array.isArray(value)) for (const item of value) add(item, `${path}[]`);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      // The other verdicts are like the first.
      if (key === 'verdicts') continue;
      keys.add(`${path}.${key}`);
      add(inner, `${path}.${key}`);
    }
  }
  return keys;
}

const withoutCode = (text: string): string => text.replace(/^( *)(`{3,})[^\n]*\n[\s\S]*?^\1\2$/gm, '').replace(/`[^`\n]*`/g, '');

/** The anchors of headings as GitHub makes them. */
function anchorsOf(text: string): Set<string> {
  const headings = text.replace(/^( *)(`{3,})[^\n]*\n[\s\S]*?^\1\2$/gm, '').matchAll(/^#+ (.+)$/gm);
  return new Set(
    [...headings].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );
}
