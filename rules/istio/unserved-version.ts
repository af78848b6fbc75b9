import { defineRule } from '../../engine/findings/rule';
import { istioVersion, isOlder } from '../../engine/mesh/istio/control-plane';
import { replaceScalar } from '../../engine/yaml/edit';
import { ISTIO_KINDS, istioKind } from '../../schemas/istio';
import { EARLIER, V1_RELEASE } from './versions.data';

const document = (version: string, kind: string): string =>
  `apiVersion: ${version}\nkind: ${kind}\nmetadata:\n  name: cart\nspec: {}\n`;

export const rule = defineRule({
  id: 'istio/unserved-version',
  severity: 'error',
  summary: 'A resource of Istio is written for a version of the API that does not exist.',
  why:
    'The API server knows each kind in certain versions, and refuses a resource of any other: "no matches for kind". Not every kind of a group ' +
    'has every version: EnvoyFilter has stayed at `v1alpha3`, ProxyConfig at `v1beta1`, WasmPlugin at `v1alpha1`, and `v1` came with Istio 1.22.',
  todo: 'Write a version that is served.',
  kinds: ISTIO_KINDS,
  equivalents: ['refused'],
  docs: 'https://istio.io/latest/blog/2024/v1-apis/',
  since: '0.1.0',
  fix: 'writes the newest version that is served',
  examples: {
    bad: [
      {
        title: 'A version that the kind does not have, and one that is gone',
        files: {
          'filter.yaml': document('networking.istio.io/v1', 'EnvoyFilter'),
          'policy.yaml': document('security.istio.io/v1alpha1', 'PeerAuthentication'),
        },
        findings: [
          {
            at: 'filter.yaml:1:13',
            text: 'networking.istio.io/v1',
            message:
              'EnvoyFilter has no version v1. The API server refuses EnvoyFilter cart: none of it takes effect. Write networking.istio.io/v1alpha3.',
          },
          {
            at: 'policy.yaml:1:13',
            text: 'security.istio.io/v1alpha1',
            message:
              'PeerAuthentication has no version v1alpha1. The API server refuses PeerAuthentication cart: none of it takes effect. Write security.istio.io/v1.',
          },
        ],
      },
      {
        title: 'An Istio that is older than the version',
        files: {
          '.mesh-lint.yaml': 'istio:\n  version: "1.20"\n',
          'policy.yaml': document('security.istio.io/v1', 'RequestAuthentication'),
          'cart.yaml': document('networking.istio.io/v1', 'Sidecar'),
        },
        findings: [
          {
            at: 'cart.yaml:1:13',
            text: 'networking.istio.io/v1',
            message:
              'Sidecar has no version v1 in Istio 1.20: it came with 1.22. The API server refuses Sidecar cart: none of it takes effect. Write networking.istio.io/v1beta1.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Versions that are served',
        files: {
          'filter.yaml': document('networking.istio.io/v1alpha3', 'EnvoyFilter'),
          'policy.yaml': document('security.istio.io/v1', 'PeerAuthentication'),
        },
      },
    ],
  },
  *check(subject, view) {
    const kind = istioKind(subject.kind);
    const node = subject.root?.get('apiVersion');
    if (kind === undefined || node?.type !== 'scalar') return;
    const { version } = subject;
    const istio = istioVersion(view);
    const hasV1 = istio === undefined || EARLIER.has(kind.kind) || !isOlder(istio, V1_RELEASE);
    const served = kind.versions.filter((one) => one !== 'v1' || hasV1);
    const [instead] = served;
    if (served.includes(version) || instead === undefined) return;
    const reason =
      kind.versions.includes(version) && istio !== undefined
        ? ` in Istio ${istio.major}.${istio.minor}: it came with ${V1_RELEASE.major}.${V1_RELEASE.minor}`
        : '';
    const right = `${kind.group}/${instead}`;
    yield {
      place: { node },
      message: `${kind.kind} has no version ${version}${reason}. The API server refuses ${subject.title}: none of it takes effect. Write ${right}.`,
      fixes:
        node.madeBy === undefined
          ? [{ title: `Write ${right}`, safe: false, preferred: true, edits: () => [replaceScalar(node, right)] }]
          : [],
    };
  },
});
