import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absent, known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { decideSidecar, defaultSidecarMesh, ignoredNamespaces } from './sidecar-injection';
import type { SidecarDecision, SidecarInput } from './sidecar-injection';

type Namespace = Partial<SidecarInput['namespace']>;
type Pod = Partial<SidecarInput['pod']>;
type Mesh = Partial<SidecarInput['mesh']>;

function inputOf(namespace: Namespace = {}, pod: Pod = {}, mesh: Mesh = {}): SidecarInput {
  return {
    namespace: { name: known('shop'), injectionLabel: absent, revisionLabel: absent, ...namespace },
    pod: { injectLabel: absent, injectAnnotation: absent, revisionLabel: absent, hostNetwork: absent, ...pod },
    mesh: { ...defaultSidecarMesh, ...mesh },
  };
}

const decide = (namespace: Namespace = {}, pod: Pod = {}, mesh: Mesh = {}): SidecarDecision =>
  decideSidecar(inputOf(namespace, pod, mesh));

const enabled = { injectionLabel: known('enabled') };
const disabled = { injectionLabel: known('disabled') };
const revDefault = { revisionLabel: known('default') };
const revCanary = { revisionLabel: known('canary') };

const rows: readonly (readonly [string, Namespace])[] = [
  ['(none)', {}],
  ['istio-injection=enabled', enabled],
  ['istio-injection=disabled', disabled],
  ['istio.io/rev=default', revDefault],
  ['istio.io/rev=canary', revCanary],
  ['istio-injection=enabled + rev=canary', { ...enabled, ...revCanary }],
  ['istio-injection=disabled + rev=canary', { ...disabled, ...revCanary }],
];

const columns: readonly (readonly [string, Pod])[] = [
  ['(none)', {}],
  ['inject=true', { injectLabel: known('true') }],
  ['inject=false', { injectLabel: known('false') }],
  ['rev=canary', revCanary],
  ['inject=true, rev=canary', { injectLabel: known('true'), ...revCanary }],
];

const letters: Readonly<Record<string, string>> = { '-': 'no', D: 'default', C: 'canary' };
const outcome = ({ injected, revision }: SidecarDecision): string => revision ?? injected;
const cellsOf = (line: string): readonly string[] => line.trim().split(/ +/);

// Rows and columns as above. Worked out by hand from the selectors of istio/istio mutatingwebhook.yaml and the order of checks in
// pkg/kube/inject/inject.go injectRequired, 1.32 development.
const webhooksAlone = [
  '-  D  -  C  C',
  'D  D  -  D  D',
  '-  -  -  -  -',
  'D  D  -  D  D',
  'C  C  -  C  C',
  'D  D  -  D  D',
  '-  -  -  -  -',
];
const explicitLabelOnly = [
  '-  D  -  -  C',
  '-  D  -  -  D',
  '-  -  -  -  -',
  '-  D  -  -  D',
  '-  C  -  -  C',
  '-  D  -  -  D',
  '-  -  -  -  -',
];
const nowhere = [
  '-  -  -  -  -',
  '-  -  -  -  -',
  '-  -  -  -  -',
  '-  -  -  -  -',
  '-  -  -  -  -',
  '-  -  -  -  -',
  '-  -  -  -  -',
];
const unlabelledToo = [
  'D  D  -  C  C',
  'D  D  -  D  D',
  '-  -  -  -  -',
  'D  D  -  D  D',
  'C  C  -  C  C',
  'D  D  -  D  D',
  '-  -  -  -  -',
];

const byDefault: Mesh = { enableNamespacesByDefault: known(true) };
const never: Mesh = { neverInject: known(true) };
const always: Mesh = { alwaysInject: known(true) };
const policyDisabled: Mesh = { policy: known('disabled') };
const annotated = (value: string): Pod => ({ injectAnnotation: known(value) });

