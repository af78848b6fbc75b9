import { describe, expect, it } from 'vitest';
import type { LocatedFinding } from '../../engine/findings/collect';
import { applyEdits, coveredText, startOf, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './double-injection';

const KUSTOMIZATION = 'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\n';
const NAMESPACE = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n';
const LINKERD = '  annotations:\n    linkerd.io/inject: enabled # for now\n';

/** A Deployment whose pod template has these lines of metadata, indented as below `template`. */
const deployment = (name: string, metadata = ''): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  template:\n    metadata:\n` +
  `      labels:\n        app: ${name} # who it is\n${metadata}    spec:\n      containers:\n        - name: ${name}\n`;
const documents = (...texts: string[]): string => texts.join('---\n');

function find(files: Files): readonly LocatedFinding[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found;
}

function at(files: Files, place: string): LocatedFinding {
  const found = find(files);
  const here = found.find((finding) => startOf(finding) === place);
  if (here === undefined) throw new Error(`nothing at ${place}, but at ${found.map(startOf).join(', ')}`);
  return here;
}

const titles = (files: Files, place: string): string[] => at(files, place).fixes.map(({ title }) => title);

/** What the fix of that title at that place makes of the repository; it has to leave no collision. */
function repaired(files: Files, place: string, title: string): Record<string, string> {
  const fix = at(files, place).fixes.find((candidate) => candidate.title === title);
  if (fix === undefined) throw new Error(`no such fix, but ${titles(files, place).join('\n')}`);
  const after = applyEdits(files, fix.edits() ?? []);
  expect(find(after).map(startOf)).toEqual([]);
  return after;
}

describe('fixes of a Namespace', () => {
  const files: Files = {
    'namespace.yaml': `${NAMESPACE}  labels:\n    istio-injection: enabled\n${LINKERD}`,
    'workloads.yaml': documents(
      deployment('cart'),
      deployment('orders', '      annotations:\n        prometheus.io/scrape: "true"\n'),
      deployment('alone', '        sidecar.istio.io/inject: "false"\n'),
      deployment('other', '      annotations:\n        linkerd.io/inject: disabled\n'),
    ),
  };

  it('are a choice: none is safe, none comes first', () => {
    for (const { fixes } of find(files)) {
      expect(fixes.map(({ safe, preferred }) => ({ safe, preferred }))).toEqual(
        fixes.map(() => ({ safe: false, preferred: undefined })),
      );
    }
  });

  it('count the workloads that they move, colliding or not', () => {
    expect(titles(files, 'namespace.yaml:6:22')).toEqual([
      'Keep 2 workloads out of Istio: label sidecar.istio.io/inject: "false" on the pod templates, in workloads.yaml',
      'Keep 2 workloads out of Linkerd: annotation linkerd.io/inject: disabled on the pod templates, in workloads.yaml',
      'Set label istio-injection: disabled on Namespace shop (moves 3 workloads out of Istio)',
      'Set annotation linkerd.io/inject: disabled on Namespace shop (moves 3 workloads out of Linkerd)',
    ]);
  });

  it('keep what stands around', () => {
    const place = 'namespace.yaml:8:24';
    const [outOfIstio = '', outOfLinkerd = '', , linkerdOff = ''] = titles(files, place);
    expect(repaired(files, place, outOfIstio)['workloads.yaml']).toBe(
      documents(
        deployment('cart', '        sidecar.istio.io/inject: "false"\n'),
        deployment(
          'orders',
          '        sidecar.istio.io/inject: "false"\n      annotations:\n        prometheus.io/scrape: "true"\n',
        ),
        deployment('alone', '        sidecar.istio.io/inject: "false"\n'),
        deployment('other', '      annotations:\n        linkerd.io/inject: disabled\n'),
      ),
    );
    expect(repaired(files, place, outOfLinkerd)['workloads.yaml']).toBe(
      documents(
        deployment('cart', '      annotations:\n        linkerd.io/inject: disabled\n'),
        deployment('orders', '      annotations:\n        prometheus.io/scrape: "true"\n        linkerd.io/inject: disabled\n'),
        deployment('alone', '        sidecar.istio.io/inject: "false"\n'),
        deployment('other', '      annotations:\n        linkerd.io/inject: disabled\n'),
      ),
    );
    expect(repaired(files, place, linkerdOff)['namespace.yaml']).toBe(
      files['namespace.yaml']?.replace('enabled # for now', 'disabled # for now'),
    );
  });

  it('put the label that overrules in the place of a revision', () => {
    const revised = { ...files, 'namespace.yaml': `${NAMESPACE}  labels: { team: a, istio.io/rev: "canary" }\n${LINKERD}` };
    const place = 'namespace.yaml:5:36';
    expect(coveredText(revised, at(revised, place))).toBe('"canary"');
    const after = repaired(
      revised,
      place,
      'Set label istio-injection: disabled on Namespace shop (moves 3 workloads out of Istio)',
    );
    expect(after['namespace.yaml']).toBe(`${NAMESPACE}  labels: { team: a, istio-injection: "disabled" }\n${LINKERD}`);
  });

  it('do not let pods without a sidecar fall into ambient mode', () => {
    const both = {
      'shop.yaml': documents(
        `${NAMESPACE}  labels:\n    istio-injection: enabled\n    istio.io/dataplane-mode: ambient\n${LINKERD}`,
        deployment('cart'),
      ),
    };
    const place = 'shop.yaml:6:22';
    const pods = repaired(
      both,
      place,
      'Keep Deployment shop/cart out of Istio: label sidecar.istio.io/inject: "false" and istio.io/dataplane-mode: none on the pod template',
    );
    expect(pods['shop.yaml']).toContain('sidecar.istio.io/inject: "false"\n');
    expect(pods['shop.yaml']).toContain('        istio.io/dataplane-mode: none\n');
    const whole = repaired(
      both,
      place,
      'Set label istio-injection: disabled and istio.io/dataplane-mode: none on Namespace shop (moves 1 workload out of Istio)',
    );
    expect(whole['shop.yaml']).toContain('    istio-injection: disabled\n    istio.io/dataplane-mode: none\n');
  });

  it('take a proxy that stands in the manifest for given', () => {
    const proxy = {
      'shop.yaml': documents(`${NAMESPACE}  labels:\n    istio-injection: enabled\n`, deployment('linkerd-proxy')),
    };
    expect(titles(proxy, 'shop.yaml:6:22')).toEqual([
      'Keep Deployment shop/linkerd-proxy out of Istio: label sidecar.istio.io/inject: "false" on the pod template',
      'Set label istio-injection: disabled on Namespace shop (moves 1 workload out of Istio)',
    ]);
    expect(titles(proxy, 'shop.yaml:20:17')).toEqual(titles(proxy, 'shop.yaml:6:22'));
  });
});

it('says "false" in the quotes that are there', () => {
  const cart = (label: string, annotation: string): string =>
    deployment(
      'cart',
      `        sidecar.istio.io/inject: ${label}\n      annotations:\n        linkerd.io/inject: ${annotation}\n`,
    );
  const after = (title: string): unknown =>
    repaired({ 'cart.yaml': cart("'true'", "'enabled'") }, 'cart.yaml:11:34', title)['cart.yaml'];
  expect(after('Keep Deployment shop/cart out of Istio: label sidecar.istio.io/inject: "false" on the pod template')).toBe(
    cart("'false'", "'enabled'"),
  );
  expect(after('Keep Deployment shop/cart out of Linkerd: annotation linkerd.io/inject: disabled on the pod template')).toBe(
    cart("'true'", "'disabled'"),
  );
});

describe('overlays', () => {
  const base: Files = {
    'base/kustomization.yaml': `${KUSTOMIZATION}resources: [namespace.yaml, workloads.yaml]\n`,
    'base/namespace.yaml': `${NAMESPACE}  labels:\n    istio-injection: enabled\n`,
    'base/workloads.yaml': documents(deployment('cart'), deployment('orders')),
    'overlays/prod/kustomization.yaml': `${KUSTOMIZATION}resources: [../../base]\n`,
  };
  const staging = (rest: string): Files => ({
    ...base,
    'overlays/staging/kustomization.yaml': `${KUSTOMIZATION}resources: [../../base]\n${rest}`,
  });
  const where = (files: Files): unknown[] =>
    find(files).map((finding) => [
      startOf(finding),
      coveredText(files, finding),
      finding.reported.resource?.name,
      finding.reported.environments,
    ]);

  it('a patch that adds a mesh: found in the patch, for its environment alone, and taken back there', () => {
    const patch =
      'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  template:\n    metadata:\n      annotations:\n        linkerd.io/inject: enabled\n';
    const files = { ...staging('patches:\n  - path: mesh.yaml\n'), 'overlays/staging/mesh.yaml': patch };
    expect(where(files)).toEqual([
      ['base/namespace.yaml:6:22', 'enabled', 'shop', ['staging']],
      ['overlays/staging/mesh.yaml:10:28', 'enabled', 'cart', ['staging']],
    ]);
    expect(titles(files, 'overlays/staging/mesh.yaml:10:28')).toEqual([
      'Keep Deployment shop/cart out of Istio: label sidecar.istio.io/inject: "false" on the pod template, in base/workloads.yaml',
      'Keep Deployment shop/cart out of Linkerd: annotation linkerd.io/inject: disabled on the pod template',
      'Set label istio-injection: disabled on Namespace shop (moves 2 workloads out of Istio)',
    ]);
    for (const { title } of at(files, 'overlays/staging/mesh.yaml:10:28').fixes)
      repaired(files, 'overlays/staging/mesh.yaml:10:28', title);
  });

  it('an inline patch of the Namespace', () => {
    const files = staging(
      'patches:\n  - patch: |\n      apiVersion: v1\n      kind: Namespace\n      metadata:\n        name: shop\n        annotations:\n          linkerd.io/inject: enabled\n',
    );
    const place = 'overlays/staging/kustomization.yaml:11:30';
    expect(where(files)).toEqual([
      ['base/namespace.yaml:6:22', 'enabled', 'shop', ['staging']],
      [place, 'enabled', 'shop', ['staging']],
    ]);
    const after = repaired(
      files,
      place,
      'Set annotation linkerd.io/inject: disabled on Namespace shop (moves 2 workloads out of Linkerd)',
    );
    expect(after['overlays/staging/kustomization.yaml']).toContain('          linkerd.io/inject: disabled\n');
  });

  it.each([
    ['annotations for everything', 'commonAnnotations:\n  linkerd.io/inject: enabled\n', '5:22'],
    [
      'a JSON patch for every Deployment',
      'patches:\n  - target:\n      kind: Deployment\n    patch: |\n      - op: add\n        path: /spec/template/metadata/annotations\n        value:\n          linkerd.io/inject: enabled\n',
      '11:30',
    ],
  ])('%s: one finding, and no pod template that could say otherwise', (_, text, position) => {
    const files = staging(text);
    const place = `overlays/staging/kustomization.yaml:${position}`;
    expect(where(files)).toEqual([
      ['base/namespace.yaml:6:22', 'enabled', 'shop', ['staging']],
      [place, 'enabled', 'cart', ['staging']],
    ]);
    expect(at(files, place).reported.message).toMatch(
      /^The pods of 2 workloads \(Deployment shop\/cart and Deployment shop\/orders\) get two meshes/,
    );
    expect(titles(files, place)).toEqual([
      'Keep 2 workloads out of Istio: label sidecar.istio.io/inject: "false" on the pod templates, in base/workloads.yaml',
      'Set label istio-injection: disabled on Namespace shop (moves 2 workloads out of Istio)',
      'Set annotation linkerd.io/inject: disabled in overlays/staging/kustomization.yaml (moves 2 workloads out of Linkerd)',
    ]);
    for (const { title } of at(files, place).fixes) repaired(files, place, title);
  });

  it('a collision of the base: once, for every environment that has it', () => {
    const files = { ...staging(''), 'base/namespace.yaml': `${NAMESPACE}  labels:\n    istio-injection: enabled\n${LINKERD}` };
    expect(where(files)).toEqual([
      ['base/namespace.yaml:6:22', 'enabled', 'shop', ['prod', 'staging']],
      ['base/namespace.yaml:8:24', 'enabled', 'shop', ['prod', 'staging']],
    ]);
  });
});
