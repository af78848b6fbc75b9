import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../cli/run';
import { WorkspaceLinter } from '../cli/workspace-linter';
import { askAboutResource, askExplanation } from '../engine/answers/explanation';
import type { Section } from '../engine/answers/explanation';
import { askLenses } from '../engine/answers/lenses';
import type { Location } from '../engine/findings/report';
import type { Lens } from '../engine/explain/lenses';
import { originOf } from '../engine/mesh/collisions';
import type { MeshView } from '../engine/mesh/view';
import { UNSET_NAMESPACE } from '../engine/resources/resource';
import type { Resource } from '../engine/resources/resource';
import { isWorkload } from '../engine/resources/workload';
import { Workspace } from '../engine/workspace';
import { locate } from '../engine/yaml/tree';
import { load } from '../host';
import { toPlainText } from '../server/markdown';
import { NOW, workspaceOf } from './support/lint';
import type { Files } from './support/lint';
import { joined, marked, namespace, peerAuthentication, service, STRICT, workload } from './support/mesh-samples';

/**
 * The command, the hover and the lenses answer from the same questions; this holds what a reader gets from one against the others, for every
 * resource of every environment.
 */

const examples = join(import.meta.dirname, '..', 'examples');
const shop = { in: 'shop' };
const injected = marked('shop', 'labels', 'istio-injection: enabled');
const ambient = marked('shop', 'labels', 'istio.io/dataplane-mode: ambient');
const meshed = marked('shop', 'annotations', 'linkerd.io/inject: enabled');
const strict = peerAuthentication('default', 'shop', STRICT);
const disabled = '  selector:\n    matchLabels: { app: cart }\n  portLevelMtls:\n    8080: { mode: DISABLE }\n';
const authorization =
  'apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  selector:\n    matchLabels: { app: cart }\n';
const pods = joined(workload('cart', shop), service('cart', shop));
const custom = pods.replace('apps/v1', 'games.example.com/v1').replace('Deployment', 'Fleet');

const REPOSITORIES: Readonly<Record<string, Files>> = {
  sidecars: { 'a.yaml': joined(injected, pods, strict, peerAuthentication('cart', 'shop', disabled), authorization) },
  'ambient mode': { 'a.yaml': joined(ambient, pods, strict) },
  Linkerd: { 'a.yaml': joined(meshed, pods) },
  'no mesh': { 'a.yaml': joined(namespace('shop'), pods) },
  'both meshes': {
    'a.yaml': joined(injected, pods.replace('      labels:', '      annotations: { linkerd.io/inject: enabled }\n      labels:')),
  },
  'a Namespace that no file defines': { 'a.yaml': joined(pods, strict) },
  'two policies that leave it open': {
    'a.yaml': joined(injected, pods, strict, peerAuthentication('b', 'shop', '  mtls: { mode: DISABLE }\n')),
  },
  'a custom resource': { 'a.yaml': joined(injected, custom, strict) },
  'overlays that differ': {
    'base/kustomization.yaml': 'resources: [cart.yaml]\n',
    'base/cart.yaml': pods,
    'dev/kustomization.yaml': 'resources: [../base, namespace.yaml]\n',
    'dev/namespace.yaml': namespace('shop'),
    'prod/kustomization.yaml': 'resources: [../base, namespace.yaml]\n',
    'prod/namespace.yaml': joined(injected, strict),
  },
};

const loaded = (name: string): Workspace => {
  const workspace = new Workspace({ rules: [], now: NOW });
  expect(load(join(examples, name), workspace).problems).toEqual([]);
  return workspace;
};
const ALL: readonly (readonly [string, () => Workspace])[] = [
  ...Object.entries(REPOSITORIES).map(([name, files]) => [name, () => workspaceOf(files, [])] as const),
  ...readdirSync(examples).map((name) => [`examples/${name}`, () => loaded(name)] as const),
];

