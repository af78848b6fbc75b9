/**
 * Writes the documentation that is made from code: a page a rule under docs/rules/, and the marked parts of README.md and
 * docs/configuration.md. test/docs.test.ts fails when they are not up to date.
 *
 *   npm run docs
 */
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { importTypeScript } from './typescript.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A rule's page stands here, under the rule's id. */
export const PAGES = 'docs/rules';
const LONGEST_FILE = 40;
const LONGEST_LINE = 140;

const WIDTH = 110;

/** What the README shows of a run: the findings in these files of this example, and the end. */
const EXAMPLE = 'examples/bookshop';
const EXCERPT = ['components/istio/mtls.yaml', 'overlays/dev/recommendations.yaml', 'overlays/prod/payment.yaml'];

/** What the documentation is made from, as a module. */
const SOURCES = `
export { rules } from './rules/index';
export { configurationSchema } from './schemas/configuration';
export { HELP } from './cli/help';
export { formatPretty } from './cli/format-pretty';
export { WorkspaceLinter } from './cli/workspace-linter';
`;

/**
 * Every file that is made from code, whole or in part.
 * @param {Record<string, any>} sources the exports of SOURCES
 * @returns {Promise<Map<string, string>>} the text that each should have, by its path
 */
export async function documentation(sources) {
  const { rules, configurationSchema, HELP } = sources;
  const files = new Map(rules.map((rule) => [`${PAGES}/${rule.id}.md`, rulePage(rule)]));
  let readme = await readFile(join(root, 'README.md'), 'utf8');
  readme = withPart(readme, 'output', fenced(await excerpt(sources), 'text'));
  readme = withPart(readme, 'help', fenced(HELP, 'text'));
  readme = withPart(readme, 'rules', rulesTable(rules));
  files.set('README.md', readme);
  const configuration = await readFile(join(root, 'docs/configuration.md'), 'utf8');
  files.set('docs/configuration.md', withPart(configuration, 'keys', keyTables(configurationSchema())));
  return files;
}

/** A part of what the command prints on the example, wrapped as a terminal would. */
async function excerpt({ WorkspaceLinter, formatPretty, rules }) {
  const workspace = new WorkspaceLinter({ rules, now: new Date('2026-11-20T00:00:00Z') });
  const texts = new Map();
  for (const path of await filesBelow(EXAMPLE)) texts.set(path, await readFile(join(root, EXAMPLE, path), 'utf8'));
  const taken = [...texts].filter(([path, text]) => workspace.wants(path) === 'text' && workspace.accepts(path, text));
  for (const [path, text] of taken) workspace.set(path, text);
  const report = relocated(workspace.report());
  const sources = new Map([...texts].map(([path, text]) => [`${EXAMPLE}/${path}`, text]));
  const blocks = formatPretty(report, { sources, paint: (_, text) => text, columns: WIDTH })
    .trimEnd()
    .split('\n\n');
  const shown = blocks.filter((block) => EXCERPT.some((file) => block.includes(`--> ${EXAMPLE}/${file}:`)));
  const end = blocks.at(-1).replace(/ \(\d+ ms\)$/, '');
  return [...shown, '…', end].join('\n\n').split('\n').flatMap(wrapped).join('\n');
}

/** The report as the command prints it from the project's root. */
function relocated(report) {
  const at = (location) => ({ ...location, file: `${EXAMPLE}/${location.file}` });
  return {
    ...report,
    findings: report.findings.map((finding) => ({ ...at(finding), related: finding.related.map(at) })),
    environments: report.environments.map((environment) => ({ ...environment, root: `${EXAMPLE}/${environment.root}` })),
  };
}

function wrapped(line) {
  const lines = [];
  let rest = line;
  while (rest.length > WIDTH) {
    const space = rest.lastIndexOf(' ', WIDTH);
    if (rest.slice(0, space).trim() === '') break;
    lines.push(rest.slice(0, space));
    rest = rest.slice(space + 1);
  }
  return [...lines, rest];
}

function rulePage(rule) {
  const { why, todo, examples } = rule;
  return [
    `<!-- Made by "npm run docs" from rules/${rule.id}.ts. Edits are lost. -->`,
    `# ${rule.id}`,
    rule.summary,
    factTable(rule),
    '## Why it matters',
    why.trim(),
    '## What to do',
    todo.trim(),
    '## What it reports',
    ...examples.bad.flatMap((example) => [`### ${example.title}`, ...filesOf(example), findingList(example.findings)]),
    '## What it leaves alone',
    ...examples.good.flatMap((example) => [`### ${example.title}`, ...filesOf(example)]),
    '## To silence it',
    silencing(rule),
  ]
    .join('\n\n')
    .concat('\n');
}

function factTable(rule) {
  const rows = [
    ['severity', rule.severity],
    ['looks at', [...new Set(rule.kinds.map(subject))].join(', ')],
    ['fix', 'fix' in rule ? rule.fix : `none: ${rule.noFix}`],
    ['same as', rule.equivalents.length === 0 ? 'no check of istioctl or Kiali' : rule.equivalents.map(equivalent).join(', ')],
    ...(rule.reportsUnknown === true ? [['unknown values', 'may rest on one; such a finding is an info']] : []),
    ['since', rule.since],
    ['documentation', `<${rule.docs}>`],
  ];
  return table(['', ''], rows);
}

function subject(kind) {
  if (kind === 'workload') return 'every kind with a pod template';
  if (kind === 'file:*') return 'every file that is read';
  if (kind === 'file:too-large') return 'files that are too large to be read';
  return kind.startsWith('file:') ? `files \`${kind.slice('file:'.length)}\`` : `\`${kind}\``;
}

