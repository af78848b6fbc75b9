import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createVSIX, listFiles, PackageManager } from '@vscode/vsce';
import { beforeAll, describe, expect, it } from 'vitest';
import { rules } from '../rules';
import { configurationSchema } from '../schemas/configuration';
import { istioKinds } from '../schemas/istio';

const root = join(import.meta.dirname, '..');
const read = (path: string): unknown => JSON.parse(readFileSync(join(root, path), 'utf8'));

interface Manifest {
  readonly main: string;
  readonly icon: string;
  readonly engines: { readonly vscode: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly activationEvents: readonly string[];
  readonly capabilities: {
    readonly untrustedWorkspaces: { readonly supported: unknown };
    readonly virtualWorkspaces: { readonly supported: unknown; readonly description: string };
  };
  readonly contributes: {
    readonly commands: readonly { readonly command: string; readonly category: string }[];
    readonly menus: Readonly<Record<string, readonly { readonly command: string }[]>>;
    readonly configuration: { readonly properties: Readonly<Record<string, { readonly markdownDescription?: string }>> };
    readonly viewsContainers: { readonly activitybar: readonly { readonly icon: string }[] };
    readonly yamlValidation: readonly { readonly fileMatch: string; readonly url: string }[];
    readonly walkthroughs: readonly { readonly steps: readonly Step[] }[];
  };
}
interface Step {
  readonly description: string;
  readonly media: { readonly markdown: string };
}

const manifest = read('package.json') as Manifest;

/**
 * Everything that is installed with the extension; a file more or less is a decision, taken here. The command is not among them: nothing in
 * an editor runs it. The npm package has it all the same, since package.json names it as `bin`.
 */
const CONTENTS = [
  'CHANGELOG.md',
  'LICENSE',
  'README.md',
  'dist/client.js',
  'dist/mesh-lint.schema.json',
  'dist/server.js',
  'dist/server/actions.js',
  'dist/server/cilium.js',
  'dist/server/deliveries.js',
  'dist/server/explanations.js',
  'dist/server/fields.js',
  'dist/server/folder-summary.js',
  'dist/server/kustomize.js',
  'dist/server/rules/istio.js',
  'dist/server/rules/linkerd.js',
  'dist/server/shared.js',
  ...istioKinds.map(({ kind }) => `dist/server/validators/${kind.replace(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase()}.js`).sort(),
  'dist/server/yaml.js',
  'dist/summary.css',
  'dist/summary.js',
  'dist/third-party-notices.txt',
  'media/icon.png',
  'media/mesh.svg',
  'media/walkthrough/configuration.md',
  'media/walkthrough/findings.md',
  'media/walkthrough/summary.md',
  'package.json',
];
const LARGEST = 700_000;

describe('the extension as it is installed', () => {
  beforeAll(() => {
    const absent = CONTENTS.filter((path) => !existsSync(join(root, path)));
    if (absent.length > 0) throw new Error(`${absent.join(', ')} is missing: run "npm run build" first`);
  });

  it('holds these files and no others', async () => {
    const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
    expect(files.map((path) => path.replaceAll('\\', '/')).sort()).toEqual(CONTENTS);
  });

  it(`has at most ${LARGEST / 1000} kB`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mesh-lint-vsix-'));
    try {
      const packagePath = join(folder, 'mesh-lint.vsix');
      await createVSIX({ cwd: root, packagePath, dependencies: false });
      expect(statSync(packagePath).size).toBeLessThanOrEqual(LARGEST);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);

  it('leaves the command to the npm package', () => {
    expect(read('package.json')).toMatchObject({ bin: { 'mesh-lint': 'dist/cli.js' } });
  });

  it('has a page that makes no HTML and no code from text, and loads nothing', () => {
    const script = readFileSync(join(root, 'dist/summary.js'), 'utf8');
    for (const way of [
      'innerHTML',
      'outerHTML',
      'insertAdjacentHTML',
      'document.write',
      'DOMParser',
      'eval(',
      'Function(',
      'fetch(',
    ]) {
      expect(script).not.toContain(way);
    }
    expect(readFileSync(join(root, 'dist/summary.css'), 'utf8')).not.toMatch(/url\(|@import|#[0-9a-f]{3}/i);
  });
});

describe('the manifest', () => {
  it('asks for no newer editor than its types and its client library', () => {
    const { engines, devDependencies, dependencies } = manifest;
    expect(engines.vscode).toBe(`^${devDependencies['@types/vscode'] ?? ''}`);
    const library = read('node_modules/vscode-languageclient/package.json') as Pick<Manifest, 'engines'> & { version: string };
    expect(library.version).toBe(dependencies['vscode-languageclient']);
    expect(library.engines.vscode).toBe(engines.vscode);
  });

  it('starts on YAML or where there is some, never on everything', () => {
    expect(manifest.activationEvents).toEqual(['onLanguage:yaml', 'onLanguage:helm', 'workspaceContains:**/*.{yaml,yml}']);
  });

  it('says what it can do in a workspace that is not trusted or not on disk', () => {
    expect(manifest.capabilities.untrustedWorkspaces.supported).toBe(true);
    expect(manifest.capabilities.virtualWorkspaces.supported).toBe(false);
    expect(manifest.capabilities.virtualWorkspaces.description).not.toBe('');
  });

  it('has a command for everything that it offers', () => {
    const { commands, menus, walkthroughs } = manifest.contributes;
    const names = commands.map(({ command }) => command);
    const source = readFileSync(join(root, 'client/commands.ts'), 'utf8');
    for (const name of names) expect(source).toContain(`'${name}'`);
    expect(commands.every(({ category }) => category === 'Mesh Lint')).toBe(true);
    const offered = Object.values(menus).flatMap((items) => items.map(({ command }) => command));
    const linked = walkthroughs.flatMap(({ steps }) =>
      steps.flatMap(({ description }) => [...description.matchAll(/command:([\w.]+)/g)]),
    );
    for (const name of [...offered, ...linked.map(([, name = '']) => name)]) {
      if (name.startsWith('meshLint.')) expect(names).toContain(name);
    }
  });

  it('names files that are installed', () => {
    const { viewsContainers, walkthroughs, yamlValidation } = manifest.contributes;
    const named = [
      manifest.main,
      manifest.icon,
      ...viewsContainers.activitybar.map(({ icon }) => icon),
      ...walkthroughs.flatMap(({ steps }) => steps.map(({ media }) => media.markdown)),
      ...yamlValidation.map(({ url }) => url),
    ];
    for (const path of named) expect(CONTENTS).toContain(path.replace(/^\.\//, ''));
  });

  it('describes every setting', () => {
    for (const [name, { markdownDescription = '' }] of Object.entries(manifest.contributes.configuration.properties)) {
      expect(name).toMatch(/^meshLint\./);
      expect(markdownDescription).toMatch(/\.$/);
    }
  });

  it('has the severities of all rules as "node scripts/contributions.mjs" writes them', async () => {
    const { ruleSettings } = (await import(new URL('../scripts/contributions.mjs', import.meta.url).href)) as {
      readonly ruleSettings: (sources: object) => unknown;
    };
    expect(manifest.contributes.configuration.properties['meshLint.rules']).toEqual(ruleSettings({ rules, configurationSchema }));
  });
});
