import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { gatewaysIn, gatewaysNamed } from '../../engine/mesh/istio/gateway-references';
import { hasRequestAuthentication } from '../../engine/mesh/istio/request-authentication';
import { entries, items, keyText } from '../../engine/mesh/istio/validation/read';
import { isClaim } from '../../engine/mesh/istio/validation/values/header';
import { selectedWorkloads } from '../../engine/mesh/istio/workload-selection';
import type { MeshView } from '../../engine/mesh/view';
import { Labels } from '../../engine/resources/labels';
import type { Resource } from '../../engine/resources/resource';
import { lookup } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

const gateway =
  'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata:\n  name: public\n  namespace: ingress\nspec:\n  selector:\n    istio: public\n  servers:\n    - hosts: ["*"]\n      port: { number: 80, name: http, protocol: HTTP }\n---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: public\n  namespace: ingress\nspec:\n  template:\n    metadata:\n      labels:\n        istio: public\n    spec:\n      containers:\n        - name: istio-proxy\n          image: auto\n';
const authentication =
  'apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata:\n  name: public\n  namespace: ingress\nspec:\n  selector:\n    matchLabels:\n      istio: public\n  jwtRules:\n    - issuer: https://login.example.com\n';
const route =
  'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  hosts: [cart.example.com]\n  gateways: [ingress/public]\n  http:\n    - match:\n        - headers:\n            "@request.auth.claims.group":\n              exact: beta\n      route:\n        - destination:\n            host: cart\n';

export const rule = defineRule({
  id: 'istio/claims-without-authentication',
  severity: 'warning',
  summary: 'A VirtualService routes by claims of a token that the gateway does not check.',
  why:
    'Only a RequestAuthentication that applies to the pods of the gateway reads the claims of a JWT. Without one there are no claims, and ' +
    'a match on one of them never holds: requests take the next rule that matches, or get 404, whatever token they carry.',
  todo: 'Add a RequestAuthentication in the namespace of the gateway whose selector picks its pods.',
  kinds: ['VirtualService.networking.istio.io'],
  equivalents: ['IST0149'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0149/',
  since: '0.1.0',
  noFix: 'who issues the tokens, the files do not show',
  examples: {
    bad: [
      {
        title: 'No RequestAuthentication for the gateway',
        files: { 'gateway.yaml': gateway, 'cart.yaml': route },
        findings: [
          {
            at: 'cart.yaml:12:13',
            text: '"@request.auth.claims.group"',
            message:
              'VirtualService shop/cart routes by a claim at Gateway ingress/public, and no RequestAuthentication applies to Deployment ingress/public, which serves it: the match never holds. Add one that selects its pods.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'With a RequestAuthentication',
        files: { 'gateway.yaml': `${gateway}---\n${authentication}`, 'cart.yaml': route },
      },
      { title: 'The gateway is not here', files: { 'cart.yaml': route } },
    ],
  },
  *check(subject, view) {
    const claims = claimsIn(subject);
    if (claims.length === 0) return;
    for (const { gatewayResource, workload } of unauthenticated(subject, view)) {
      for (const node of claims) yield finding(subject, view, node, gatewayResource, workload);
    }
  },
});

/** The keys of matches that name claims. */
function claimsIn(subject: Resource): YamlNode[] {
  const matches = items(subject.at('spec', 'http')).flatMap((one) => items(lookup(one, 'match')));
  return matches.flatMap((match) =>
    ['headers', 'withoutHeaders'].flatMap((field) =>
      entries(lookup(match, field)).flatMap((entry) => (isClaim(keyText(entry)) ? [entry.key] : [])),
    ),
  );
}

interface Unauthenticated {
  readonly gatewayResource: Resource;
  readonly workload: Resource;
}

/** For each gateway that the VirtualService names, a workload that serves it and to which no RequestAuthentication applies. */
function* unauthenticated(subject: Resource, view: MeshView): Iterable<Unauthenticated> {
  for (const reference of gatewaysIn(subject.at('spec', 'gateways'), subject)) {
    const { gateways } = gatewaysNamed(view, reference);
    const [named] = gateways;
    if (named?.is !== 'yes' || gateways.length > 1 || named.resource.kind !== 'Gateway.networking.istio.io') continue;
    const selector = new Labels(named.resource.at('spec', 'selector'));
    if (selector.isEmpty) continue;
    const { certain } = selectedWorkloads(named.resource, selector, 'mesh', view);
    const workload = certain.find((one) => hasRequestAuthentication(view, one) === 'no');
    if (workload !== undefined) yield { gatewayResource: named.resource, workload };
  }
}

function finding(subject: Resource, view: MeshView, node: YamlNode, gatewayResource: Resource, workload: Resource): Finding {
  const { plan, partial } = view.scope();
  return {
    place: { node },
    severity: partial.length > 0 ? 'info' : plan.complete ? 'error' : 'warning',
    message: `${subject.title} routes by a claim at ${gatewayResource.title}, and no RequestAuthentication applies to ${workload.title}, which serves it: the match never holds. Add one that selects its pods.`,
    related: [gatewayResource, workload].flatMap(({ titlePlace, title }) =>
      titlePlace === undefined ? [] : [{ place: { node: titlePlace }, message: `${title} is here.` }],
    ),
  };
}
