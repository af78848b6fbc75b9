import { defineRule, RELATED_LIMIT } from '../../engine/findings/rule';
import { ambientNamespace } from '../../engine/mesh/istio/ambient-namespace';
import { policyTarget } from '../../engine/mesh/istio/policy-selector';
import type { MeshView } from '../../engine/mesh/view';
import { sameNamespace } from '../../engine/resources/resource';
import type { Resource } from '../../engine/resources/resource';

const SIDECAR = 'Sidecar.networking.istio.io';
const TELEMETRY = 'Telemetry.telemetry.istio.io';
const PEER_AUTHENTICATION = 'PeerAuthentication.security.istio.io';

const sidecar = (name: string, rest = ''): string =>
  `apiVersion: networking.istio.io/v1\nkind: Sidecar\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n${rest}  egress:\n    - hosts: ["./*"]\n`;

export const rule = defineRule({
  id: 'istio/several-namespace-defaults',
  severity: 'error',
  summary: 'Several policies of one kind are for all workloads of one namespace, and one of them counts.',
  why:
    'Of a Sidecar, a Telemetry or a PeerAuthentication without a selector there can be one in a namespace: they are not merged, and the others ' +
    'do nothing. Of PeerAuthentications the oldest counts, so that a new cluster may have another one; for the other two Istio leaves open which ' +
    'it is.',
  todo: 'Make one of them, or give the others a selector.',
  kinds: [PEER_AUTHENTICATION, SIDECAR, TELEMETRY],
  equivalents: ['IST0111', 'IST0160'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0111/',
  since: '0.1.0',
  noFix: 'which of them is meant, or how they are to be merged, is for their author to say',
  examples: {
    bad: [
      {
        title: 'Two Sidecars',
        files: { 'cart.yaml': sidecar('cart'), 'default.yaml': sidecar('default') },
        findings: [
          {
            at: 'cart.yaml:4:9',
            text: 'cart',
            message:
              'Sidecar shop/cart is for all workloads of namespace shop, and so is Sidecar shop/default. One of the two counts, Istio leaves open which, and the other does nothing. Make one of them, or give the other a selector.',
          },
          {
            at: 'default.yaml:4:9',
            text: 'default',
            message:
              'Sidecar shop/default is for all workloads of namespace shop, and so is Sidecar shop/cart. One of the two counts, Istio leaves open which, and the other does nothing. Make one of them, or give the other a selector.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'One for all, and one for some',
        files: {
          'cart.yaml': sidecar('cart', '  workloadSelector:\n    labels:\n      app: cart\n'),
          'default.yaml': sidecar('default'),
        },
      },
    ],
  },
  *check(subject, view) {
    const { titlePlace } = subject;
    if (titlePlace === undefined || policyTarget(subject, view).is !== 'all') return;
    const others = rivals(subject, view);
    const [first] = others;
    // No Sidecar has an effect there: that is another matter.
    if (first === undefined || (subject.kind === SIDECAR && ambientNamespace(subject, view) === 'yes')) return;
    const { namespace } = subject.header;
    const where = namespace.is === 'known' ? `namespace ${namespace.value}` : 'its namespace';
    const named = others.length === 1 ? first.title : `${first.title} and ${others.length - 1} more`;
    const [are, other, does] = others.length === 1 ? ['is', 'the other', 'does'] : ['are', 'the others', 'do'];
    const one = others.length === 1 ? 'One of the two' : 'One of them';
    const winner =
      subject.kind === PEER_AUTHENTICATION ? 'The one that was created first counts,' : `${one} counts, Istio leaves open which,`;
    yield {
      place: { node: titlePlace },
      message: `${subject.title} is for all workloads of ${where}, and so ${are} ${named}. ${winner} and ${other} ${does} nothing. Make one of them, or give ${other} a selector.`,
      related: others.slice(0, RELATED_LIMIT).flatMap((rival) => {
        const node = rival.titlePlace;
        return node === undefined ? [] : [{ place: { node }, message: `${rival.title} is for all of them as well.` }];
      }),
      equivalents: CODES.get(subject.kind) ?? [],
    };
  },
});

const CODES: ReadonlyMap<string, readonly string[]> = new Map([
  [SIDECAR, ['IST0111']],
  [TELEMETRY, ['IST0160']],
]);

/**
 * Others of the kind that are for the whole namespace as well; several definitions of one are alternatives. What becomes of them: istio/api
 * networking/v1alpha3/sidecar.proto and telemetry/v1alpha1/telemetry.proto (v1.31.1), istio/istio pilot/pkg/serviceregistry/ambient/policies.go
 * (1.32 development).
 */
function rivals(subject: Resource, view: MeshView): readonly Resource[] {
  if (subject.namespace === undefined) return [];
  const others = view.index
    .inNamespace(subject.kind, subject.namespace)
    .filter(
      (other) =>
        other.key !== undefined &&
        other.key !== subject.key &&
        sameNamespace(other, subject) === 'yes' &&
        policyTarget(other, view).is === 'all',
    );
  return [...new Map(others.map((other) => [other.key, other])).values()];
}