const tables: readonly (readonly [string, readonly string[], Namespace, Pod, Mesh])[] = [
  ['nothing else', webhooksAlone, {}, {}, {}],
  ['enableNamespacesByDefault', unlabelledToo, {}, {}, byDefault],
  ['enableNamespacesByDefault: false', webhooksAlone, {}, {}, { enableNamespacesByDefault: known(false) }],
  ['hostNetwork: true', nowhere, {}, { hostNetwork: known(true) }, {}],
  ['hostNetwork: true, enableNamespacesByDefault', nowhere, {}, { hostNetwork: known(true) }, byDefault],
  ['hostNetwork: false', webhooksAlone, {}, { hostNetwork: known(false) }, {}],
  ['namespace kube-system', nowhere, { name: known('kube-system') }, {}, byDefault],
  ['namespace kube-public', nowhere, { name: known('kube-public') }, {}, byDefault],
  ['namespace kube-node-lease', nowhere, { name: known('kube-node-lease') }, {}, byDefault],
  ['namespace local-path-storage', nowhere, { name: known('local-path-storage') }, {}, byDefault],
  ['namespace istio-system', webhooksAlone, { name: known('istio-system') }, {}, {}],
  ['no namespace written', webhooksAlone, { name: absent }, {}, {}],
  ['annotation "true"', webhooksAlone, {}, annotated('true'), {}],
  ['annotation "false"', explicitLabelOnly, {}, annotated('false'), {}],
  ['annotation ""', webhooksAlone, {}, annotated(''), {}],
  ['annotation "yes"', webhooksAlone, {}, annotated('yes'), {}],
  ['annotation "False"', webhooksAlone, {}, annotated('False'), {}],
  ['neverInjectSelector', explicitLabelOnly, {}, {}, never],
  ['neverInjectSelector, annotation "true"', webhooksAlone, {}, annotated('true'), never],
  ['neverInjectSelector, annotation "yes"', explicitLabelOnly, {}, annotated('yes'), never],
  ['neverInjectSelector, enableNamespacesByDefault', explicitLabelOnly, {}, {}, { ...never, ...byDefault }],
  ['alwaysInjectSelector', webhooksAlone, {}, {}, always],
  ['alwaysInjectSelector, annotation "false"', explicitLabelOnly, {}, annotated('false'), always],
  ['both selectors', explicitLabelOnly, {}, {}, { ...never, ...always }],
  ['policy enabled', webhooksAlone, {}, {}, { policy: known('enabled') }],
  ['policy disabled', explicitLabelOnly, {}, {}, policyDisabled],
  ['policy disabled, enableNamespacesByDefault', explicitLabelOnly, {}, {}, { ...policyDisabled, ...byDefault }],
  ['policy disabled, annotation "true"', webhooksAlone, {}, annotated('true'), policyDisabled],
  ['policy disabled, annotation "false"', explicitLabelOnly, {}, annotated('false'), policyDisabled],
  ['policy disabled, alwaysInjectSelector', webhooksAlone, {}, {}, { ...policyDisabled, ...always }],
  ['policy disabled, both selectors', explicitLabelOnly, {}, {}, { ...policyDisabled, ...never, ...always }],
  ['policy off', nowhere, {}, {}, { policy: known('off') }],
  ['policy off, annotation "true"', nowhere, {}, annotated('true'), { policy: known('off') }],
  ['policy off, alwaysInjectSelector', nowhere, {}, {}, { policy: known('off'), ...always }],
  ['policy Enabled', nowhere, {}, {}, { policy: known('Enabled') }],
  ['both revisions shown', webhooksAlone, {}, {}, { revisions: ['default', 'canary'] }],
];

