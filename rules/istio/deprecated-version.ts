import { defineRule } from '../../engine/findings/rule';
import { istioVersion, isOlder } from '../../engine/mesh/istio/control-plane';
import { replaceScalar } from '../../engine/yaml/edit';
import { ISTIO_KINDS, istioKind } from '../../schemas/istio';
import { V1_RELEASE } from './versions.data';

const document = (version: string): string =>
  `apiVersion: networking.istio.io/${version}\nkind: DestinationRule\nmetadata:\n  name: cart\nspec:\n  host: cart\n`;

export const rule = defineRule({
  id: 'istio/deprecated-version',
  severity: 'hint',
  summary: 'A resource of Istio is written for an older version of the API, and there is a stable one.',
  why:
    'Istio serves `v1` of most kinds since release 1.22, with the fields that the older versions have: nothing changes but the line. The ' +
    'older ones are served still, and new fields of them are promised to nobody.',
  todo: 'Write `v1`, unless the same manifests also go to an Istio before 1.22.',
  kinds: ISTIO_KINDS,
  equivalents: [],
  docs: 'https://istio.io/latest/blog/2024/v1-apis/',
  since: '0.1.0',
  tags: ['deprecated'],
  fix: 'writes `v1`',
  examples: {
    bad: [
      {
        title: 'The version that examples have had for years',
        files: { 'cart.yaml': document('v1alpha3') },
        findings: [
          {
            at: 'cart.yaml:1:13',
            text: 'networking.istio.io/v1alpha3',
            message:
              'v1alpha3 is an older version of DestinationRule: v1 has the same fields, and every release from 1.22 on serves it. Write networking.istio.io/v1.',
          },
        ],
      },
    ],
    good: [
      { title: 'The stable version', files: { 'cart.yaml': document('v1') } },
      {
        title: 'An Istio that does not have it',
        files: { '.mesh-lint.yaml': 'istio:\n  version: "1.20"\n', 'cart.yaml': document('v1beta1') },
      },
    ],
  },
  *check(subject, view) {
    const kind = istioKind(subject.kind);
    const node = subject.root?.get('apiVersion');
    if (kind === undefined || node?.type !== 'scalar' || subject.version === 'v1') return;
    const istio = istioVersion(view);
    if (!kind.versions.includes('v1') || !kind.versions.includes(subject.version)) return;
    if (istio !== undefined && isOlder(istio, V1_RELEASE)) return;
    const right = `${kind.group}/v1`;
    yield {
      place: { node },
      message: `${subject.version} is an older version of ${kind.kind}: v1 has the same fields, and every release from ${V1_RELEASE.major}.${V1_RELEASE.minor} on serves it. Write ${right}.`,
      fixes:
        node.madeBy === undefined
          ? // Whether an older Istio has to read it as well is unknown where no version is shown.
            [{ title: `Write ${right}`, safe: istio !== undefined, preferred: true, edits: () => [replaceScalar(node, right)] }]
          : [],
    };
  },
});
