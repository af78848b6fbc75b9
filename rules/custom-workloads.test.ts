import { describe, expect, it, test } from 'vitest';
import type { LocatedFinding } from '../engine/findings/collect';
import { startOf, workspaceOf } from '../test/support/lint';
import type { Files } from '../test/support/lint';
import { joined, marked, namespace, peerAuthentication, STRICT, workload } from '../test/support/mesh-samples';
import { rules } from '.';

const said = ({ rule, reported: { severity, message } }: LocatedFinding): string => `${severity} ${rule.id}: ${message}`;

/** A custom resource that says what a Deployment does, of the same length. */
const custom = (deployment: string): string => deployment.replace('apps/v1', 'a.io/v1').replace('Deployment', 'GameServer');

function found(files: Files, ...ids: string[]): string[] {
  const workspace = workspaceOf(files);
  const all = workspace.findings().filter(({ rule }) => ids.length === 0 || ids.includes(rule.id));
  expect(workspace.faults()).toEqual([]);
  return all.map(said);
}

const ASSUMED = 'the controller of kind GameServer makes its pods from spec.template';
const both = joined(
  namespace('shop', '  labels:\n    istio-injection: enabled\n  annotations:\n    linkerd.io/inject: enabled\n'),
);
const cart = workload('cart', { in: 'shop' });

test.each(
  rules.flatMap(({ id, examples }) =>
    [...examples.bad, ...examples.good].flatMap(({ title, files }): [string, Files][] =>
      Object.values(files).some((text) => /apps\/v1|batch\/v1/.test(text)) ? [[`${id}: ${title}`, files]] : [],
    ),
  ),
)('no example has a new error or warning with custom workloads: %s', (_, files) => {
  const variant = (containers: string): LocatedFinding[] => {
    const changed = Object.entries(files).map(([path, text]) => [
      path,
      text.replaceAll('apps/v1', 'a.io/v1').replaceAll('batch/v1', 'ab.io/v1').replaceAll('containers:', containers),
    ]);
    return [...workspaceOf(Object.fromEntries(changed) as Files).findings()];
  };
  const place = (finding: LocatedFinding): string => `${finding.rule.id} ${startOf(finding)}`;
  // Without containers the same resources are no workloads.
  const before = new Set(variant('containerz:').map(place));
  const added = variant('containers:').filter((finding) => !before.has(place(finding)));
  expect(added.map(said).filter((one) => /^(?:error|warning) /.test(one))).toEqual([]);
});

describe('two meshes for the pods of a custom resource', () => {
  const ids = ['coexistence/double-injection'];

  it('are an info, which names what it assumes', () => {
    const asking = workload('cart', { in: 'shop', annotation: 'linkerd.io/inject: enabled' });
    const files = (text: string): Files => ({ 'a.yaml': joined(marked('shop', 'labels', 'istio-injection: enabled'), text) });
    const all = found(files(custom(asking)), ...ids);
    expect(all).toHaveLength(2);
    for (const one of all) expect(one).toMatch(/^info .*The pods of GameServer shop\/cart get two meshes/);
    for (const one of all) expect(one.split(ASSUMED)).toHaveLength(2);
    expect(found(files(asking), ...ids).map((one) => one.split(' ')[0])).toEqual(['error', 'error']);
  });

  it('are an error of the Namespace where they are for the pods of another as well', () => {
    const alone = found({ 'a.yaml': joined(both, custom(cart)) }, ...ids);
    expect(alone.map((one) => one.split(' ')[0])).toEqual(['info', 'info']);
    const together = found({ 'a.yaml': joined(both, custom(cart), workload('mail', { in: 'shop' })) }, ...ids);
    expect(together.map((one) => one.split(' ')[0])).toEqual(['error', 'error']);
    for (const one of together) expect(one).toContain(`assuming that ${ASSUMED}`);
  });
});

it('an annotation that is wrong on any pods is an info on those', () => {
  const wrong = workload('cart', { in: 'shop', annotation: 'sidecar.istio.io/statsInclusionPrefixes: a' });
  const bad = wrong.replace('sidecar.istio.io/statsInclusionPrefixes: a', 'status.sidecar.istio.io/port: "x"');
  const files = (text: string): Files => ({ 'a.yaml': joined(marked('shop', 'labels', 'istio-injection: enabled'), text) });
  const [known, ...others] = found(files(bad), 'istio/invalid-annotation-value');
  const [guessed, ...more] = found(files(custom(bad)), 'istio/invalid-annotation-value');
  expect([others, more]).toEqual([[], []]);
  expect(known).toMatch(/^error /);
  expect(guessed).toMatch(/^info /);
  expect(guessed).toContain(` This assumes that ${ASSUMED}.`);
});

it('a client outside the mesh is an info where it is the only one', () => {
  const server = joined(
    marked('shop', 'labels', 'istio-injection: enabled'),
    cart,
    peerAuthentication('default', 'shop', STRICT),
  );
  const client = joined(namespace('legacy'), workload('old', { in: 'legacy' }));
  const ids = 'istio/strict-mtls-before-meshed';
  const [shown] = found({ 'a.yaml': joined(server, client) }, ids);
  expect(shown).toMatch(/^warning /);
  const [guessed] = found({ 'a.yaml': joined(server, custom(client)) }, ids);
  expect(guessed).toMatch(/^info .*GameServer legacy\/old/);
  expect(guessed).toContain(`and that ${ASSUMED}.`);
});

it('a custom resource comes and goes with its pod template', () => {
  const whole = custom(workload('cart', { in: 'shop' }));
  const bare = whole.slice(0, whole.indexOf('spec:'));
  const workspace = workspaceOf({ 'n.yaml': both, 'a.yaml': bare });
  const count = (): number => workspace.findings().filter(({ rule }) => rule.id === 'coexistence/double-injection').length;
  expect(count()).toBe(0);
  for (const [text, expected] of [
    [whole, 2],
    [`${bare}spec:\n  template:\n    spec:\n      containers: []\n`, 0],
    [whole, 2],
    [`# moved\n${whole}`, 2],
    [bare, 0],
  ] as const) {
    workspace.set('a.yaml', text);
    expect(count()).toBe(expected);
    expect(workspace.findings().map(said)).toEqual(workspaceOf({ 'n.yaml': both, 'a.yaml': text }).findings().map(said));
  }
});