describe('namespace labels by pod labels', () => {
  for (const [condition, table, namespace, pod, mesh] of tables) {
    describe(condition, () => {
      rows.forEach(([row, namespaceLabels], index) => {
        it(row, () => {
          const decisions = columns.map(([, labels]) =>
            decide({ ...namespace, ...namespaceLabels }, { ...pod, ...labels }, mesh),
          );
          expect(decisions.map(outcome)).toEqual(cellsOf(table[index]!).map((cell) => letters[cell]));
        });
      });
    });
  }

  it('only the default revision is installed', () => {
    const decisions = rows.map(([, namespace]) =>
      columns.map(([, pod]) => outcome(decide(namespace, pod, { revisions: ['default'] }))),
    );
    expect(decisions).toEqual(
      ['-  D  -  -  -', 'D  D  -  D  D', '-  -  -  -  -', 'D  D  -  D  D', '-  -  -  -  -', 'D  D  -  D  D', '-  -  -  -  -'].map(
        (line) => cellsOf(line).map((cell) => letters[cell]),
      ),
    );
  });

  it('only revision canary is installed', () => {
    const decisions = rows.map(([, namespace]) =>
      columns.map(([, pod]) => outcome(decide(namespace, pod, { revisions: ['canary'] }))),
    );
    expect(decisions).toEqual(
      ['-  -  -  C  C', '-  -  -  -  -', '-  -  -  -  -', '-  -  -  -  -', 'C  C  -  C  C', '-  -  -  -  -', '-  -  -  -  -'].map(
        (line) => cellsOf(line).map((cell) => letters[cell]),
      ),
    );
  });
});

describe('empty and unusual values', () => {
  const cases: readonly (readonly [string, Namespace, Pod, Mesh, string])[] = [
    ['namespace istio-injection=""', { injectionLabel: known('') }, {}, {}, 'no'],
    ['namespace istio-injection="", pod inject=true', { injectionLabel: known('') }, { injectLabel: known('true') }, {}, 'no'],
    ['namespace istio-injection="", rev=canary', { injectionLabel: known(''), ...revCanary }, {}, {}, 'no'],
    ['namespace istio-injection=true', { injectionLabel: known('true') }, {}, {}, 'no'],
    ['namespace istio-injection=Enabled', { injectionLabel: known('Enabled') }, {}, {}, 'no'],
    ['namespace rev=""', { revisionLabel: known('') }, {}, {}, 'no'],
    ['namespace rev="", pod inject=true', { revisionLabel: known('') }, { injectLabel: known('true') }, {}, 'no'],
    ['namespace rev="", pod rev=canary', { revisionLabel: known('') }, revCanary, {}, 'no'],
    ['namespace rev="", by default', { revisionLabel: known('') }, {}, byDefault, 'no'],
    ['namespace rev="", istio-injection=enabled', { revisionLabel: known(''), ...enabled }, {}, {}, 'default'],
    ['pod rev=""', {}, { revisionLabel: known('') }, {}, 'no'],
    ['pod rev="", inject=true', {}, { revisionLabel: known(''), injectLabel: known('true') }, {}, 'no'],
    ['pod rev="", by default', {}, { revisionLabel: known('') }, byDefault, 'no'],
    ['pod rev="", istio-injection=enabled', enabled, { revisionLabel: known('') }, {}, 'default'],
    ['pod inject=""', {}, { injectLabel: known('') }, {}, 'no'],
    ['pod inject="", by default', {}, { injectLabel: known('') }, byDefault, 'no'],
    ['pod inject="", istio-injection=enabled', enabled, { injectLabel: known('') }, {}, 'default'],
    ['pod inject="", rev=canary', {}, { injectLabel: known(''), ...revCanary }, {}, 'canary'],
    ['pod inject=yes', {}, { injectLabel: known('yes') }, {}, 'no'],
    ['pod inject=True', {}, { injectLabel: known('True') }, {}, 'no'],
    ['pod inject=yes, by default', {}, { injectLabel: known('yes') }, byDefault, 'no'],
    ['pod inject=yes, istio-injection=enabled', enabled, { injectLabel: known('yes') }, {}, 'default'],
    ['pod inject=yes, rev=canary namespace', revCanary, { injectLabel: known('yes') }, {}, 'canary'],
    ['pod inject=yes, policy disabled', enabled, { injectLabel: known('yes') }, policyDisabled, 'no'],
    ['pod inject=False, istio-injection=enabled', enabled, { injectLabel: known('False') }, {}, 'default'],
    ['label "true" beats annotation "false"', enabled, { injectLabel: known('true'), ...annotated('false') }, {}, 'default'],
    ['label "" beats annotation "false"', enabled, { injectLabel: known(''), ...annotated('false') }, {}, 'default'],
    ['label "false" beats annotation "true"', enabled, { injectLabel: known('false'), ...annotated('true') }, {}, 'no'],
    ['label "yes" beats annotation "true"', enabled, { injectLabel: known('yes'), ...annotated('true') }, policyDisabled, 'no'],
  ];
  it.each(cases)('%s', (_, namespace, pod, mesh, expected) => {
    expect(outcome(decide(namespace, pod, mesh))).toBe(expected);
  });
});

