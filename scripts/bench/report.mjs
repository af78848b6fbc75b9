import { machine } from './machine.mjs';

/** @typedef {{ measurement: import('./context.mjs').Measurement, rows: import('./context.mjs').Row[] }} Result */

/** Whether a row keeps to its limit; undefined where there is none. */
export function holds({ value, most }) {
  return most === undefined ? undefined : value <= most;
}

/** @param {readonly Result[]} results */
export function failures(results) {
  return results.flatMap(({ rows }) => rows).filter((row) => holds(row) === false);
}

/** One row for a terminal. */
export function line(row) {
  const { about, note } = row;
  const verdict = { true: 'holds', false: 'DOES NOT HOLD', undefined: '' }[holds(row)];
  const limit = row.most === undefined ? '' : `  at most ${measured(row.most, row.unit)}: ${verdict}`;
  return `  ${measured(row.value, row.unit).padStart(14)}  ${about.replaceAll('`', '')}${limit}${note === undefined ? '' : `  (${note})`}`;
}

/**
 * The page of a run.
 * @param {object} about
 * @param {string} about.version
 * @param {number} about.busy how much of the machine others took before the run, in percent
 * @param {readonly number[]} about.sizes of the generated repositories
 * @param {boolean} about.isWhole whether everything was measured, on generated repositories
 */
export function page(results, { version, busy, sizes, isWhole }) {
  const { cpu, cores, memory, system, node } = machine();
  const failed = failures(results).length;
  const limited = results.flatMap(({ rows }) => rows).filter(({ most }) => most !== undefined).length;
  const sections = results.map(({ measurement: { title, method }, rows }) => `## ${title}\n\n${method}\n\n${table(rows)}`);
  const verdict =
    failed === 0 ? `All ${limited} limits hold.` : `Of ${limited} limits ${failed} ${failed === 1 ? 'does' : 'do'} not hold.`;
  return `<!-- Written by \`npm run bench -- --markdown docs/performance.md\`. Do not edit. -->
# Performance

Limits are ratios within one run, or are taken inside the server's process, so that they mean the same on another machine; the other figures are of this one. ${verdict}${isWhole ? '' : ' Only a part was measured.'}

| Mesh Lint | processor | cores | memory | system | Node.js | taken by others |
|---|---|---|---|---|---|---|
| ${[version, cpu, cores, memory, system, node, `${busy.toFixed(0)} %`].join(' | ')} |

Repositories of ${sizes.map((size) => size.toLocaleString('en')).join(', ')} resources are generated, the same ones in every run: Kustomize bases with overlays for two clusters and two clusters in plain folders; apps in Istio's sidecars, in ambient mode, in Linkerd, under Cilium's policies and outside of all meshes; half of the bytes are kinds of which no rule reads more than the name. Servers are measured on the largest one. \`npm run bench -- FOLDER\` measures a repository of your own.

${sections.join('\n\n')}
`;
}

function table(rows) {
  if (rows.length === 0) return 'Not measured in this run.';
  const lines = rows.map((row) => {
    const limit = row.most === undefined ? '' : `at most ${measured(row.most, row.unit)}`;
    const verdict = { true: 'yes', false: '**no**', undefined: '' }[holds(row)];
    return `| ${[row.about, measured(row.value, row.unit), limit, verdict, row.note ?? ''].join(' | ')} |`;
  });
  return ['| what | measured | limit | holds | |', '|---|--:|---|---|---|', ...lines].join('\n');
}

function measured(value, unit) {
  const digits = Number.isInteger(value) || Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2;
  return `${value.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ${unit}`;
}
