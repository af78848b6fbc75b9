import { nearestName } from '../../engine/configuration/nearest-name';
import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { rulesFor, subsetsOf } from '../../engine/mesh/istio/destination-rules';
import type { Subset } from '../../engine/mesh/istio/destination-rules';
import { isSubsetElsewhere } from '../../engine/mesh/istio/elsewhere';
import { showsAnyIn } from '../../engine/mesh/istio/host-resolution';
import { readHost } from '../../engine/mesh/istio/host-name';
import type { HostName } from '../../engine/mesh/istio/host-name';
import { destinationsOf } from '../../engine/mesh/istio/route-destinations';
import type { RouteDestination } from '../../engine/mesh/istio/route-destinations';
import { replaceable } from '../../engine/mesh/istio/validation/problem';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { replaceScalar } from '../../engine/yaml/edit';

const KIND = 'DestinationRule.networking.istio.io';

const destinationRule = (host: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: ${host}\n  namespace: shop\nspec:\n  host: ${host}\n  subsets:\n    - name: v1\n      labels:\n        version: v1\n`;
const route = (subset: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  hosts: [cart]\n  http:\n    - route:\n        - destination:\n            host: cart\n            subset: ${subset}\n`;

export const rule = defineRule({
  id: 'istio/unknown-subset',
  severity: 'error',
  summary: 'A VirtualService sends traffic to a subset that no DestinationRule defines.',
  why:
    'A subset exists where a DestinationRule for the host defines it, and nowhere else: labels on pods alone make none. The proxy knows no ' +
    'endpoints for a subset that is not defined, so that requests which the rule matches fail although the pods are there.',
  todo: 'Name a subset that the DestinationRule of the host has, or add it there, before the VirtualService is applied.',
  kinds: ['VirtualService.networking.istio.io'],
  equivalents: ['IST0101', 'KIA1107'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0101/',
  since: '0.1.0',
  fix: 'writes the name of a subset that comes near',
  examples: {
    bad: [
      {
        title: 'A subset that is called otherwise',
        files: { 'rule.yaml': destinationRule('cart'), 'cart.yaml': route('v-1') },
        findings: [
          {
            at: 'cart.yaml:12:21',
            text: 'v-1',
            message:
              'VirtualService shop/cart sends requests to subset v-1 of cart, which no DestinationRule defines: they fail. DestinationRule shop/cart has subset v1. Did you mean v1?',
          },
        ],
      },
      {
        title: 'No DestinationRule for the host',
        files: { 'rule.yaml': destinationRule('pay'), 'cart.yaml': route('v2') },
        findings: [
          {
            at: 'cart.yaml:12:21',
            text: 'v2',
            message:
              'VirtualService shop/cart sends requests to subset v2 of cart, which no DestinationRule defines: they fail. There is no DestinationRule for cart. Add one that says which pods v2 is.',
          },
        ],
      },
    ],
    good: [
      { title: 'A subset that is defined', files: { 'rule.yaml': destinationRule('cart'), 'cart.yaml': route('v1') } },
      {
        title: 'By a rule for all of the namespace',
        files: {
          'rule.yaml': destinationRule('"*.shop.svc.cluster.local"').replace('name: "*', 'name: "all'),
          'cart.yaml': route('v1'),
        },
      },
      { title: 'No DestinationRule in sight', files: { 'cart.yaml': route('v1') } },
    ],
  },
  *check(subject, view) {
    for (const destination of destinationsOf(subject)) {
      const finding = missingSubset(subject, view, destination);
      if (finding !== undefined) yield finding;
    }
  },
});

function missingSubset(subject: Resource, view: MeshView, destination: RouteDestination): Finding | undefined {
  const { subset, host: written, use } = destination;
  if (subset === undefined) return undefined;
  const host = readHost(written, subject.header.namespace);
  const { rules, open } = rulesFor(view, host);
  const defined = rules.map(({ rule: one }) => subsetsOf(one));
  if (open || defined.some((one) => one.open || one.subsets.some(({ name }) => name === subset.name))) return undefined;
  if (rules.some(({ is }) => is === 'unknown') || view.scope().partial.length > 0) return undefined;
  if (rules.length === 0 && !showsRules(view, subject, host)) return undefined;
  if (isSubsetElsewhere(view, host, subset.name)) return undefined;
  const known = defined.flatMap(({ subsets }) => subsets);
  const near = nearestName(
    subset.name,
    known.map(({ name }) => name),
  );
  const scalar = replaceable(subset.node);
  const [first] = rules;
  const [what, result] =
    use === 'http' || use === 'mirror' ? (['requests', 'they fail'] as const) : (['connections', 'they are closed'] as const);
  const advice =
    near === undefined
      ? `Add ${first === undefined ? 'one that says' : 'it, with the labels that say'} which pods ${subset.name} is.`
      : `Did you mean ${near}?`;
  const shown = first === undefined ? `There is no DestinationRule for ${written}.` : `${first.rule.title} has ${listed(known)}.`;
  const mirrored = use === 'mirror';
  return {
    place: { node: subset.node },
    message: `${subject.title} sends ${mirrored ? 'copies of requests' : what} to subset ${subset.name} of ${written}, which no DestinationRule defines: ${mirrored ? 'they are lost' : result}. ${shown} ${advice}`,
    related: rules.flatMap(({ rule: one }) => {
      const node = one.at('spec', 'host');
      return node === undefined ? [] : [{ place: { node }, message: `${one.title} is for this host.` }];
    }),
    fixes:
      near === undefined || scalar === undefined
        ? []
        : [{ title: `Write ${near}`, safe: false, preferred: true, edits: () => [replaceScalar(scalar, near)] }],
    ...(mirrored ? { severity: 'warning' } : {}),
  };
}

/** Whether files show the DestinationRules of the namespaces in which one for the host would stand. */
function showsRules(view: MeshView, subject: Resource, host: HostName): boolean {
  if (view.scope().plan.complete) return true;
  const { namespace } = subject;
  const ofHost = host.is === 'service' && host.namespace.is === 'known' ? host.namespace.value : namespace;
  return [namespace, ofHost].some((name) => name !== undefined && showsAnyIn(view, KIND, name));
}

function listed(subsets: readonly Subset[]): string {
  if (subsets.length === 0) return 'no subsets';
  const names = subsets.slice(0, 5).map(({ name }) => name);
  const more = subsets.length > names.length ? ` and ${subsets.length - names.length} more` : '';
  return `${subsets.length === 1 ? 'subset' : 'subsets'} ${names.join(', ')}${more}`;
}