describe('what decided, and on what basis', () => {
  const cases: readonly (readonly [Namespace, Pod, Mesh, string])[] = [
    [enabled, {}, {}, 'yes shown namespace-label: Namespace label istio-injection=enabled'],
    [enabled, { injectLabel: known('true') }, {}, 'yes shown namespace-label: Namespace label istio-injection=enabled'],
    [disabled, {}, {}, 'no shown namespace-label: Namespace label istio-injection=disabled'],
    [{ injectionLabel: known('') }, {}, {}, 'no shown namespace-label: Namespace label istio-injection=""'],
    [disabled, { injectLabel: known('false') }, {}, 'no shown pod-label: Pod label sidecar.istio.io/inject=false'],
    [revCanary, {}, {}, 'yes assumed namespace-revision: Namespace label istio.io/rev=canary'],
    [revDefault, {}, {}, 'yes assumed namespace-revision: Namespace label istio.io/rev=default'],
    [revCanary, {}, { revisions: ['canary'] }, 'yes shown namespace-revision: Namespace label istio.io/rev=canary'],
    [
      revCanary,
      {},
      { revisions: ['default'] },
      'no shown missing-revision: Namespace label istio.io/rev=canary names a revision or tag that is not installed',
    ],
    [{ revisionLabel: known('') }, {}, {}, 'no shown missing-revision: Namespace label istio.io/rev="" names no revision'],
    [
      enabled,
      {},
      { revisions: ['canary'] },
      'no assumed missing-revision: Namespace label istio-injection=enabled, but no installed revision or tag is the default',
    ],
    [{}, revCanary, {}, 'yes assumed pod-revision: Pod label istio.io/rev=canary'],
    [{}, revCanary, { revisions: ['canary'] }, 'yes shown pod-revision: Pod label istio.io/rev=canary'],
    [
      {},
      revCanary,
      { revisions: [] },
      'no shown missing-revision: Pod label istio.io/rev=canary names a revision or tag that is not installed',
    ],
    [{}, { injectLabel: known('true') }, {}, 'yes shown pod-label: Pod label sidecar.istio.io/inject=true'],
    [
      {},
      { injectLabel: known('yes') },
      {},
      'no shown pod-label: Pod label sidecar.istio.io/inject=yes is not "true", which an unlabelled namespace needs',
    ],
    [{}, {}, {}, 'no assumed no-label: Neither the namespace nor the pod has an injection label'],
    [
      {},
      {},
      { enableNamespacesByDefault: known(false) },
      'no shown no-label: Neither the namespace nor the pod has an injection label',
    ],
    [{}, {}, byDefault, 'yes shown default-injection: enableNamespacesByDefault injects unlabelled namespaces'],
    [{}, { hostNetwork: known(true) }, {}, 'no assumed no-label: Neither the namespace nor the pod has an injection label'],
    [enabled, { hostNetwork: known(true) }, {}, 'no shown host-network: The pod uses the host network'],
    [
      { ...enabled, name: known('kube-system') },
      {},
      {},
      'no shown ignored-namespace: Istio never injects into namespace kube-system',
    ],
    [enabled, annotated('false'), {}, 'no shown pod-annotation: Pod annotation sidecar.istio.io/inject=false'],
    [enabled, {}, never, 'no shown never-inject-selector: A neverInjectSelector matches the pod'],
    [enabled, {}, always, 'yes shown namespace-label: Namespace label istio-injection=enabled'],
    [
      enabled,
      {},
      policyDisabled,
      'no shown policy: Injection policy autoInject=disabled, and the pod does not ask for a sidecar',
    ],
    [enabled, { injectLabel: known('true') }, policyDisabled, 'yes shown pod-label: Pod label sidecar.istio.io/inject=true'],
    [revCanary, annotated('true'), policyDisabled, 'yes assumed pod-annotation: Pod annotation sidecar.istio.io/inject=true'],
    [enabled, {}, { ...policyDisabled, ...always }, 'yes shown always-inject-selector: An alwaysInjectSelector matches the pod'],
    [enabled, {}, { policy: known('') }, 'no shown policy: Injection policy autoInject=""'],
  ];
  it.each(cases)('%j %j %j', (namespace, pod, mesh, expected) => {
    expect(line(decide(namespace, pod, mesh))).toBe(expected);
  });
});

