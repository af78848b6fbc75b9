import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absent, known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { modeAtPort, resolvePeerAuthentication } from './peer-authentication';
import type { EffectiveMode, PeerAuthenticationInput, PeerAuthenticationPolicy } from './peer-authentication';

type Policy = PeerAuthenticationPolicy<string>;
type Change = Partial<Omit<Policy, 'policy' | 'mode'>>;

function policyOf(policy: string, namespace: string, mode: string | undefined, change: Change = {}): Policy {
  return {
    policy,
    namespace: known(namespace),
    hasSelector: absent,
    matchesPod: absent,
    mode: mode === undefined ? absent : known(mode),
    portLevel: absent,
    ...change,
  };
}

const selecting: Change = { hasSelector: known(true), matchesPod: known(true) };
const mesh = (mode?: string, change?: Change): Policy => policyOf('mesh', 'istio-system', mode, change);
const namespace = (mode?: string, change?: Change): Policy => policyOf('namespace', 'shop', mode, change);
const workload = (mode?: string, change?: Change): Policy => policyOf('workload', 'shop', mode, { ...selecting, ...change });
const ports = (modes: Readonly<Record<number, string>>): Change => ({
  portLevel: known(new Map(Object.entries(modes).map(([port, mode]) => [Number(port), known(mode)] as const))),
});

type Input = PeerAuthenticationInput<string>;
const resolve = (
  policies: readonly Policy[],
  change: Partial<Input> = {},
): ReturnType<typeof resolvePeerAuthentication<string>> =>
  resolvePeerAuthentication({ policies, podNamespace: known('shop'), rootNamespace: known('istio-system'), ...change });

const text = ({ mode, setBy }: EffectiveMode<string>): string =>
  [mode, ...setBy.map(({ policy, level }) => (level === policy ? policy : `${policy}@${level}`))].join(' ');
const workloadOf = (policies: readonly Policy[], change?: Partial<Input>): string => text(resolve(policies, change).workload);

describe('one policy on each level', () => {
  // Mesh, namespace, workload: '-' is no policy, '.' is one without a mode. Each level that sets a mode overrides the ones before.
  const rows: readonly string[] = [
    '-          -          -          = PERMISSIVE',
    'STRICT     -          -          = STRICT mesh',
    'PERMISSIVE -          -          = PERMISSIVE mesh',
    'DISABLE    -          -          = DISABLE mesh',
    'UNSET      -          -          = PERMISSIVE',
    '.          -          -          = PERMISSIVE',
    '-          STRICT     -          = STRICT namespace',
    '-          PERMISSIVE -          = PERMISSIVE namespace',
    '-          DISABLE    -          = DISABLE namespace',
    '-          UNSET      -          = PERMISSIVE',
    '-          .          -          = PERMISSIVE',
    '-          -          STRICT     = STRICT workload',
    '-          -          PERMISSIVE = PERMISSIVE workload',
    '-          -          DISABLE    = DISABLE workload',
    '-          -          UNSET      = PERMISSIVE',
    '-          -          .          = PERMISSIVE',
    'STRICT     STRICT     -          = STRICT namespace',
    'STRICT     PERMISSIVE -          = PERMISSIVE namespace',
    'STRICT     DISABLE    -          = DISABLE namespace',
    'STRICT     UNSET      -          = STRICT mesh',
    'STRICT     .          -          = STRICT mesh',
    'PERMISSIVE STRICT     -          = STRICT namespace',
    'PERMISSIVE DISABLE    -          = DISABLE namespace',
    'PERMISSIVE UNSET      -          = PERMISSIVE mesh',
    'DISABLE    STRICT     -          = STRICT namespace',
    'DISABLE    PERMISSIVE -          = PERMISSIVE namespace',
    'DISABLE    UNSET      -          = DISABLE mesh',
    'UNSET      STRICT     -          = STRICT namespace',
    'UNSET      UNSET      -          = PERMISSIVE',
    'STRICT     -          PERMISSIVE = PERMISSIVE workload',
    'STRICT     -          DISABLE    = DISABLE workload',
    'STRICT     -          UNSET      = STRICT mesh',
    'DISABLE    -          .          = DISABLE mesh',
    '-          STRICT     DISABLE    = DISABLE workload',
    '-          DISABLE    STRICT     = STRICT workload',
    '-          STRICT     UNSET      = STRICT namespace',
    '-          PERMISSIVE UNSET      = PERMISSIVE namespace',
    'STRICT     PERMISSIVE DISABLE    = DISABLE workload',
    'DISABLE    STRICT     PERMISSIVE = PERMISSIVE workload',
    'PERMISSIVE DISABLE    STRICT     = STRICT workload',
    'STRICT     DISABLE    UNSET      = DISABLE namespace',
    'STRICT     UNSET      DISABLE    = DISABLE workload',
    'STRICT     UNSET      UNSET      = STRICT mesh',
    'UNSET      DISABLE    .          = DISABLE namespace',
    'UNSET      UNSET      STRICT     = STRICT workload',
    'UNSET      UNSET      UNSET      = PERMISSIVE',
  ];
  it.each(rows)('%s', (row) => {
    const [levels = '', expected] = row.split('= ');
    const policies = levels
      .trim()
      .split(/ +/)
      .flatMap((mode, index) => (mode === '-' ? [] : [[mesh, namespace, workload][index]!(mode === '.' ? undefined : mode)]));
    expect(workloadOf(policies)).toBe(expected);
    expect(workloadOf(policies.toReversed())).toBe(expected);
  });
});

