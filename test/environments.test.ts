import fs, { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { run } from '../cli/run';
import { WorkspaceLinter } from '../cli/workspace-linter';
import type { Report } from '../engine/findings/report';
import { PAIR_RUNS } from '../engine/findings/runner';
import { rules } from '../rules';
import { deployment, namespace } from './support/environments';
import { startOf, workspaceOf } from './support/lint';
import type { Files } from './support/lint';

/** Overlays of one base, each with the mesh that its name says. */
function overlays(names: readonly string[]): Record<string, string> {
  const label: Readonly<Record<string, string>> = { istio: 'istio-injection: enabled', plain: 'team: books' };
  return {
    'base/kustomization.yaml': 'resources: [d.yaml]\n',
    'base/d.yaml': deployment('cart', { 'linkerd.io/inject': 'enabled' }),
    ...Object.fromEntries(
      names.flatMap((name) => [
        [`${name}/kustomization.yaml`, 'namespace: shop\nresources: [../base, ns.yaml]\n'],
        [`${name}/ns.yaml`, `${namespace('shop')}  labels:\n    ${label[name.replace(/\d+$/, '')] ?? ''}\n`],
      ]),
    ),
  };
}

const doubles = (files: Files): (readonly [string, string])[] =>
  workspaceOf(files)
    .findings()
    .filter(({ reported }) => reported.rule === 'coexistence/double-injection')
    .map((finding) => [startOf(finding), finding.reported.environments.join()] as const);

describe('a resource that several environments share', () => {
  it('is linted in each: one finding, with the environments that have it', () => {
    expect(doubles(overlays(['istio1', 'istio2', 'plain']))).toEqual([
      ['base/d.yaml:11:28', 'istio1,istio2'],
      ['istio1/ns.yaml:6:22', 'istio1'],
      ['istio2/ns.yaml:6:22', 'istio2'],
    ]);
  });

  it('is not linted by itself: what every overlay mends is no finding', () => {
    const files = overlays(['istio1', 'istio2']);
    const base = { 'base/d.yaml': files['base/d.yaml'] ?? '', 'base/ns.yaml': files['istio1/ns.yaml'] ?? '' };
    const alone = { ...base, 'base/kustomization.yaml': 'namespace: shop\nresources: [d.yaml, ns.yaml]\n' };
    const mended = (name: string): Files => ({
      [`${name}/kustomization.yaml`]:
        'resources: [../base]\npatches:\n  - patch: "{ apiVersion: apps/v1, kind: Deployment, metadata: { name: cart }, spec: { template: { metadata: { annotations: { linkerd.io/inject: disabled } } } } }"\n',
    });
    expect(doubles(alone).map(([, environments]) => environments)).toEqual(['base', 'base']);
    const both = { ...alone, ...mended('dev'), ...mended('prod') };
    expect(doubles(both)).toEqual([]);
    expect(workspaceOf(both).environmentNames()).toEqual(['dev', 'prod']);
  });
});

describe('an edit re-lints the environments that use the file, and no other', () => {
  const numbered = (name: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${name}${i}`);

  function runsAfter(files: Files, path: string, from: string, to: string): number {
    const workspace = workspaceOf(files);
    workspace.findings();
    workspace.graph.resetRunCounts();
    const text = files[path] ?? '';
    expect(text).toContain(from);
    workspace.set(path, text.replace(from, to));
    workspace.findings();
    return workspace.graph.runCounts().get(PAIR_RUNS) ?? 0;
  }

  const inOverlays = (count: number): number =>
    runsAfter(overlays(numbered('istio', count)), 'istio0/ns.yaml', 'enabled', 'disabled');
  const inBase = (count: number): number => runsAfter(overlays(numbered('istio', count)), 'base/d.yaml', 'app:1', 'app:2');

  it('of overlays', () => {
    expect(inOverlays(2)).toBeGreaterThan(0);
    expect(inOverlays(20)).toBe(inOverlays(2));
    // Rules on the text of a file run once, those on the resource once an overlay.
    const [one, two, three] = [inBase(1), inBase(2), inBase(3)];
    expect(two).toBeGreaterThan(one);
    expect(three - two).toBe(two - one);
  });

  it('of clusters of Argo CD and Flux', () => {
    const application = (name: string): string =>
      `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: ${name}, namespace: argocd }\nspec:\n  source: { repoURL: "https://git.example/x", path: ${name} }\n  destination: { name: to-${name}, namespace: shop }\n`;
    const kustomization = (name: string): string =>
      `apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: shop, namespace: flux-system }\nspec:\n  path: ${name}\n  sourceRef: { kind: GitRepository, name: flux-system }\n`;
    const count = (many: number, where: (name: string) => readonly [string, string]): number => {
      const names = numbered('istio', many);
      const files = { ...overlays(names), ...Object.fromEntries(names.map(where)) };
      const kinds = workspaceOf(files)
        .views()
        .map((view) => view.environment().plan.kind);
      expect(new Set(kinds).size).toBe(1);
      expect(kinds).toHaveLength(many);
      return runsAfter(files, 'istio0/ns.yaml', 'enabled', 'disabled');
    };
    const argo = (many: number): number => count(many, (name) => [`argo/${name}.yaml`, application(name)]);
    const flux = (many: number): number => count(many, (name) => [`clusters/${name}/a.yaml`, kustomization(name)]);
    expect([argo(12), flux(12)]).toEqual([argo(3), flux(3)]);
    expect(argo(3)).toBeGreaterThan(0);
    expect(flux(3)).toBeGreaterThan(0);
  });
});

describe('outside of the workspace', () => {
  let top: string;

  beforeEach(() => {
    top = realpathSync(mkdtempSync(join(tmpdir(), 'mesh-lint-outside-')));
  });

  afterEach(() => {
    vi.restoreAllMocks();
    syncBuiltinESMExports();
    rmSync(top, { recursive: true, force: true });
  });

  const secret = 'apiVersion: v1\nkind: Service\nmetadata:\n  name: outside\n';
  const values = 'inject: outside\n';

  function write(files: Files): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(top, path)), { recursive: true });
      writeFileSync(join(top, path), text);
    }
  }

  it('nothing is read, whatever names it: the line that does is told', () => {
    const absolute = join(top, 'outside/s.yaml');
    write({
      'outside/s.yaml': secret,
      'outside/base/kustomization.yaml': 'resources: [s.yaml]\n',
      'outside/base/s.yaml': secret,
      'outside/values.yaml': values,
      'repo/.git/HEAD': 'ref: refs/heads/main\n',
      'repo/in.yaml': deployment('inside'),
      'repo/k/kustomization.yaml': `resources:
  - in.yaml
  - ../../outside/s.yaml
  - ../../outside/base
  - ${absolute}
  - link.yaml
  - linked
  - gone.yaml
  - ../k
  - ./in.yaml
components: [../../outside/base]
patches: [{ path: ../../outside/s.yaml }]
configurations: [../../outside/s.yaml]
transformers: [../../outside/s.yaml]
configMapGenerator: [{ name: m, files: [../../outside/s.yaml] }]
replacements: [{ path: ../../outside/s.yaml }]
`,
      'repo/k/in.yaml': deployment('cart'),
      'repo/argo/a.yaml': `apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: a, namespace: argocd }
spec:
  sources:
    - { repoURL: "https://git.example/x", path: ../outside }
    - { repoURL: "https://git.example/x", path: chart, helm: { valueFiles: [../../outside/values.yaml, "${join(top, 'outside/values.yaml')}"] } }
  destination: { name: eu, namespace: shop }
`,
      'repo/chart/Chart.yaml': 'apiVersion: v2\nname: c\nversion: 1.0.0\n',
      'repo/chart/templates/s.yaml':
        'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels:\n    from: {{ .Values.inject }}\n',
      'repo/clusters/eu/a.yaml':
        'apiVersion: kustomize.toolkit.fluxcd.io/v1\nkind: Kustomization\nmetadata: { name: a, namespace: flux-system }\nspec:\n  path: ../outside\n  sourceRef: { kind: GitRepository, name: flux-system }\n',
    });
    symlinkSync(absolute, join(top, 'repo/k/link.yaml'));
    symlinkSync(join(top, 'outside/base'), join(top, 'repo/k/linked'));

    const touched: string[] = [];
    for (const name of ['openSync', 'readFileSync', 'readdirSync', 'opendirSync', 'readlinkSync'] as const) {
      const real = fs[name] as (...all: unknown[]) => unknown;
      vi.spyOn(fs, name).mockImplementation(((path: unknown, ...rest: unknown[]) => {
        touched.push(String(path));
        return real(path, ...rest);
      }) as never);
    }
    syncBuiltinESMExports();
    let out = '';
    const io = { stdout: (text: string) => (out += text), stderr: () => undefined, cwd: join(top, 'repo'), env: {} };
    run(
      ['--format', 'json'],
      { ...io, isTTY: false, columns: undefined, now: () => 0 },
      ({ now }) => new WorkspaceLinter({ rules, now }),
    );

    expect(touched.length).toBeGreaterThan(5);
    expect(touched.filter((path) => path.startsWith(top) && !`${path}${sep}`.startsWith(`${top}${sep}repo${sep}`))).toEqual([]);
    const { findings, environments } = JSON.parse(out) as Report;
    expect(out).not.toContain('"name":"outside"');
    expect(environments.map(({ name, resources }) => [name, resources])).toContainEqual(['k', 2]);
    const lines = findings.filter(({ rule }) => rule === 'manifest/kustomization').map(({ range }) => range.start.line);
    expect([...new Set(lines)]).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  });
});