describe('unknown inputs', () => {
  const unshown: Namespace = { injectionLabel: unknown, revisionLabel: unknown };
  const cases: readonly (readonly [string, Namespace, Pod, Mesh, string])[] = [
    ['namespace labels', unshown, {}, {}, 'unknown namespace-label'],
    ['namespace labels and name', { ...unshown, name: unknown }, {}, {}, 'unknown namespace-label'],
    ['namespace labels, pod inject=true', unshown, { injectLabel: known('true') }, {}, 'unknown namespace-label'],
    ['namespace labels, pod inject=false', { ...unshown, name: unknown }, { injectLabel: known('false') }, {}, 'no pod-label'],
    ['namespace labels, hostNetwork', { ...unshown, name: unknown }, { hostNetwork: known(true) }, {}, 'no host-network'],
    ['namespace labels, ignored namespace', { ...unshown, name: known('kube-public') }, {}, {}, 'no ignored-namespace'],
    ['namespace labels, annotation false', unshown, annotated('false'), {}, 'no pod-annotation'],
    [
      'namespace labels, annotation false, label true',
      unshown,
      { injectLabel: known('true'), ...annotated('false') },
      {},
      'unknown namespace-label',
    ],
    ['namespace labels, neverInjectSelector', unshown, {}, never, 'no never-inject-selector'],
    ['namespace labels, policy disabled', unshown, {}, policyDisabled, 'no policy'],
    ['namespace labels, policy off', unshown, { injectLabel: unknown }, { policy: known('off') }, 'no policy'],
    ['istio-injection, rev=canary', { injectionLabel: unknown, ...revCanary }, {}, {}, 'unknown namespace-label'],
    ['istio-injection, nothing installed', { injectionLabel: unknown }, {}, { revisions: [] }, 'no namespace-label'],
    ['istio-injection, only canary installed', { injectionLabel: unknown }, {}, { revisions: ['canary'] }, 'no namespace-label'],
    [
      'istio-injection, only canary, rev=canary',
      { injectionLabel: unknown, ...revCanary },
      {},
      { revisions: ['canary'] },
      'unknown namespace-label',
    ],
    ['namespace rev, istio-injection=enabled', { ...enabled, revisionLabel: unknown }, {}, {}, 'yes namespace-label'],
    ['namespace rev, istio-injection=disabled', { ...disabled, revisionLabel: unknown }, {}, {}, 'no namespace-label'],
    ['namespace rev', { revisionLabel: unknown }, {}, {}, 'unknown namespace-revision'],
    ['namespace rev, nothing installed', { revisionLabel: unknown }, {}, { revisions: [] }, 'no namespace-revision'],
    [
      'namespace rev, nothing installed, pod rev',
      { revisionLabel: unknown },
      revCanary,
      { revisions: [] },
      'no missing-revision',
    ],
    ['pod rev', {}, { revisionLabel: unknown }, {}, 'unknown pod-revision'],
    ['pod rev, istio-injection=enabled', enabled, { revisionLabel: unknown }, {}, 'yes namespace-label'],
    ['pod rev, istio-injection=disabled', disabled, { revisionLabel: unknown }, {}, 'no namespace-label'],
    ['pod rev, nothing installed', {}, { revisionLabel: unknown }, { revisions: [] }, 'no pod-revision'],
    ['pod inject label', {}, { injectLabel: unknown }, {}, 'unknown pod-label'],
    ['pod inject label, istio-injection=enabled', enabled, { injectLabel: unknown }, {}, 'unknown pod-label'],
    ['pod inject label, istio-injection=disabled', disabled, { injectLabel: unknown }, {}, 'no namespace-label'],
    [
      'pod inject label, missing revision',
      revCanary,
      { injectLabel: unknown },
      { revisions: ['default'] },
      'no missing-revision',
    ],
    ['pod inject label, host network', enabled, { injectLabel: unknown, hostNetwork: known(true) }, {}, 'no host-network'],
    ['pod inject label, annotation false', enabled, { injectLabel: unknown, ...annotated('false') }, {}, 'unknown pod-label'],
    ['pod inject label, only canary installed', {}, { injectLabel: unknown }, { revisions: ['canary'] }, 'no pod-label'],
    ['annotation, istio-injection=enabled', enabled, { injectAnnotation: unknown }, {}, 'unknown pod-annotation'],
    [
      'annotation, pod inject=true',
      enabled,
      { injectAnnotation: unknown, injectLabel: known('true') },
      {},
      'yes namespace-label',
    ],
    ['annotation, no label', {}, { injectAnnotation: unknown }, {}, 'no no-label'],
    ['annotation, policy off', enabled, { injectAnnotation: unknown }, { policy: known('off') }, 'no policy'],
    ['hostNetwork, istio-injection=enabled', enabled, { hostNetwork: unknown }, {}, 'unknown host-network'],
    ['hostNetwork, no label', {}, { hostNetwork: unknown }, {}, 'no no-label'],
    ['hostNetwork, annotation false', enabled, { hostNetwork: unknown, ...annotated('false') }, {}, 'no pod-annotation'],
    ['namespace name, istio-injection=enabled', { ...enabled, name: unknown }, {}, {}, 'unknown ignored-namespace'],
    ['namespace name, istio-injection=disabled', { ...disabled, name: unknown }, {}, {}, 'no namespace-label'],
    ['enableNamespacesByDefault', {}, {}, { enableNamespacesByDefault: unknown }, 'unknown default-injection'],
    ['enableNamespacesByDefault, labelled', enabled, {}, { enableNamespacesByDefault: unknown }, 'yes namespace-label'],
    [
      'enableNamespacesByDefault, no default',
      {},
      {},
      { enableNamespacesByDefault: unknown, revisions: ['canary'] },
      'no default-injection',
    ],
    ['policy', enabled, {}, { policy: unknown }, 'unknown policy'],
    ['policy, pod inject=true', enabled, { injectLabel: known('true') }, { policy: unknown }, 'unknown policy'],
    ['policy, alwaysInjectSelector', enabled, {}, { policy: unknown, ...always }, 'unknown policy'],
    ['policy, neverInjectSelector', enabled, {}, { policy: unknown, ...never }, 'no never-inject-selector'],
    ['policy, annotation false', enabled, annotated('false'), { policy: unknown }, 'no pod-annotation'],
    ['neverInjectSelector', enabled, {}, { neverInject: unknown }, 'unknown never-inject-selector'],
    [
      'neverInjectSelector, pod inject=true',
      enabled,
      { injectLabel: known('true') },
      { neverInject: unknown },
      'yes namespace-label',
    ],
    ['neverInjectSelector, policy disabled', enabled, {}, { neverInject: unknown, ...policyDisabled }, 'no policy'],
    ['alwaysInjectSelector, policy enabled', enabled, {}, { alwaysInject: unknown }, 'yes namespace-label'],
    [
      'alwaysInjectSelector, policy disabled',
      enabled,
      {},
      { alwaysInject: unknown, ...policyDisabled },
      'unknown always-inject-selector',
    ],
  ];
  it.each(cases)('%s', (_, namespace, pod, mesh, expected) => {
    const { injected, decidedBy } = decide(namespace, pod, mesh);
    expect(`${injected} ${decidedBy}`).toBe(expected);
  });

  it('names the unknown input', () => {
    expect(decide(unshown).reason).toBe('The namespace label istio-injection is unknown');
    expect(decide({}, { injectLabel: unknown }).reason).toBe('The pod label sidecar.istio.io/inject is unknown');
    expect(decide({ injectionLabel: unknown }, {}, { revisions: [] }).reason).toBe(
      'No value of the namespace label istio-injection leads to a sidecar here',
    );
  });
});