/** What sections say of one environment, line by line. */
function linesFor(environment: string, sections: readonly Section<Location>[]): string[] {
  const own = sections.flatMap(({ statements }) =>
    statements.filter(({ environments }) => environments.length === 0 || environments.includes(environment)),
  );
  return own.map(({ parts }) => parts.map((part) => (typeof part === 'string' ? part : part.text)).join(''));
}

const placesIn = (sections: readonly Section<Location>[]): string[] =>
  sections.flatMap(({ statements }) =>
    statements.flatMap(({ parts }) => parts.flatMap((part) => (typeof part === 'string' ? [] : [JSON.stringify(part.place)]))),
  );

/** What a hover adds on the file that it is on. */
const OF_FILE = /^(?:Used in |No environment here uses |(?:.*: )?Known only in part: )/;

interface Told {
  readonly resource: Resource;
  readonly view: MeshView;
  readonly environment: string;
  readonly hover: readonly Section<Location>[];
  readonly command: readonly Section<Location>[];
}

/** Everything that the command tells of, by its name, beside the hover on that name. */
function everything(workspace: Workspace): Told[] {
  return workspace.views().flatMap((view) =>
    view.environment().resources.flatMap((resource): Told[] => {
      const { name, header, titlePlace } = resource;
      if (name === undefined || titlePlace === undefined) return [];
      const wanted = {
        kind: header.kind,
        namespace: resource.isClusterScoped ? undefined : (resource.namespace ?? UNSET_NAMESPACE),
        name,
      };
      const { name: plan, root } = view.environment().plan;
      const command = askAboutResource(workspace, wanted, plan);
      const { file, start } = locate({ node: titlePlace });
      const hover = askExplanation(workspace, file, start)?.sections ?? [];
      const environment = plan === '.' && root === '' ? 'root folder' : plan;
      return command === undefined || command.length === 0 ? [] : [{ resource, view, environment, hover, command }];
    }),
  );
}

/** Membership in the few words of a lens, as the lines of an explanation have it. */
function membershipIn(lines: readonly string[]): string {
  const starts = (words: string): boolean => lines.some((line) => line.startsWith(`${words}: `));
  const names = [
    ...(starts('Istio sidecar') ? ['Istio sidecar'] : []),
    ...(starts('Istio ambient mode') ? ['Istio ambient'] : []),
    ...(starts('Linkerd proxy') ? ['Linkerd'] : []),
    ...(starts('Cilium ztunnel') ? ['Cilium ztunnel'] : []),
  ];
  if (names.length > 0) return names.join(' and ');
  return lines.some((line) => /^(?:Mesh|Istio sidecar|Istio ambient mode|Linkerd proxy|Cilium ztunnel) unknown: /.test(line))
    ? 'mesh unknown'
    : 'no mesh';
}

/** How the explanation begins to tell what a lens says of mutual TLS. */
function beginningOf(lens: string): string {
  if (lens === 'mTLS by Linkerd') return "mTLS between pods that have Linkerd's proxy";
  if (lens === 'mTLS unknown') return 'mTLS mode unknown: ';
  return lens === 'no mTLS' ? 'No mTLS' : lens;
}

