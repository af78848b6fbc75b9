import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { joined, marked, namespace, offsetOf, service, workload } from '../../test/support/mesh-samples';
import { askExplanation } from '../answers/explanation';
import { askLenses } from '../answers/lenses';

/** The lines of a hover: titles, then statements with the environments that they hold for. */
function told(files: Files, file: string, needle: string): string[] | undefined {
  const explained = askExplanation(workspaceOf(files, []), file, offsetOf(files[file] ?? '', needle));
  return explained?.sections.flatMap(({ title, statements }) => [
    title,
    ...statements.map(({ environments, parts }) => {
      const text = parts.map((part) => (typeof part === 'string' ? part : part.text)).join('');
      return `${environments.length === 0 ? '' : `${environments.join(', ')}: `}${text}`;
    }),
  ]);
}

const shop = { in: 'shop' };
const injected = marked('shop', 'labels', 'istio-injection: enabled');
const OUT = 'sidecar.istio.io/inject: "false"';

describe('the environment of the repository itself', () => {
  const files = {
    'a.yaml': joined(namespace('shop'), workload('cart', shop)),
    'apps/kustomization.yaml': 'resources: [web.yaml]\n',
    'apps/web.yaml': workload('web', shop),
  };

  it('has no name in sentences', () => {
    expect(told(files, 'a.yaml', 'Deployment')?.at(-1)).toBe("Used in the root folder's environment.");
    expect(askLenses(workspaceOf(files, []), 'a.yaml').map(({ title }) => title)).toEqual(['no mesh', 'root folder']);
  });

  it('is one of several in a list', () => {
    const shared = { 'all.yaml': namespace('shop'), 'dev/a.yaml': workload('cart', shop), 'prod/a.yaml': workload('cart', shop) };
    expect(told(shared, 'all.yaml', 'apiVersion')).toEqual(['all.yaml', 'Used in 3 environments: root folder, dev, prod.']);
  });
});

describe('a Namespace whose workloads are in another environment', () => {
  const web = (name: string): Files => ({
    [`apps/${name}/kustomization.yaml`]: 'resources: [d.yaml]\n',
    [`apps/${name}/d.yaml`]: workload(name, shop),
  });

  it.each([
    ['one', web('web'), 'Environment web has workloads in a Namespace of this name.'],
    ['several', { ...web('web'), ...web('api') }, 'Environments api, web have workloads in a Namespace of this name.'],
  ])('names the %s that have them', (_, apps, elsewhere) => {
    const files = { 'namespace.yaml': injected, ...apps };
    const none = 'No workload in this environment is in Namespace shop.';
    expect(told(files, 'namespace.yaml', 'Namespace')?.[2]).toBe(`${none} ${elsewhere}`);
    expect(told(files, 'namespace.yaml', 'istio-injection')?.[1]).toBe(`${none} ${elsewhere}`);
  });
});

describe('a Service and a workload in two environments', () => {
  const apps = (name: string, text: string): Files => ({
    [`${name}/kustomization.yaml`]: 'resources: [a.yaml]\n',
    [`${name}/a.yaml`]: text,
  });
  const files = { ...apps('back', workload('cart', shop)), ...apps('front', service('cart', shop)) };

  it('are each told where the other one is', () => {
    expect(told(files, 'back/a.yaml', 'Deployment')).toContain(
      'No Service in this environment selects these pods. Environment front has one that does.',
    );
    expect(told(files, 'front/a.yaml', 'Service')).toContain(
      'No workload in this environment has pods that it selects. Environment back has such workloads.',
    );
  });

  it('and nothing is told of one that does not fit', () => {
    const other = { ...files, ...apps('front', service('cart', { in: 'other' })) };
    expect(told(other, 'back/a.yaml', 'Deployment')).toContain('No Service in this environment selects these pods.');
  });
});

describe('definitions of one name', () => {
  // Files of one folder that define the same object are alternatives; each of them is somewhere else.
  const files = {
    'a.yaml': joined(injected, workload('cart', shop), service('cart', shop)),
    'b.yaml': joined(workload('cart', shop), service('cart', shop)),
  };

  it('stand once, with the place of each', () => {
    expect(told(files, 'a.yaml', 'Service')).toEqual([
      'Service shop/cart',
      'Selects the pods of Deployment shop/cart (a.yaml:11, b.yaml:4): Istio sidecar, mTLS PERMISSIVE at port 8080.',
      'Sidecars of clients send mTLS by themselves (auto mTLS).',
    ]);
    expect(told(files, 'b.yaml', 'Deployment')?.at(-1)).toBe('Selected by Service shop/cart (a.yaml:27, b.yaml:20).');
    expect(told(files, 'a.yaml', 'Namespace')).toContain(
      '2 workloads, Istio sidecar: Deployment shop/cart (a.yaml:11, b.yaml:4).',
    );
  });

  it('are told apart by their places where they differ', () => {
    const differing = { ...files, 'b.yaml': joined(workload('cart', { ...shop, label: OUT }), service('cart', shop)) };
    expect(told(differing, 'a.yaml', 'Service')?.slice(1)).toEqual([
      'Selects the pods of Deployment shop/cart (a.yaml:11): Istio sidecar, mTLS PERMISSIVE at port 8080.',
      'Selects the pods of Deployment shop/cart (b.yaml:4): no mesh.',
      'Sidecars of clients send mTLS to Deployment shop/cart (a.yaml:11), plaintext to Deployment shop/cart (b.yaml:4) (auto mTLS).',
    ]);
  });

  it('are counted beyond the first few', () => {
    const many = Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map((name) => [`${name}.yaml`, workload('cart', shop)]));
    expect(told({ ...many, 'z.yaml': service('cart', shop) }, 'z.yaml', 'Service')?.[1]).toMatch(
      /^Selects the pods of Deployment shop\/cart \(a\.yaml:4, b\.yaml:4, c\.yaml:4 and 2 more\): /,
    );
  });
});

