import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

interface Locked {
  readonly version: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly hasInstallScript?: boolean;
}

const { packages } = read('package-lock.json') as { readonly packages: Readonly<Record<string, Locked>> };
const all = Object.entries(packages).flatMap(([path, locked]) =>
  path === '' ? [] : [{ name: path.slice(path.lastIndexOf('node_modules/') + 13), ...locked }],
);
const shipped = all.filter(({ dev, optional, devOptional }) => dev !== true && optional !== true && devOptional !== true);

/** What comes with the packages of package.json (whose reasons are in CONTRIBUTING.md), and with which. One more is a decision, taken here. */
const COME_WITH: Readonly<Record<string, string>> = {
  'balanced-match': 'vscode-languageclient, for the patterns of documents',
  'brace-expansion': 'vscode-languageclient, for the patterns of documents',
  minimatch: 'vscode-languageclient, for the patterns of documents',
  semver: "vscode-languageclient, for the editor's version",
  'vscode-jsonrpc': 'client and server: the messages',
  'vscode-languageserver-protocol': 'client and server: the types of messages',
  'vscode-languageserver-textdocument': 'vscode-languageclient, for the texts of documents',
  'vscode-languageserver-types': 'client and server: the types of what they hold',
};

/** Licences that ask for no more than that they travel along, which dist/third-party-notices.txt sees to. */
const LICENCES: ReadonlySet<string | undefined> = new Set([
  '0BSD',
  'Apache-2.0',
  'BlueOak-1.0.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
]);

describe('what is shipped', () => {
  it('is the packages that are known, each for a reason', () => {
    const { dependencies } = read('package.json') as { readonly dependencies: Readonly<Record<string, string>> };
    const names = new Set(shipped.map(({ name }) => name));
    expect([...names].sort()).toEqual([...Object.keys(dependencies), ...Object.keys(COME_WITH)].sort());
  });

  it('has licences that allow it', () => {
    expect(shipped.filter(({ license }) => !LICENCES.has(license))).toEqual([]);
  });

  it('runs nothing when it is installed', () => {
    expect(shipped.filter(({ hasInstallScript }) => hasInstallScript === true)).toEqual([]);
  });

  it('is bundled from those packages alone', () => {
    const { outputs } = read('dist/meta.json') as { readonly outputs: Readonly<Record<string, { readonly inputs: object }>> };
    const inputs = Object.values(outputs).flatMap((output) => Object.keys(output.inputs));
    const bundled = new Set(inputs.flatMap((input) => /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(input)?.[1] ?? []));
    expect(bundled.size).toBeGreaterThan(3);
    expect([...bundled].filter((name) => !shipped.some((one) => one.name === name))).toEqual([]);
  });
});

describe('what is installed to build and test', () => {
  it('is what the lock file says, to the byte', () => {
    expect(all.filter(({ integrity }) => integrity?.startsWith('sha512-') !== true)).toEqual([]);
  });

  it('runs scripts of two packages alone when it is installed', () => {
    const names = all
      .filter(({ hasInstallScript, optional }) => hasInstallScript === true && optional !== true)
      .map(({ name }) => name);
    // They fetch the compiler, and the signer of extensions, for the platform.
    expect(names.sort()).toEqual(['@vscode/vsce-sign', 'esbuild']);
  });
});

describe('an audit', async () => {
  const { readAudit } = (await import(new URL('../../scripts/audit.mjs', import.meta.url).href)) as {
    readonly readAudit: (output: string) => { readonly outcome: string; readonly message: string };
  };
  const report = (total: number, vulnerabilities: object): string =>
    JSON.stringify({
      auditReportVersion: 2,
      vulnerabilities,
      metadata: { vulnerabilities: { total }, dependencies: { prod: 16 } },
    });

  it.each([
    ['nothing known', report(0, {}), 'clean', 'no known vulnerability in 16 packages'],
    ['something known', report(1, { yaml: { severity: 'high' } }), 'vulnerable', 'known vulnerabilities: yaml (high)'],
    [
      'a mirror without the endpoint',
      '{ "message": "405 Method Not Allowed - POST https://registry.example/-/advisories", "statusCode": 405 }',
      'unknown',
      '405 Method Not Allowed',
    ],
    ['nobody there', '{ "error": { "code": "ENOTFOUND", "summary": "request failed" } }', 'unknown', 'request failed'],
    ['an empty answer', '{}', 'unknown', 'the registry gave no answer'],
    ['no report', 'npm error', 'unknown', 'npm audit printed no report'],
    ['nothing printed', '', 'unknown', 'npm audit printed no report'],
  ])('of %s', (_, output, outcome, message) => {
    expect(readAudit(output)).toEqual({ outcome, message });
  });
});