const line = ({ injected, basis, decidedBy, reason }: SidecarDecision): string => `${injected} ${basis} ${decidedBy}: ${reason}`;

const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<Tristate<T>> =>
  fc.oneof(
    fc.constant(absent),
    fc.constant(unknown),
    fc.constantFrom(...values).map((value) => known(value)),
  );
const injectValues = oneOf('true', 'false', '', 'yes');
const revisionValues = oneOf('default', 'canary', '', 'other');
const booleans = oneOf(true, false);

const inputs: fc.Arbitrary<SidecarInput> = fc.record({
  namespace: fc.record({
    name: oneOf('shop', ...ignoredNamespaces),
    injectionLabel: oneOf('enabled', 'disabled', ''),
    revisionLabel: revisionValues,
  }),
  pod: fc.record({
    injectLabel: injectValues,
    injectAnnotation: injectValues,
    revisionLabel: revisionValues,
    hostNetwork: booleans,
  }),
  mesh: fc.record({
    revisions: fc.oneof(fc.constant('unknown' as const), fc.subarray(['default', 'canary'])),
    enableNamespacesByDefault: booleans,
    policy: oneOf('enabled', 'disabled', 'off'),
    neverInject: booleans,
    alwaysInject: booleans,
  }),
});

const forgetters: readonly ((input: SidecarInput) => SidecarInput)[] = [
  (input) => ({ ...input, namespace: { ...input.namespace, name: unknown } }),
  (input) => ({ ...input, namespace: { ...input.namespace, injectionLabel: unknown } }),
  (input) => ({ ...input, namespace: { ...input.namespace, revisionLabel: unknown } }),
  (input) => ({ ...input, pod: { ...input.pod, injectLabel: unknown } }),
  (input) => ({ ...input, pod: { ...input.pod, injectAnnotation: unknown } }),
  (input) => ({ ...input, pod: { ...input.pod, revisionLabel: unknown } }),
  (input) => ({ ...input, pod: { ...input.pod, hostNetwork: unknown } }),
  (input) => ({ ...input, mesh: { ...input.mesh, enableNamespacesByDefault: unknown } }),
  (input) => ({ ...input, mesh: { ...input.mesh, policy: unknown } }),
  (input) => ({ ...input, mesh: { ...input.mesh, neverInject: unknown } }),
  (input) => ({ ...input, mesh: { ...input.mesh, alwaysInject: unknown } }),
];