it('Services stand in the order of the file, and ports of one mode together', () => {
  const port = '    - port: 81\n      targetPort: 9090\n';
  const files = {
    'a.yaml': joined(
      injected,
      workload('cart', shop),
      `${service('one', shop)}${port}`,
      service('two', shop),
      service('three', shop),
    ),
  };
  expect(told(files, 'a.yaml', 'Deployment')?.at(-1)).toBe('Selected by Service shop/one, Service shop/two, Service shop/three.');
  expect(told(files, 'a.yaml', 'Service')?.[1]).toMatch(/: Istio sidecar, mTLS PERMISSIVE at ports 8080 and 9090\.$/);
});

describe('environments that make another kind of a workload', () => {
  const kind = (name: string): string =>
    `resources: [../base]\npatches:\n  - target: { kind: Deployment }\n    patch: |-\n      - op: replace\n        path: /kind\n        value: ${name}\n`;
  const files = {
    'base/kustomization.yaml': 'resources: [a.yaml]\n',
    'base/a.yaml': joined(namespace('shop'), workload('cart', shop), service('cart', shop)),
    'daemon/kustomization.yaml': kind('DaemonSet'),
    'plain/kustomization.yaml': 'resources: [../base]\n',
    'set/kustomization.yaml': kind('StatefulSet'),
  };

  it('are named with what they make; what is the same of all is said once', () => {
    const lines = told(files, 'base/a.yaml', 'Deployment');
    expect(lines?.[0]).toBe('DaemonSet shop/cart (daemon), Deployment shop/cart (plain), StatefulSet shop/cart (set)');
    expect(lines?.slice(3)).toEqual(['Selected by Service shop/cart.', 'Used in 3 environments: daemon, plain, set.']);
  });

  it('stand in their own order', () => {
    expect(told(files, 'base/a.yaml', 'Service')?.slice(1, 4)).toEqual([
      'daemon: Selects the pods of DaemonSet shop/cart: no mesh.',
      'plain: Selects the pods of Deployment shop/cart: no mesh.',
      'set: Selects the pods of StatefulSet shop/cart: no mesh.',
    ]);
  });

  it('have their names in the titles of what only they say', () => {
    const other = {
      ...files,
      'set/kustomization.yaml': `${kind('StatefulSet')}labels:\n  - pairs: { ${OUT} }\n    includeTemplates: true\n`,
    };
    const titles = told(other, 'base/a.yaml', 'Deployment')?.filter((line) => /^\w+ shop\/cart \(/.test(line));
    expect(titles).toEqual(['DaemonSet shop/cart (daemon), Deployment shop/cart (plain)', 'StatefulSet shop/cart (set)']);
  });
});

it('why an environment is known only in part is told by the first reasons', () => {
  const lost = ['a', 'b', 'c', 'd'].map((name) => `https://example.org/${name}?ref=v1`);
  const files = {
    'kustomization.yaml': `resources: [a.yaml, b.yaml, c, ${lost.join(', ')}]\nhelmCharts: []\n`,
    'a.yaml': joined(namespace('shop'), workload('cart', shop)),
  };
  const bases = lost.slice(0, 3).map((base) => `${base} in kustomization.yaml`);
  expect(told(files, 'a.yaml', 'Deployment')?.at(-1)).toBe(
    `Known only in part: fields that are not built: helmCharts in kustomization.yaml; resources that are not here: kustomization.yaml; and 1 more reason.`,
  );
  const { 'kustomization.yaml': text, ...others } = files;
  const remote = { ...others, 'kustomization.yaml': text.replace('b.yaml, c, ', '').replace('helmCharts: []\n', '') };
  expect(told(remote, 'a.yaml', 'Deployment')?.at(-1)).toBe(`Known only in part: remote bases: ${bases.join(', ')} and 1 more.`);
});

describe('Services that a controller makes', () => {
  // docs.flagger.app, "How it works": the Services app, app-canary and app-primary are made for the target of a Canary with a service.
  const canary = (target: string, more = '  service:\n    port: 80\n', where = 'shop'): string =>
    `apiVersion: flagger.app/v1beta1\nkind: Canary\nmetadata:\n  name: cart\n  namespace: ${where}\nspec:\n  targetRef: { apiVersion: apps/v1, kind: Deployment, name: ${target} }\n${more}`;
  const last = (text: string): string | undefined =>
    told({ 'a.yaml': joined(workload('cart', shop), text) }, 'a.yaml', 'Deployment')?.at(-1);
  const none = 'No Service here selects these pods.';

  it('Knative, for its own Service', () => {
    const text = workload('cart', shop).replace('apps/v1', 'serving.knative.dev/v1').replace('Deployment', 'Service');
    expect(told({ 'a.yaml': text }, 'a.yaml', 'Service')?.at(-1)).toBe('Knative makes a route to these pods by itself.');
  });

  it.each([
    ['of its target', canary('cart'), 'Flagger makes Services for these pods, by Canary shop/cart.'],
    ['of another target', canary('web'), none],
    ['without a service', canary('cart', ''), none],
    ['in another namespace', canary('cart', undefined, 'far'), none],
  ])('Flagger, by a Canary %s', (_, text, line) => {
    expect(last(text)).toBe(line);
  });
});
