import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { absent, known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { decideLinkerd, hasExistingSidecar } from './injection';
import type { ExistingSidecar, LinkerdDecision, LinkerdInput } from './injection';

type Namespace = Partial<LinkerdInput['namespace']>;
type Pod = Partial<LinkerdInput['pod']>;
type Rest = Partial<Pick<LinkerdInput, 'tokenProjection'>>;

function decide(namespace: Namespace = {}, pod: Pod = {}, rest: Rest = {}): LinkerdDecision {
  return decideLinkerd({
    namespace: { name: known('shop'), admissionWebhooks: absent, inject: absent, ...namespace },
    pod: {
      inject: absent,
      controlPlaneComponent: absent,
      cniResource: absent,
      hostNetwork: absent,
      existingSidecar: absent,
      automountServiceAccountToken: absent,
      ...pod,
    },
    tokenProjection: absent,
    ...rest,
  });
}

const inject = (value: string): { readonly inject: Tristate<string> } => ({ inject: known(value) });
const lost = { inject: unknown };
const istioProxy: ExistingSidecar = { mesh: 'istio', container: {}, by: 'name' };

// Worked out by hand from linkerd/linkerd2 pkg/inject/report.go disabledByAnnotation and pkg/inject/inject.go, edge-26.8.3.
const podValues: readonly Pod[] = [
  {},
  inject(''),
  inject('enabled'),
  inject('ingress'),
  inject('disabled'),
  inject('true'),
  inject('false'),
  inject('Enabled'),
  lost,
];
const table: readonly (readonly [string, Namespace, string])[] = [
  // pod:                        absent  ""      enabled ingress disabled true false Enabled unknown
  ['absent', {}, '               no      no      enabled ingress no       no   no    no      unknown'],
  ['empty', inject(''), '        no      no      enabled ingress no       no   no    no      unknown'],
  ['enabled', inject('enabled'), 'enabled enabled enabled ingress no      no   no    no      unknown'],
  ['ingress', inject('ingress'), 'ingress enabled enabled ingress no      no   no    no      unknown'],
  ['disabled', inject('disabled'), 'no   no      enabled ingress no       no   no    no      unknown'],
  ['true', inject('true'), '     no      no      no      no      no       no   no    no      no'],
  ['false', inject('false'), '   no      no      no      no      no       no   no    no      no'],
  ['Enabled', inject('Enabled'), 'no     no      no      no      no       no   no    no      no'],
  ['unknown', lost, '            unknown unknown unknown unknown no       no   no    no      unknown'],
];
const outcome = ({ injected, mode }: LinkerdDecision): string => mode ?? injected;

const nothingForbids: readonly (readonly [string, Namespace, Pod, Rest])[] = [
  ['nothing else', {}, {}, {}],
  ['no namespace written', { name: absent }, {}, {}],
  ['namespace linkerd', { name: known('linkerd') }, {}, {}],
  ['admission-webhooks=enabled', { admissionWebhooks: known('enabled') }, {}, {}],
  ['admission-webhooks=""', { admissionWebhooks: known('') }, {}, {}],
  ['hostNetwork: false', {}, { hostNetwork: known(false) }, {}],
  ['no token, projected', {}, { automountServiceAccountToken: known(false) }, { tokenProjection: known(true) }],
  ['no token, projection by default', {}, { automountServiceAccountToken: known(false) }, {}],
  ['no word of a token, not projected', {}, {}, { tokenProjection: known(false) }],
  ['a token, not projected', {}, { automountServiceAccountToken: known(true) }, { tokenProjection: known(false) }],
  ['unknown token, projected', {}, { automountServiceAccountToken: unknown }, { tokenProjection: known(true) }],
  ['a token, projection unknown', {}, { automountServiceAccountToken: known(true) }, { tokenProjection: unknown }],
];

const notProjected: Rest = { tokenProjection: known(false) };
const forbidding: readonly (readonly [string, Namespace, Pod, Rest, string])[] = [
  ['namespace kube-system', { name: known('kube-system') }, {}, {}, 'assumed excluded-namespace'],
  ['namespace cert-manager', { name: known('cert-manager') }, {}, {}, 'assumed excluded-namespace'],
  ['admission-webhooks=disabled', { admissionWebhooks: known('disabled') }, {}, {}, 'assumed admission-webhooks-label'],
  ['control-plane-component', {}, { controlPlaneComponent: known('destination') }, {}, 'assumed control-plane-label'],
  ['control-plane-component=""', {}, { controlPlaneComponent: known('') }, {}, 'assumed control-plane-label'],
  ['cni-resource', {}, { cniResource: known('true') }, {}, 'assumed cni-label'],
  ['cni-resource=""', {}, { cniResource: known('') }, {}, 'assumed cni-label'],
  ['hostNetwork: true', {}, { hostNetwork: known(true) }, {}, 'shown host-network'],
  ['an Istio sidecar', {}, { existingSidecar: known(istioProxy) }, {}, 'shown existing-sidecar'],
  ['no token', {}, { automountServiceAccountToken: known(false) }, notProjected, 'shown service-account-token'],
];

describe('namespace annotation by pod annotation', () => {
  for (const [condition, namespace, pod, rest] of nothingForbids) {
    it.each(table)(`${condition}: namespace %s`, (_, annotation, expected) => {
      const decisions = podValues.map((value) => decide({ ...namespace, ...annotation }, { ...pod, ...value }, rest));
      expect(decisions.map(outcome)).toEqual(expected.trim().split(/ +/));
    });
  }

  for (const [condition, namespace, pod, rest] of forbidding) {
    it.each(table)(`${condition}: namespace %s, never`, (_, annotation) => {
      const decisions = podValues.map((value) => decide({ ...namespace, ...annotation }, { ...pod, ...value }, rest));
      expect(decisions.map(outcome)).toEqual(['no', 'no', 'no', 'no', 'no', 'no', 'no', 'no', 'no']);
    });
  }
});

const short = ({ injected, basis, decidedBy }: LinkerdDecision): string =>
  injected === 'unknown' ? `unknown ${decidedBy}` : `${injected} ${basis} ${decidedBy}`;

describe('what decided', () => {
  it.each(forbidding)('%s', (_, namespace, pod, rest, expected) => {
    expect(short(decide({ ...inject('enabled'), ...namespace }, pod, rest))).toBe(`no ${expected}`);
  });

  const cases: readonly (readonly [string, Namespace, Pod, Rest, string])[] = [
    ['namespace annotation', inject('enabled'), {}, {}, 'yes shown namespace-annotation'],
    ['pod annotation', inject('enabled'), inject('enabled'), {}, 'yes shown pod-annotation'],
    ['pod annotation in a disabled namespace', inject('disabled'), inject('ingress'), {}, 'yes shown pod-annotation'],
    ['invalid namespace annotation', inject('on'), inject('enabled'), {}, 'no shown namespace-annotation'],
    ['invalid pod annotation', inject('enabled'), inject('true'), {}, 'no shown pod-annotation'],
    ['both invalid', inject('on'), inject('true'), {}, 'no shown namespace-annotation'],
    ['pod opts out', inject('enabled'), inject('disabled'), {}, 'no shown pod-annotation'],
    ['disabled namespace', inject('disabled'), {}, {}, 'no shown namespace-annotation'],
    ['no annotation', {}, {}, {}, 'no shown no-annotation'],
    ['no annotation, host network', {}, { hostNetwork: known(true) }, {}, 'no shown no-annotation'],
    ['no annotation, Istio sidecar', {}, { existingSidecar: known(istioProxy) }, {}, 'no shown no-annotation'],
    ['no annotation, excluded namespace', { name: known('kube-system') }, {}, {}, 'no assumed excluded-namespace'],
    ['unknown namespace annotation', lost, inject('enabled'), {}, 'unknown namespace-annotation'],
    ['unknown namespace annotation, pod opts out', lost, inject('disabled'), {}, 'no shown pod-annotation'],
    ['unknown pod annotation, invalid namespace', inject('on'), lost, {}, 'no shown namespace-annotation'],
    ['unknown pod annotation', inject('enabled'), lost, {}, 'unknown pod-annotation'],
    ['unknown annotations, host network', lost, { ...lost, hostNetwork: known(true) }, {}, 'no shown host-network'],
    ['unknown namespace', { ...inject('enabled'), name: unknown }, {}, {}, 'unknown excluded-namespace'],
    ['unknown namespace, no annotation', { name: unknown }, {}, {}, 'no shown no-annotation'],
    ['unknown webhook label', { ...inject('enabled'), admissionWebhooks: unknown }, {}, {}, 'unknown admission-webhooks-label'],
    ['unknown control plane label', inject('enabled'), { controlPlaneComponent: unknown }, {}, 'unknown control-plane-label'],
    ['unknown CNI label', inject('enabled'), { cniResource: unknown }, {}, 'unknown cni-label'],
    ['unknown host network', inject('enabled'), { hostNetwork: unknown }, {}, 'unknown host-network'],
    ['unknown host network, no annotation', {}, { hostNetwork: unknown }, {}, 'no shown no-annotation'],
    ['unknown sidecar', inject('enabled'), { existingSidecar: unknown }, {}, 'unknown existing-sidecar'],
    [
      'unknown token',
      inject('enabled'),
      { automountServiceAccountToken: unknown },
      notProjected,
      'unknown service-account-token',
    ],
    [
      'unknown projection',
      inject('enabled'),
      { automountServiceAccountToken: known(false) },
      { tokenProjection: unknown },
      'unknown service-account-token',
    ],
    [
      'unknown token and projection',
      inject('enabled'),
      { automountServiceAccountToken: unknown },
      { tokenProjection: unknown },
      'unknown service-account-token',
    ],
  ];
  it.each(cases)('%s', (_, namespace, pod, rest, expected) => {
    expect(short(decide(namespace, pod, rest))).toBe(expected);
  });

  it('gives a reason', () => {
    expect(decide(inject('enabled')).reason).toBe('Namespace annotation linkerd.io/inject=enabled');
    expect(decide({}, inject('true')).reason).toBe(
      'Pod annotation linkerd.io/inject=true is not a value that Linkerd knows, which turns injection off',
    );
    expect(decide(inject('enabled'), { existingSidecar: known(istioProxy) }).reason).toBe(
      'The pod already has a container of Istio',
    );
    expect(decide(lost).reason).toBe('The namespace annotation linkerd.io/inject is unknown');
  });
});

interface Container {
  readonly name: string | undefined;
  readonly image: string | undefined;
}
const container = (name: string | undefined, image: string | undefined): Container => ({ name, image });
const app = container('app', 'example.org/app:1');

describe('existing sidecars', () => {
  const sidecars: readonly (readonly [string, Container, 'linkerd' | 'istio', 'name' | 'image'])[] = [
    ['linkerd-proxy by name', container('linkerd-proxy', 'example.org/proxy:1'), 'linkerd', 'name'],
    ['linkerd proxy by image', container('proxy', 'cr.l5d.io/linkerd/proxy:edge-26.8.3'), 'linkerd', 'image'],
    ['istio-proxy by name', container('istio-proxy', 'docker.io/istio/proxyv2:1.30.3'), 'istio', 'name'],
    ['istio proxy by image', container('proxy', 'gcr.io/istio-release/proxyv2:1.30.3'), 'istio', 'image'],
    ['a name alone', container('istio-proxy', undefined), 'istio', 'name'],
    ['an image alone', container(undefined, 'cr.l5d.io/linkerd/proxy:x'), 'linkerd', 'image'],
  ];
  it.each(sidecars)('%s', (_, sidecar, mesh, by) => {
    const found = known({ mesh, container: sidecar, by });
    expect(hasExistingSidecar([app, sidecar], [])).toEqual(found);
    expect(hasExistingSidecar([app], [sidecar])).toEqual(found);
  });

  const initialisers: readonly (readonly [string, Container, 'linkerd' | 'istio', 'name' | 'image'])[] = [
    ['linkerd-init by name', container('linkerd-init', 'example.org/init:1'), 'linkerd', 'name'],
    ['linkerd-init by image', container('init', 'cr.l5d.io/linkerd/proxy-init:v2.4.0'), 'linkerd', 'image'],
    ['istio-init by name', container('istio-init', 'docker.io/istio/proxyv2:1.30.3'), 'istio', 'name'],
    ['istio-init by image', container('init', 'gcr.io/istio-release/proxy_init:1.0'), 'istio', 'image'],
  ];
  it.each(initialisers)('%s, among init containers alone', (_, initialiser, mesh, by) => {
    expect(hasExistingSidecar([app], [initialiser])).toEqual(known({ mesh, container: initialiser, by }));
    expect(hasExistingSidecar([initialiser], [app])).toEqual(absent);
  });

  const others: readonly (readonly [string, Container])[] = [
    ['Envoy', container('envoy', 'envoyproxy/envoy:v1.30')],
    ["Istio's usual image under another name", container('proxy', 'docker.io/istio/proxyv2:1.30.3')],
    ['a Linkerd image by digest', container('proxy', 'cr.l5d.io/linkerd/proxy@sha256:0')],
    ['another registry', container('proxy', 'mirror.example.org/cr.l5d.io/linkerd/proxy:1')],
    ['linkerd-network-validator', container('linkerd-network-validator', 'cr.l5d.io/linkerd/controller:1')],
    ['istio-validation', container('istio-validation', 'docker.io/istio/proxyv2:1.30.3')],
    ['a longer name', container('istio-proxy-2', 'example.org/app:1')],
  ];
  it.each(others)('not %s', (_, other) => {
    expect(hasExistingSidecar([other], [other])).toEqual(absent);
  });

  it('takes no containers, and says that it cannot read one', () => {
    expect(hasExistingSidecar([], [])).toEqual(absent);
    expect(hasExistingSidecar([container('app', undefined)], [])).toEqual(unknown);
    expect(hasExistingSidecar([app], [container(undefined, 'example.org/app:1')])).toEqual(unknown);
    expect(hasExistingSidecar([container(undefined, undefined)], [container('istio-init', undefined)]).is).toBe('known');
  });
});

const oneOf = <T>(...values: readonly T[]): fc.Arbitrary<Tristate<T>> =>
  fc.oneof(
    fc.constant(absent),
    fc.constant(unknown),
    fc.constantFrom(...values).map((value) => known(value)),
  );
const injectValues = oneOf('enabled', 'ingress', 'disabled', '', 'true');

const inputs: fc.Arbitrary<LinkerdInput> = fc.record({
  namespace: fc.record({
    name: oneOf('shop', 'shop', 'kube-system'),
    admissionWebhooks: oneOf('disabled', 'enabled'),
    inject: injectValues,
  }),
  pod: fc.record({
    inject: injectValues,
    controlPlaneComponent: fc.constantFrom(absent, absent, unknown, known('identity')),
    cniResource: fc.constantFrom(absent, absent, unknown, known('true')),
    hostNetwork: oneOf(true, false),
    existingSidecar: fc.constantFrom(absent, absent, unknown, known(istioProxy)),
    automountServiceAccountToken: oneOf(true, false),
  }),
  tokenProjection: oneOf(true, false),
});

const forgetters: readonly ((input: LinkerdInput) => LinkerdInput)[] = [
  (input) => ({ ...input, namespace: { ...input.namespace, name: unknown } }),
  (input) => ({ ...input, namespace: { ...input.namespace, admissionWebhooks: unknown } }),
  (input) => ({ ...input, namespace: { ...input.namespace, inject: unknown } }),
  (input) => ({ ...input, pod: { ...input.pod, inject: unknown } }),
  (input) => ({ ...input, pod: { ...input.pod, controlPlaneComponent: unknown } }),
  (input) => ({ ...input, pod: { ...input.pod, cniResource: unknown } }),
  (input) => ({ ...input, pod: { ...input.pod, hostNetwork: unknown } }),
  (input) => ({ ...input, pod: { ...input.pod, existingSidecar: unknown } }),
  (input) => ({ ...input, pod: { ...input.pod, automountServiceAccountToken: unknown } }),
  (input) => ({ ...input, tokenProjection: unknown }),
];

describe('properties', () => {
  it('knowing less leads to the same answer or to unknown', () => {
    fc.assert(
      fc.property(inputs, fc.constantFrom(...forgetters), (input, forget) => {
        const after = decideLinkerd(forget(input)).injected;
        return after === 'unknown' || after === decideLinkerd(input).injected;
      }),
      { numRuns: 5000 },
    );
  });

  it('a mode comes with injection and with nothing else', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const { injected, mode } = decideLinkerd(input);
        return (injected === 'yes') === (mode !== undefined);
      }),
    );
  });

  it('takes any text', () => {
    const text = fc.oneof(fc.constant(undefined), fc.string());
    const containers = fc.array(fc.record({ name: text, image: text }));
    fc.assert(
      fc.property(fc.string(), fc.string(), containers, containers, (namespace, pod, main, init) => {
        const existingSidecar = hasExistingSidecar(main, init);
        return ['yes', 'no', 'unknown'].includes(decide(inject(namespace), { ...inject(pod), existingSidecar }).injected);
      }),
    );
  });

  it('a container that cannot be read hides a sidecar and invents none', () => {
    const containers = fc.array(
      fc.record({
        name: fc.constantFrom('app', 'istio-proxy', 'linkerd-init'),
        image: fc.constantFrom('example.org/app:1', 'gcr.io/istio-release/proxyv2:1', 'cr.l5d.io/linkerd/proxy-init:1'),
      }),
      { minLength: 1, maxLength: 3 },
    );
    fc.assert(
      fc.property(containers, containers, fc.boolean(), (main, init, name) => {
        const hidden = main.map((item) => (name ? { ...item, name: undefined } : { ...item, image: undefined }));
        const before = hasExistingSidecar<Container>(main, init).is;
        const after = hasExistingSidecar<Container>(hidden, init).is;
        return after === 'unknown' || after === before;
      }),
    );
  });
});