describe('levels', () => {
  const cases: readonly (readonly [string, readonly Policy[], Partial<Input>, string])[] = [
    ['a selector in the root namespace is void', [mesh('STRICT', selecting)], {}, 'PERMISSIVE'],
    ['even for a pod there', [mesh('STRICT', selecting)], { podNamespace: known('istio-system') }, 'PERMISSIVE'],
    ['a pod of the root namespace has the mesh policy', [mesh('STRICT')], { podNamespace: known('istio-system') }, 'STRICT mesh'],
    ['a selector without labels is none', [mesh('STRICT', { hasSelector: known(false) })], {}, 'STRICT mesh'],
    [
      'another root namespace',
      [mesh('STRICT'), policyOf('a', 'config', 'DISABLE')],
      { rootNamespace: known('config') },
      'DISABLE a@mesh',
    ],
    [
      'the default root namespace',
      [mesh('STRICT'), policyOf('a', 'config', 'DISABLE')],
      { rootNamespace: absent },
      'STRICT mesh',
    ],
    ['the pod in the root namespace', [namespace('STRICT')], { rootNamespace: known('shop') }, 'STRICT namespace@mesh'],
    ["another namespace's policy", [policyOf('a', 'bank', 'STRICT')], {}, 'PERMISSIVE'],
    ["another namespace's selector", [policyOf('a', 'bank', 'STRICT', selecting)], {}, 'PERMISSIVE'],
    ['a selector that does not match', [workload('STRICT', { matchesPod: known(false) })], {}, 'PERMISSIVE'],
    ['a selector whose match nobody stated', [workload('STRICT', { matchesPod: absent })], {}, 'PERMISSIVE'],
    ['a match without a selector', [namespace('STRICT', { matchesPod: known(false) })], {}, 'STRICT namespace'],
  ];
  it.each(cases)('%s', (_, policies, change, expected) => {
    expect(workloadOf(policies, change)).toBe(expected);
  });
});