describe('properties', () => {
  it('knowing less leads to the same answer or to unknown', () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom(...forgetters), (input, forget) => {
        const after = decideSidecar(forget(input)).injected;
        return after === 'unknown' || after === decideSidecar(input).injected;
      }),
      { numRuns: 5000 },
    );
  });

  it('a revision comes with a sidecar and with nothing else', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { injected, revision } = decideSidecar(input);
        return (injected === 'yes') === (revision !== undefined);
      }),
      { numRuns: 2000 },
    );
  });

  it('unknown means that one value of the unknown input injects and another does not', () => {
    const labels: readonly Tristate<string>[] = [absent, known('true'), known('false'), known('')];
    fc.assert(
      fc.property(inputs, (input) => {
        const decisions = labels.map((injectLabel) => decideSidecar({ ...input, pod: { ...input.pod, injectLabel } }).injected);
        const blind = decideSidecar({ ...input, pod: { ...input.pod, injectLabel: unknown } }).injected;
        return blind === (decisions.every((injected) => injected === 'no') ? 'no' : 'unknown');
      }),
      { numRuns: 2000 },
    );
  });

  it('takes any text', () => {
    const anyText = fc.oneof(
      fc.constant(absent),
      fc.constant(unknown),
      fc.string().map((value) => known(value)),
    );
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 6, maxLength: 6 }), fc.array(fc.string()), (texts, revisions) => {
        const [name, injectionLabel, revisionLabel, injectLabel, injectAnnotation, policy] = texts;
        const { injected } = decide(
          { name: name!, injectionLabel: injectionLabel!, revisionLabel: revisionLabel! },
          { injectLabel: injectLabel!, injectAnnotation: injectAnnotation! },
          { policy: policy!, revisions },
        );
        return ['yes', 'no', 'unknown'].includes(injected);
      }),
    );
  });
});
