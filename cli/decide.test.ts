import { describe, expect, test } from 'vitest';
import type { Decision } from '../engine/answers/decisions';
import type { Location } from '../engine/findings/report';
import { TestFolder } from '../test/support/command';
import type { Ran } from '../test/support/command';
import { FakeLinter } from './fake';
import type { CreateLinter } from './lint';

const folder = new TestFolder('decide');
const write = folder.write.bind(folder);

const fake: CreateLinter = () => new FakeLinter();

const command = (argv: readonly string[]): Ran => folder.run(['decide', ...argv], fake);

interface Printed {
  readonly version: number;
  readonly decision: Decision<Location> | null;
  readonly decisions: readonly Decision<Location>[];
}

const json = (...argv: string[]): Printed => JSON.parse(command(['--format', 'json', ...argv]).out) as Printed;
const WORKLOAD = 'apiVersion: v1\nkind: Pod\n';

describe('decide', () => {
  test('prints for people, in Markdown and in JSON', () => {
    write({ 'a.yaml': WORKLOAD });
    expect(command([])).toMatchObject({ code: 0, err: '', out: expect.stringContaining('No mesh: 3 services') as string });
    expect(command(['--format', 'markdown']).out).toMatch(/^# Decision: a service mesh for `prod`\?\n/);
    expect(json()).toMatchObject({ version: 1, decision: { environment: 'prod' }, decisions: [{ environment: 'dev' }] });
  });

  test('gives paths from the root, and for people from where they are', () => {
    write({ 'x/a.yaml': WORKLOAD });
    expect(json('x').decision?.reasons[0]?.evidence[0]?.file).toBe('a.yaml');
    expect(command(['--format=markdown', 'x']).out).toContain('](a.yaml#L1)');
    expect(command(['x']).out).toContain('(x/a.yaml:1)');
  });

  test('takes several roots, each with its own', () => {
    write({ 'x/a.yaml': WORKLOAD, 'y/b.yaml': WORKLOAD });
    const { decision, decisions } = json('x', 'y');
    const leading = [decision, ...decisions].filter((one) => one?.environment === 'prod');
    expect(leading.map((one) => one?.reasons[0]?.evidence[0]?.file)).toEqual(['x/a.yaml', 'y/b.yaml']);
    expect(command(['--format=markdown', 'x', 'y']).out.match(/^# Decision/gm)).toHaveLength(2);
  });

  test('says so where there is nothing to decide', () => {
    write({ 'a.txt': '' });
    expect(json()).toEqual({ version: 1, decision: null, decisions: [] });
    expect(command([])).toMatchObject({ code: 0, out: 'nothing to decide: no file here holds a Kubernetes resource\n' });
  });

  test('ends with 2 for a missing path, a broken configuration and a format that is none', () => {
    write({ 'a.yaml': WORKLOAD, 'bad.yaml': 'rules: # !error manifest/configuration No.\n' });
    expect(command(['missing'])).toMatchObject({ code: 2, err: 'mesh-lint: missing: no such file or folder\n' });
    expect(command(['--config', 'bad.yaml']).code).toBe(2);
    expect(command(['--format', 'xml'])).toEqual({
      code: 2,
      out: '',
      err: "mesh-lint: --format takes pretty, markdown or json, not 'xml'; mesh-lint --help lists the options\n",
    });
  });

  test('is a word in the first place alone: ./decide is a folder, and lint knows no Markdown', () => {
    write({ 'decide/a.yaml': 'kind: A # !error istio/a An error.\n' });
    expect(folder.run(['./decide'], fake)).toMatchObject({ code: 1, out: expect.stringContaining('error[istio/a]') as string });
    expect(folder.run(['--format', 'markdown', '.'], fake).code).toBe(2);
  });
});

describe('with the engine', () => {
  const real = (format: string): Ran => folder.run(['decide', `--format=${format}`]);
  const app = (name: string): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  replicas: 2\n  template:\n    metadata: {labels: {app: ${name}}}\n    spec: {containers: [{name: app, image: example/app}]}\n---\napiVersion: v1\nkind: Service\nmetadata: {name: ${name}, namespace: shop}\nspec: {selector: {app: ${name}}}\n`;
  const shop = (services: number): Record<string, string> =>
    Object.fromEntries(Array.from({ length: services }, (_, i) => [`apps/s${i}.yaml`, app(`s${i}`)]));

  test.each([
    [9, '', 'none'],
    [30, '', 'linkerd'],
    [
      30,
      'team: {engineers: 40, platformTeam: true, envoyExpertise: false, mtlsMandated: false, multicluster: false, servicesInAYear: 30, libraryResilience: false, startingFresh: true}\n',
      'linkerd',
    ],
    [30, 'decision: {thresholds: {mediumServices: 31}}\n', 'none'],
  ])('%d services with %j', (services, configuration, choice) => {
    write({ ...shop(services), ...(configuration === '' ? {} : { '.mesh-lint.yaml': configuration }) });
    const printed = JSON.parse(real('json').out) as Printed;
    expect(printed.decision).toMatchObject({ choice, facts: { services, pods: services * 2 } });
    expect(printed.decision?.guides.map(({ id }) => id)).toEqual(['A', 'B', 'C', 'D', 'E']);
  });

  test('every claim of places leads to a line that is there, and the same input gives the same bytes', () => {
    write(shop(12));
    const [one, two] = [real('markdown'), real('markdown')];
    expect(two.out).toBe(one.out);
    const links = [...one.out.matchAll(/\]\(([^)#]+)#L(\d+)\)/g)];
    expect(links.length).toBeGreaterThan(10);
    const files = shop(12);
    for (const [, file = '', line = ''] of links) {
      const lines = (files[decodeURIComponent(file)] ?? '').split('\n');
      expect(lines.length, file).toBeGreaterThan(Number(line) - 1);
    }
  });
});