describe('several on one level', () => {
  const other = (mode?: string, change?: Change): Policy => policyOf('other', 'shop', mode, change);
  const cases: readonly (readonly [string, readonly Policy[], string])[] = [
    ['two mesh policies', [mesh('STRICT'), policyOf('mesh2', 'istio-system', 'DISABLE')], 'unknown mesh mesh2@mesh'],
    ['two that agree', [mesh('STRICT'), policyOf('mesh2', 'istio-system', 'STRICT')], 'STRICT mesh mesh2@mesh'],
    ['two for the namespace', [namespace('STRICT'), other('PERMISSIVE')], 'unknown namespace other@namespace'],
    ['two for the namespace that agree', [namespace('DISABLE'), other('DISABLE')], 'DISABLE namespace other@namespace'],
    ['one without a mode', [namespace('STRICT'), other()], 'unknown namespace'],
    ['one without a mode, as it inherits', [mesh('STRICT'), namespace('STRICT'), other()], 'STRICT namespace mesh'],
    ['two for the workload', [workload('STRICT'), other('DISABLE', selecting)], 'unknown workload other@workload'],
    [
      'two for the workload, one of no match',
      [workload('STRICT'), other('DISABLE', { ...selecting, matchesPod: known(false) })],
      'STRICT workload',
    ],
    ['overridden', [namespace('STRICT'), other('DISABLE'), workload('PERMISSIVE')], 'PERMISSIVE workload'],
    ['inherited', [namespace('STRICT'), other('DISABLE'), workload()], 'unknown namespace other@namespace'],
    [
      'three',
      [namespace('STRICT'), other('STRICT'), policyOf('third', 'shop', 'STRICT')],
      'STRICT namespace other@namespace third@namespace',
    ],
    ['of two namespaces', [namespace('STRICT'), policyOf('a', 'bank', 'DISABLE')], 'STRICT namespace'],
  ];
  it.each(cases)('%s', (_, policies, expected) => {
    expect(workloadOf(policies)).toBe(expected);
  });
});

describe('ports', () => {
  const at = (policies: readonly Policy[], port: number): string => text(modeAtPort(resolve(policies), port));

  it.each([
    ['a mode of its own', workload('STRICT', ports({ 8080: 'DISABLE' })), 'DISABLE workload@port', 'STRICT workload'],
    ['PERMISSIVE', workload('STRICT', ports({ 8080: 'PERMISSIVE' })), 'PERMISSIVE workload@port', 'STRICT workload'],
    ['STRICT', workload('DISABLE', ports({ 8080: 'STRICT' })), 'STRICT workload@port', 'DISABLE workload'],
    ['UNSET inherits', workload('DISABLE', ports({ 8080: 'UNSET' })), 'DISABLE workload', 'DISABLE workload'],
    ['UNSET inherits further', workload('UNSET', ports({ 8080: 'UNSET' })), 'STRICT mesh', 'STRICT mesh'],
    ['without a workload mode', workload(undefined, ports({ 8080: 'DISABLE' })), 'DISABLE workload@port', 'STRICT mesh'],
    ['none', workload('DISABLE', ports({})), 'DISABLE workload', 'DISABLE workload'],
  ])('%s', (_, policy, named, other) => {
    expect(at([mesh('STRICT'), policy], 8080)).toBe(named);
    expect(at([mesh('STRICT'), policy], 9090)).toBe(other);
    expect(workloadOf([mesh('STRICT'), policy])).toBe(other);
  });

  it('lists the ports that are named, in order', () => {
    const { ports: listed } = resolve([workload('STRICT', ports({ 9090: 'DISABLE', 80: 'UNSET' }))]);
    expect([...listed].map(([port, mode]) => `${port} ${text(mode)}`)).toEqual([
      '80 STRICT workload',
      '9090 DISABLE workload@port',
    ]);
  });

  it('reads them at workload level alone', () => {
    const strict = ports({ 8080: 'STRICT' });
    for (const policy of [mesh('DISABLE', strict), namespace('DISABLE', strict)]) {
      expect(resolve([policy]).ports.size).toBe(0);
      expect(at([policy], 8080)).toBe(`DISABLE ${policy.policy}`);
    }
    expect(at([mesh('DISABLE', { ...selecting, ...strict })], 8080)).toBe('PERMISSIVE');
    expect(at([workload('DISABLE', { ...strict, matchesPod: known(false) })], 8080)).toBe('PERMISSIVE');
  });

  it('does not merge those of two policies', () => {
    const first = workload('STRICT', ports({ 8080: 'DISABLE' }));
    const second = policyOf('second', 'shop', 'STRICT', { ...selecting, ...ports({ 9090: 'DISABLE' }) });
    expect(workloadOf([first, second])).toBe('STRICT workload second@workload');
    expect(at([first, second], 8080)).toBe('unknown workload@port second@workload');
    expect(at([first, second], 9090)).toBe('unknown workload second@port');
    expect(at([first, second], 7070)).toBe('STRICT workload second@workload');
  });

  it('knows where two policies agree', () => {
    const first = workload('STRICT', ports({ 8080: 'DISABLE' }));
    const second = policyOf('second', 'shop', 'PERMISSIVE', { ...selecting, ...ports({ 8080: 'DISABLE' }) });
    expect(workloadOf([first, second])).toBe('unknown workload second@workload');
    expect(at([first, second], 8080)).toBe('DISABLE workload@port second@port');
  });

  it('says where it cannot know', () => {
    const portLevel = known(new Map([[8080, unknown]]));
    expect(at([workload('STRICT', { portLevel })], 8080)).toBe('unknown workload workload@port');
    expect(at([workload('STRICT', { portLevel })], 9090)).toBe('STRICT workload');
    expect(at([workload('STRICT', { portLevel: unknown })], 9090)).toBe('unknown workload workload@port');
    expect(workloadOf([workload('STRICT', { portLevel: unknown })])).toBe('STRICT workload');
    expect(text(resolve([workload('STRICT', { portLevel: unknown })]).otherPorts)).toBe('unknown workload workload@port');
    expect(at([workload('STRICT', { ...ports({ 8080: 'DISABLE' }), matchesPod: unknown })], 8080)).toBe('unknown workload@port');
  });
});

