import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absent, known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { decideAmbient } from './ambient-enrolment';
import type { AmbientDecision, AmbientInput } from './ambient-enrolment';
import { decideSidecar, defaultSidecarMesh } from './sidecar-injection';
import type { SidecarDecision, SidecarInput } from './sidecar-injection';

const noSidecar: SidecarDecision = {
  injected: 'no',
  basis: 'shown',
  decidedBy: 'namespace-label',
  reason: 'Namespace label a=b',
};
const withSidecar: SidecarDecision = { ...noSidecar, injected: 'yes', revision: 'default' };
const maybeSidecar: SidecarDecision = { ...noSidecar, injected: 'unknown' };

type Namespace = Partial<AmbientInput['namespace']>;
type Pod = Partial<AmbientInput['pod']>;
type Rest = Partial<Pick<AmbientInput, 'sidecar' | 'excludedNamespaces'>>;

function decide(namespace: Namespace = {}, pod: Pod = {}, rest: Rest = {}): AmbientDecision {
  return decideAmbient({
    namespace: { name: known('shop'), dataplaneMode: absent, ...namespace },
    pod: { dataplaneMode: absent, hostNetwork: absent, sidecarStatus: absent, ...pod },
    sidecar: noSidecar,
    excludedNamespaces: 'unknown',
    enablement: absent,
    ...rest,
  });
}

const mode = (value: string): { readonly dataplaneMode: Tristate<string> } => ({ dataplaneMode: known(value) });
const ambient = mode('ambient');
const lost = { dataplaneMode: unknown };
const short = ({ enrolled, basis, decidedBy }: AmbientDecision): string =>
  enrolled === 'unknown' ? `unknown ${decidedBy}` : `${enrolled} ${basis} ${decidedBy}`;

describe('namespace label by pod label', () => {
  const columns: readonly Pod[] = [{}, ambient, mode('none'), mode(''), mode('sidecar'), lost];
  // Pod label:                            absent     ambient none  ""         sidecar    unknown
  const rows: readonly (readonly [string, Namespace, string])[] = [
    ['absent', {}, '                     no         yes     no    no         no         unknown'],
    ['ambient', ambient, '               yes        yes     no    yes        yes        unknown'],
    ['none', mode('none'), '             no         yes     no    no         no         unknown'],
    ['empty', mode(''), '                no         yes     no    no         no         unknown'],
    ['Ambient', mode('Ambient'), '       no         yes     no    no         no         unknown'],
    ['unknown', lost, '                  unknown    yes     no    unknown    unknown    unknown'],
  ];
  it.each(rows)('%s', (_, namespace, expected) => {
    expect(columns.map((pod) => decide(namespace, pod).enrolled)).toEqual(expected.trim().split(/ +/));
  });
});

describe('what decided', () => {
  const cases: readonly (readonly [string, Namespace, Pod, Rest, string])[] = [
    ['namespace label', ambient, {}, {}, 'yes shown namespace-label'],
    ['pod label', {}, ambient, {}, 'yes shown pod-label'],
    ['pod label in an enrolled namespace', ambient, ambient, {}, 'yes shown pod-label'],
    ['pod opts out', ambient, mode('none'), {}, 'no shown pod-label'],
    ['namespace label of another value', mode('none'), {}, {}, 'no shown namespace-label'],
    ['no label', {}, {}, {}, 'no shown no-label'],
    ['kube-system', { ...ambient, name: known('kube-system') }, ambient, {}, 'no assumed excluded-namespace'],
    [
      'another excluded namespace',
      { ...ambient, name: known('infra') },
      {},
      { excludedNamespaces: ['infra'] },
      'no shown excluded-namespace',
    ],
    [
      'kube-system not excluded',
      { ...ambient, name: known('kube-system') },
      {},
      { excludedNamespaces: [] },
      'yes shown namespace-label',
    ],
    ['istio-system', { ...ambient, name: known('istio-system') }, {}, {}, 'yes shown namespace-label'],
    ['no namespace written', { ...ambient, name: absent }, {}, {}, 'yes shown namespace-label'],
    [
      'no namespace written, default excluded',
      { ...ambient, name: absent },
      {},
      { excludedNamespaces: ['default'] },
      'no shown excluded-namespace',
    ],
    ['host network', ambient, { ...ambient, hostNetwork: known(true) }, {}, 'no shown host-network'],
    ['no host network', ambient, { hostNetwork: known(false) }, {}, 'yes shown namespace-label'],
    ['rendered sidecar', ambient, { ...ambient, sidecarStatus: known('{}') }, {}, 'no shown sidecar-annotation'],
    ['rendered sidecar, empty status', ambient, { sidecarStatus: known('') }, {}, 'no shown sidecar-annotation'],
    ['sidecar', ambient, ambient, { sidecar: withSidecar }, 'no shown sidecar'],
    ['assumed sidecar', ambient, {}, { sidecar: { ...withSidecar, basis: 'assumed' } }, 'no assumed sidecar'],
    ['assumed lack of a sidecar', ambient, {}, { sidecar: { ...noSidecar, basis: 'assumed' } }, 'yes assumed namespace-label'],
    ['unknown sidecar', ambient, {}, { sidecar: maybeSidecar }, 'unknown sidecar'],
    ['unknown sidecar, no label', {}, {}, { sidecar: maybeSidecar }, 'no shown no-label'],
    ['unknown sidecar, pod opts out', lost, mode('none'), { sidecar: maybeSidecar }, 'no shown pod-label'],
    ['unknown host network', ambient, { hostNetwork: unknown }, {}, 'unknown host-network'],
    ['unknown host network, sidecar', ambient, { hostNetwork: unknown }, { sidecar: withSidecar }, 'no shown sidecar'],
    ['unknown host network, no label', {}, { hostNetwork: unknown }, {}, 'no shown no-label'],
    ['unknown status', ambient, { sidecarStatus: unknown }, {}, 'unknown sidecar-annotation'],
    ['unknown namespace', { ...ambient, name: unknown }, {}, {}, 'unknown excluded-namespace'],
    [
      'unknown namespace, none excluded',
      { ...ambient, name: unknown },
      {},
      { excludedNamespaces: [] },
      'yes shown namespace-label',
    ],
    ['unknown namespace, host network', { name: unknown, ...lost }, { hostNetwork: known(true) }, {}, 'no shown host-network'],
    ['unknown namespace label', lost, {}, {}, 'unknown namespace-label'],
    ['unknown pod label', ambient, lost, {}, 'unknown pod-label'],
  ];
  it.each(cases)('%s', (_, namespace, pod, rest, expected) => {
    expect(short(decide(namespace, pod, rest))).toBe(expected);
  });

  it('gives a reason', () => {
    expect(decide(ambient).reason).toBe('Namespace label istio.io/dataplane-mode=ambient');
    expect(decide(mode('')).reason).toBe('Namespace label istio.io/dataplane-mode=""');
    expect(decide(ambient, mode('none')).reason).toBe('Pod label istio.io/dataplane-mode=none');
    expect(decide(ambient, {}, { sidecar: withSidecar }).reason).toBe('The pod gets a sidecar (Namespace label a=b)');
    expect(decide(lost).reason).toBe('The namespace label istio.io/dataplane-mode is unknown');
  });
});