describe.each(ALL)('%s', (_, open) => {
  const workspace = open();
  const told = everything(workspace);

  it('has something to tell', () => {
    expect(told.some(({ resource }) => isWorkload(resource))).toBe(true);
  });

  it('the hover says what the command says, and adds only which environments use the file', () => {
    for (const { resource, environment, hover, command } of told) {
      const [shown, printed] = [linesFor(environment, hover), linesFor(environment, command)];
      expect(
        shown.filter((line) => !OF_FILE.test(line)),
        resource.title,
      ).toEqual(printed);
      expect(placesIn(hover)).toEqual(expect.arrayContaining(placesIn(command)));
    }
  });

  it('the lenses say in few words what the command says, and lead to a place that it names', () => {
    for (const one of told) {
      const { resource, environment, command } = one;
      const lines = linesFor(environment, command);
      const lenses = lensesOver(resource, workspace);
      const saying = (about: string): string | undefined => {
        const lens = lenses.find((other) => other.about === about);
        return lens && inEnvironment(lens.title, environment);
      };
      const [membership, mtls] = [saying('membership'), saying('mtls')];
      if (isWorkload(resource)) {
        expect(membership?.split(', ')[0], resource.title).toBe(membershipIn(lines));
        // Outside of Istio's mesh there is a lens only where other environments have a mode.
        if (mtls !== undefined)
          expect(
            lines.filter((line) => line.startsWith(beginningOf(mtls))),
            resource.title,
          ).toHaveLength(1);
        else expect(lines.some((line) => /^Istio (?:sidecar|ambient mode): /.test(line))).toBe(false);
      } else if (resource.kind === 'Service' && membership !== undefined && membership !== 'no workload') {
        expect(lines.join('\n')).toContain(`: ${membership.split(', ')[0] ?? ''}`);
        for (const mode of mtls?.replace(/^mTLS /, '').split(', ') ?? [])
          if (mode === mode.toUpperCase()) expect(lines.join('\n')).toContain(`mTLS ${mode}`);
      }
      const same = told.filter(({ resource: { source } }) => source === resource.source);
      const evidence = same.flatMap(({ command: sections }) => placesIn(sections));
      // What a Service's lens leads to, the explanation of its workloads names.
      const theirs = resource.kind === 'Service' ? told.flatMap(({ command: sections }) => placesIn(sections)) : [];
      for (const { about, shows, place } of lenses)
        if (about !== 'environments')
          expect([JSON.stringify(place), ...evidence, ...theirs], resource.title).toContain(JSON.stringify(shows));
    }
  });
});

/** What a lens says of one environment: all of it, where environments agree. */
function inEnvironment(title: string, environment: string): string {
  const parted = [...title.matchAll(/(?:^|, )([^()]+) \(([^()]+)\)/g)];
  const own = parted.find(([, , names = '']) => names.split(', ').includes(environment));
  return parted.length === 0 ? title : (own?.[1] ?? '');
}

/** The lenses that stand on the `kind:` of a resource as it is written. */
function lensesOver({ root, file }: Resource, workspace: Workspace): readonly Lens<Location>[] {
  const written = root === undefined ? undefined : originOf(root);
  const kind = written?.type === 'map' ? written.get('kind') : undefined;
  const at = kind === undefined ? undefined : JSON.stringify(workspace.location({ node: kind }));
  return askLenses(workspace, file).filter(({ place }) => JSON.stringify(place) === at);
}

it('the command prints the lines that the hover has', () => {
  let out = '';
  const io = { stdout: (text: string) => (out += text), stderr: (text: string) => (out += text) };
  const process = { cwd: join(examples, 'bookshop'), env: {}, isTTY: false, columns: undefined, now: () => NOW.getTime() };
  const argv = ['explain', 'Deployment/bookshop/payment', '--environment', 'prod', '.'];
  expect(run(argv, { ...io, ...process }, ({ now }) => new WorkspaceLinter({ rules: [], now }))).toBe(0);
  const [one] = everything(loaded('bookshop')).filter(
    ({ resource, environment }) => environment === 'prod' && resource.title === 'Deployment bookshop/payment',
  );
  const printed = out.split('\n').flatMap((line) => /^ {2}- (.*)$/.exec(line)?.[1] ?? []);
  expect(printed).toEqual(
    toPlainText(one?.command ?? [])
      .split('\n')
      .flatMap((line) => /^- (.*)$/.exec(line)?.[1] ?? []),
  );
  expect(printed.join('\n')).toMatch(/^Istio ambient mode: .*\nLinkerd proxy: |^Istio sidecar: .*\nLinkerd proxy: /);
});