describe('unknown inputs', () => {
  const unset = (mode: string, change?: Change): Policy => policyOf('unset', '', mode, { namespace: absent, ...change });
  const lost = (mode: string, change?: Change): Policy => policyOf('lost', '', mode, { namespace: unknown, ...change });
  const noMode = (policy: Policy): Policy => ({ ...policy, mode: unknown });
  const cases: readonly (readonly [string, readonly Policy[], Partial<Input>, string])[] = [
    ['a mode', [noMode(namespace())], {}, 'unknown namespace'],
    ['a mode that the API does not have', [namespace('strict')], {}, 'unknown namespace'],
    ['a mode that is overridden', [noMode(mesh()), namespace('STRICT')], {}, 'STRICT namespace'],
    ['a match', [workload('STRICT', { matchesPod: unknown })], {}, 'unknown workload'],
    ['a match that changes nothing', [mesh('STRICT'), workload('STRICT', { matchesPod: unknown })], {}, 'STRICT mesh workload'],
    ['a selector', [namespace('STRICT', { hasSelector: unknown })], {}, 'unknown namespace'],
    ['a selector of another namespace', [policyOf('a', 'bank', 'STRICT', { hasSelector: unknown })], {}, 'PERMISSIVE'],
    ['a policy namespace', [lost('STRICT')], {}, 'unknown lost@mesh lost@namespace'],
    ['a policy namespace, overridden', [lost('STRICT'), workload('DISABLE')], {}, 'DISABLE workload'],
    ['the pod namespace', [namespace('STRICT')], { podNamespace: unknown }, 'unknown namespace'],
    ['the pod namespace, mesh policy', [mesh('STRICT')], { podNamespace: unknown }, 'STRICT mesh'],
    ['the root namespace', [mesh('STRICT')], { rootNamespace: unknown }, 'unknown mesh'],
    [
      'the root namespace, namespace policy',
      [namespace('STRICT')],
      { rootNamespace: unknown },
      'STRICT namespace namespace@mesh',
    ],
    ['the root namespace, workload policy', [workload('STRICT')], { rootNamespace: unknown }, 'unknown workload'],
    ['unset alike', [unset('STRICT')], { podNamespace: absent }, 'STRICT unset@namespace unset@mesh'],
    ['unset alike, with a selector', [unset('STRICT', selecting)], { podNamespace: absent }, 'unknown unset@workload'],
    ['unset and default', [unset('STRICT')], { podNamespace: known('default') }, 'STRICT unset@namespace unset@mesh'],
    ['default and unset', [policyOf('a', 'default', 'STRICT')], { podNamespace: absent }, 'STRICT a@namespace'],
    ['unset and another', [unset('STRICT')], {}, 'unknown unset@namespace unset@mesh'],
    ['another and unset', [namespace('STRICT')], { podNamespace: absent }, 'unknown namespace'],
    ['mesh policy, unset pod', [mesh('STRICT')], { podNamespace: absent }, 'STRICT mesh'],
  ];
  it.each(cases)('%s', (_, policies, change, expected) => {
    expect(workloadOf(policies, change)).toBe(expected);
  });
});