describe('together with sidecar injection', () => {
  const cases: readonly (readonly [string, Partial<SidecarInput['namespace']>, Partial<SidecarInput['pod']>, string])[] = [
    ['no injection label', {}, {}, 'yes assumed namespace-label'],
    ['istio-injection=enabled', { injectionLabel: known('enabled') }, {}, 'no shown sidecar'],
    ['istio.io/rev=canary', { revisionLabel: known('canary') }, {}, 'no assumed sidecar'],
    ['istio-injection=disabled', { injectionLabel: known('disabled') }, {}, 'yes shown namespace-label'],
    [
      'istio-injection=disabled + rev',
      { injectionLabel: known('disabled'), revisionLabel: known('canary') },
      {},
      'yes shown namespace-label',
    ],
    [
      'istio-injection=enabled, pod inject=false',
      { injectionLabel: known('enabled') },
      { injectLabel: known('false') },
      'yes shown namespace-label',
    ],
    ['pod inject=true', {}, { injectLabel: known('true') }, 'no shown sidecar'],
    ['pod inject=false', {}, { injectLabel: known('false') }, 'yes shown namespace-label'],
  ];
  it.each(cases)('an ambient namespace with %s', (_, namespace, pod, expected) => {
    const sidecar = decideSidecar({
      namespace: { name: known('shop'), injectionLabel: absent, revisionLabel: absent, ...namespace },
      pod: { injectLabel: absent, injectAnnotation: absent, revisionLabel: absent, hostNetwork: absent, ...pod },
      mesh: defaultSidecarMesh,
    });
    expect(short(decide(ambient, {}, { sidecar }))).toBe(expected);
  });
});

const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<Tristate<T>> =>
  fc.oneof(
    fc.constant(absent),
    fc.constant(unknown),
    fc.constantFrom(...values).map((value) => known(value)),
  );

const inputs: fc.Arbitrary<AmbientInput> = fc.record({
  namespace: fc.record({ name: oneOf('shop', 'kube-system', 'infra'), dataplaneMode: oneOf('ambient', 'none', '') }),
  pod: fc.record({
    dataplaneMode: oneOf('ambient', 'none', ''),
    hostNetwork: oneOf(true, false),
    sidecarStatus: oneOf('', '{}'),
  }),
  sidecar: fc.constantFrom(noSidecar, withSidecar, maybeSidecar),
  excludedNamespaces: fc.oneof(fc.constant('unknown' as const), fc.subarray(['infra', 'default'])),
  enablement: oneOf(true, false),
});

const forgetters: readonly ((input: AmbientInput) => AmbientInput)[] = [
  (input) => ({ ...input, namespace: { ...input.namespace, name: unknown } }),
  (input) => ({ ...input, namespace: { ...input.namespace, dataplaneMode: unknown } }),
  (input) => ({ ...input, pod: { ...input.pod, dataplaneMode: unknown } }),
  (input) => ({ ...input, pod: { ...input.pod, hostNetwork: unknown } }),
  (input) => ({ ...input, pod: { ...input.pod, sidecarStatus: unknown } }),
  (input) => ({ ...input, sidecar: maybeSidecar }),
  (input) => ({ ...input, enablement: unknown }),
];

describe('properties', () => {
  it('knowing less leads to the same answer or to unknown', () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom(...forgetters), (input, forget) => {
        const after = decideAmbient(forget(input)).enrolled;
        return after === 'unknown' || after === decideAmbient(input).enrolled;
      }),
      { numRuns: 3000 },
    );
  });

  it('a sidecar and ambient never go together', () => {
    fc.assert(fc.property(inputs, (input) => decideAmbient({ ...input, sidecar: withSidecar }).enrolled === 'no'));
  });
});