function equivalent(code) {
  return `${code} (${code.startsWith('KIA') ? 'Kiali' : code.startsWith('IST') ? 'istioctl analyze' : 'refused when applied'})`;
}

function filesOf(example) {
  return Object.entries(example.files).flatMap(([path, text]) => [
    `${codeSpan(path)}:`,
    fenced(shortened(text), languageOf(path)),
  ]);
}

function findingList(findings) {
  return findings
    .map(({ at, text, message }) => {
      const covered = text.split(/[\r\n]/, 1)[0].trim();
      return `- ${codeSpan(at)}${covered === '' ? '' : `, at ${codeSpan(cropped(covered, 60))}`}: ${escaped(message)}`;
    })
    .join('\n');
}

function silencing(rule) {
  const setting = fenced(`rules:\n  ${rule.id}: off`, 'yaml');
  const parts = [
    'In `.mesh-lint.yaml`, for the whole repository, as any other [severity](../../configuration.md#rules-and-severities):',
    setting,
  ];
  if (NO_COMMENT.has(rule.id)) return parts.join('\n\n');
  const comment = fenced(`# mesh-lint-disable-next-line ${rule.id} -- why this one may stay`, 'yaml');
  return [...parts, 'For one place, in a comment above it, or in [another form](../../suppressions.md):', comment].join('\n\n');
}

/** A file that is not read has no comments, and a suppression does not suppress what is said of suppressions. */
const NO_COMMENT = new Set(['manifest/too-large', 'manifest/unused-suppression']);

function rulesTable(rules) {
  const rows = rules.map((rule) => [
    `[${rule.id}](${PAGES}/${rule.id}.md)`,
    rule.severity,
    rule.summary,
    'fix' in rule ? 'yes' : '',
    rule.equivalents.join(', '),
  ]);
  return table(['rule', 'severity', 'what is wrong', 'fix', 'same as'], rows);
}

/** One table for each section of the schema, with every key that it allows. */
function keyTables(schema) {
  return Object.entries(schema.properties)
    .flatMap(([name, value]) => [`### \`${name}\``, value.description, ...tableOf(value)])
    .join('\n\n');
}

function tableOf(schema) {
  const rows = keysOf(schema, '');
  return rows.length === 0 ? [] : [table(['key', 'value', 'meaning'], rows)];
}

function keysOf(schema, path) {
  const named = Object.entries(schema.properties ?? {});
  if (typeof schema.additionalProperties === 'object' && schema.additionalProperties.properties !== undefined) {
    named.push(['*name*', schema.additionalProperties]);
  }
  return named.flatMap(([name, value]) => {
    const full = path === '' ? name : `${path}.${name}`;
    const inner = keysOf(value, full);
    return inner.length > 0 ? inner : [[keySpan(full), valueOf(value), value.description ?? '']];
  });
}

const keySpan = (path) =>
  path
    .split('.')
    .map((part) => (part.startsWith('*') ? part : `\`${part}\``))
    .join('.');

function valueOf(schema) {
  if (schema.enum !== undefined) return schema.enum.map((value) => `\`${value}\``).join(', ');
  if (schema.type === 'array') return schema.items.enum === undefined ? 'list of text' : `list of ${valueOf(schema.items)}`;
  if (schema.pattern?.includes('[0-9]')) return 'version, in quotes';
  if (schema.type === 'integer') return `whole number from ${schema.minimum}`;
  if (schema.type === 'number') {
    return schema.maximum === undefined
      ? `number over ${schema.exclusiveMinimum}`
      : `number from ${schema.minimum} to ${schema.maximum}`;
  }
  return { boolean: '`true`, `false`', string: 'text', object: 'map' }[schema.type] ?? '';
}

function table(head, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('\n', ' ')).join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

/** Replaces what stands between the marks of a part, and keeps the marks. */
export function withPart(text, name, content) {
  const [start, end] = [`<!-- ${name}:start -->`, `<!-- ${name}:end -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the marks ${start} and ${end} are missing`);
  return `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
}

function shortened(text) {
  const lines = text.replace(/\n$/, '').split('\n');
  const shown = lines
    .slice(0, lines.length > LONGEST_FILE ? LONGEST_FILE - 1 : LONGEST_FILE)
    .map((line) => cropped(line, LONGEST_LINE));
  const more = lines.length - shown.length;
  return more === 0 ? shown.join('\n') : `${shown.join('\n')}\n… ${more} more lines`;
}

const cropped = (text, length) => (text.length <= length ? text : `${text.slice(0, length - 1)}…`);

function languageOf(path) {
  if (path.endsWith('.json')) return 'json';
  return /\.ya?ml$|Kustomization$/.test(path) ? 'yaml' : 'text';
}

/** Fenced by more backticks than the text has in a row. */
function fenced(text, language) {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text.replace(/\n$/, '')}\n${fence}`;
}

function codeSpan(text) {
  if (!text.includes('`')) return `\`${text}\``;
  const longest = Math.max(...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const ticks = '`'.repeat(longest + 1);
  return `${ticks} ${text} ${ticks}`;
}

const escaped = (text) => text.replace(/[\\`*<>[\]|]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])/g, '\\$&').replaceAll('\n', ' ');

/** The paths of the files below a folder of the project, relative to that folder, sorted. */
async function filesBelow(folder) {
  const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return files.map((path) => relative(join(root, folder), path).split(sep).join('/')).sort();
}

/** The pages that stand under docs/rules/, made or left over. */
export async function presentPages() {
  return (await filesBelow(PAGES)).map((path) => `${PAGES}/${path}`);
}

async function write() {
  const files = await documentation(await importTypeScript(SOURCES));
  for (const path of await presentPages()) if (!files.has(path)) await rm(join(root, path));
  for (const [path, text] of files) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
}

if (argv[1] === fileURLToPath(import.meta.url)) await write();