describe('basis', () => {
  const basisOf = (policies: readonly Policy[], rootNamespace: Tristate<string>): string =>
    resolve(policies, { rootNamespace }).workload.basis;
  it.each([
    ['nobody set a mode', [], known('istio-system'), 'assumed'],
    ['the mesh policy of a known root', [mesh('STRICT')], known('istio-system'), 'shown'],
    ['the mesh policy of the default root', [mesh('STRICT')], absent, 'assumed'],
    ['a namespace policy', [mesh('STRICT'), namespace('STRICT')], absent, 'shown'],
    ['a workload policy', [mesh('STRICT'), workload('DISABLE')], absent, 'shown'],
    ['an inheriting workload policy', [mesh('STRICT'), workload()], absent, 'assumed'],
  ])('%s', (_, policies, rootNamespace, expected) => {
    expect(basisOf(policies, rootNamespace)).toBe(expected);
  });
});

const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<Tristate<T>> =>
  fc.oneof(
    fc.constant(absent),
    fc.constant(unknown),
    fc.constantFrom(...values).map((value) => known(value)),
  );
const modes = oneOf('STRICT', 'PERMISSIVE', 'DISABLE', 'UNSET');
const namespaces = oneOf('istio-system', 'shop', 'default', 'bank');

const inputs: fc.Arbitrary<Input> = fc.record({
  policies: fc.array(
    fc.record({
      policy: fc.constantFrom('a', 'b', 'c'),
      namespace: namespaces,
      hasSelector: oneOf(true, false),
      matchesPod: oneOf(true, true, false),
      mode: modes,
      portLevel: fc.oneof(
        fc.constant(absent),
        fc.constant(unknown),
        fc.array(fc.tuple(fc.constantFrom(80, 8080), modes)).map((entries) => known(new Map(entries))),
      ),
    }),
    { maxLength: 4 },
  ),
  podNamespace: namespaces,
  rootNamespace: oneOf('istio-system', 'shop', 'config'),
});

const forgetters: readonly ((input: Input) => Input)[] = [
  (input) => ({ ...input, podNamespace: unknown }),
  (input) => ({ ...input, rootNamespace: unknown }),
  (input) => ({
    ...input,
    policies: input.policies.map((policy, index) => (index === 0 ? { ...policy, namespace: unknown } : policy)),
  }),
  (input) => ({
    ...input,
    policies: input.policies.map((policy, index) => (index === 0 ? { ...policy, mode: unknown } : policy)),
  }),
  (input) => ({
    ...input,
    policies: input.policies.map((policy, index) => (index === 0 ? { ...policy, hasSelector: unknown } : policy)),
  }),
  (input) => ({
    ...input,
    policies: input.policies.map((policy, index) => (index === 0 ? { ...policy, matchesPod: unknown } : policy)),
  }),
  (input) => ({
    ...input,
    policies: input.policies.map((policy, index) => (index === 0 ? { ...policy, portLevel: unknown } : policy)),
  }),
];

describe('properties', () => {
  it('knowing less leads to the same mode or to unknown', () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom(...forgetters), (input, forget) => {
        const before = resolvePeerAuthentication(input);
        const after = resolvePeerAuthentication(forget(input));
        const pairs = [
          [before.workload.mode, after.workload.mode],
          ...[80, 8080, 9090].map((port) => [modeAtPort(before, port).mode, modeAtPort(after, port).mode]),
        ];
        return pairs.every(([was, is]) => is === 'unknown' || is === was);
      }),
      { numRuns: 3000 },
    );
  });

  it('the order of the policies does not matter', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const forwards = resolvePeerAuthentication(input);
        const backwards = resolvePeerAuthentication({ ...input, policies: input.policies.toReversed() });
        return [80, 8080, 9090].every((port) => modeAtPort(forwards, port).mode === modeAtPort(backwards, port).mode);
      }),
      { numRuns: 2000 },
    );
  });

  it('whoever set a mode is one of the policies', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const given = input.policies.map(({ policy }) => policy);
        const { workload: answer } = resolvePeerAuthentication(input);
        return (
          answer.setBy.every(({ policy }) => given.includes(policy)) && (answer.mode !== 'unknown' || answer.setBy.length > 0)
        );
      }),
      { numRuns: 2000 },
    );
  });
});
