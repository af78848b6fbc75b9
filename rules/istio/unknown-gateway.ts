import { nearestName } from '../../engine/configuration/nearest-name';
import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { isDefinedElsewhere } from '../../engine/mesh/istio/elsewhere';
import { gatewaysIn, gatewaysNamed, isInternal } from '../../engine/mesh/istio/gateway-references';
import type { GatewayReference } from '../../engine/mesh/istio/gateway-references';
import { showsAny, showsAnyIn } from '../../engine/mesh/istio/host-resolution';
import { replaceable } from '../../engine/mesh/istio/validation/problem';
import type { MeshView } from '../../engine/mesh/view';
import { UNSET_NAMESPACE } from '../../engine/resources/resource';
import type { Resource } from '../../engine/resources/resource';
import { replaceScalar } from '../../engine/yaml/edit';
import { itemsOf, lookup } from '../../engine/yaml/tree';

const ISTIO = 'Gateway.networking.istio.io';
const KINDS = [ISTIO, 'Gateway.gateway.networking.k8s.io'];

const gateway = (namespace: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: public\n  namespace: ${namespace}\nspec:\n  servers:\n    - hosts: ["*"]\n      port: { number: 80, name: http, protocol: HTTP }\n`;
const route = (named: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  hosts: [cart.example.com]\n  gateways: [${named}]\n  http:\n    - route:\n        - destination:\n            host: cart\n`;

export const rule = defineRule({
  id: 'istio/unknown-gateway',
  severity: 'error',
  summary: 'A VirtualService names a gateway that is not there.',
  why:
    'The rules of a VirtualService hold for the gateways that it names, and where it names some, for nothing else: not for the mesh either, ' +
    'unless `mesh` is among them. A gateway that does not exist has no proxies, so that the rules are never used and requests from outside ' +
    'are answered with 404. A name without a namespace means one in the namespace of the VirtualService, which is rarely where gateways are.',
  todo: 'Write `namespace/name` of a Gateway that exists, or `mesh` for the proxies beside the workloads.',
  kinds: ['VirtualService.networking.istio.io'],
  equivalents: ['IST0101', 'IST0132', 'KIA1102'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0101/',
  since: '0.1.0',
  reportsUnknown: true,
  fix: 'writes the name of a gateway that comes near, or the namespace of the one with that name',
  examples: {
    bad: [
      {
        title: 'In another namespace',
        files: {
          'gateway.yaml': gateway('ingress'),
          'cart.yaml': `${gateway('shop').replace('public', 'internal')}---\n${route('public')}`,
        },
        findings: [
          {
            at: 'cart.yaml:18:14',
            text: 'public',
            message:
              'VirtualService shop/cart names gateway public, and namespace shop has no Gateway public: what it says holds for no gateway of that name. Did you mean ingress/public?',
          },
        ],
      },
      {
        title: 'A namespace of which no file shows a Gateway',
        files: { 'gateway.yaml': gateway('ingress'), 'cart.yaml': route('edge/main') },
        findings: [
          {
            at: 'cart.yaml:8:14',
            text: 'edge/main',
            message:
              'VirtualService shop/cart names gateway edge/main. No file here shows a Gateway main in namespace edge. See that the cluster has it.',
          },
        ],
      },
    ],
    good: [
      { title: 'With its namespace', files: { 'gateway.yaml': gateway('ingress'), 'cart.yaml': route('ingress/public') } },
      { title: 'The mesh', files: { 'gateway.yaml': gateway('shop'), 'cart.yaml': route('mesh') } },
      { title: 'No Gateway in sight', files: { 'cart.yaml': route('ingress/public') } },
    ],
  },
  *check(subject, view) {
    for (const reference of gatewaysIn(subject.at('spec', 'gateways'), subject)) {
      const finding = missingGateway(subject, view, reference);
      if (finding !== undefined) yield finding;
    }
    const matches = ['http', 'tls', 'tcp'].flatMap((field) =>
      itemsOf(subject.at('spec', field)).flatMap((one) => itemsOf(lookup(one, 'match'))),
    );
    for (const match of matches) {
      for (const reference of gatewaysIn(lookup(match, 'gateways'), subject)) {
        const finding = missingGateway(subject, view, reference);
        // istioctl reads the list of the VirtualService alone.
        if (finding !== undefined) yield { ...finding, equivalents: ['KIA1102'] };
      }
    }
  },
});

function missingGateway(subject: Resource, view: MeshView, reference: GatewayReference): Finding | undefined {
  const { node, text, name, namespace } = reference;
  if (namespace.is === 'unknown' || isInternal(reference)) return undefined;
  const { gateways, open } = gatewaysNamed(view, reference);
  if (gateways.length > 0 || open || view.scope().partial.length > 0) return undefined;
  if (KINDS.some((kind) => isDefinedElsewhere(view, kind, name, namespace))) return undefined;
  const where = namespace.is === 'known' ? namespace.value : UNSET_NAMESPACE;
  const opening = `${subject.title} names gateway ${text}`;
  const inThere = namespace.is === 'known' ? `namespace ${where}` : 'its namespace';
  const isShown = view.scope().plan.complete || KINDS.some((kind) => showsAnyIn(view, kind, where));
  if (!isShown) {
    if (!KINDS.some((kind) => showsAny(view, kind))) return undefined;
    return {
      place: { node },
      severity: 'info',
      message: `${opening}. No file here shows a Gateway ${name} in ${inThere}. See that the cluster has it.`,
    };
  }
  const near = nearestGateway(view, reference, where);
  const scalar = near === undefined ? undefined : replaceable(node);
  return {
    place: { node },
    message: `${opening}, and ${inThere} has no Gateway ${name}: what it says holds for no gateway of that name. ${near === undefined ? 'Name one that is there.' : `Did you mean ${near}?`}`,
    fixes:
      near === undefined || scalar === undefined
        ? []
        : [{ title: `Write ${near}`, safe: false, preferred: true, edits: () => [replaceScalar(scalar, near)] }],
  };
}

/** A Gateway of the same name elsewhere, or one in that namespace whose name comes near. */
function nearestGateway(view: MeshView, { name, text }: GatewayReference, namespace: string): string | undefined {
  const same = view.ofKind(ISTIO).filter((one) => one.name === name && one.header.namespace.is === 'known');
  const [only] = same;
  if (same.length === 1 && only !== undefined) return `${only.namespace ?? ''}/${name}`;
  const near = nearestName(
    name,
    view.index.inNamespace(ISTIO, namespace).flatMap((one) => one.name ?? []),
  );
  return near !== undefined && text.includes('/') ? `${namespace}/${near}` : near;
}
