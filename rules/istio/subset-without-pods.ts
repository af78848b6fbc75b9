import { nearestName } from '../../engine/configuration/nearest-name';
import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { hostOfRule, subsetsOf } from '../../engine/mesh/istio/destination-rules';
import type { Subset } from '../../engine/mesh/istio/destination-rules';
import { resolveHost } from '../../engine/mesh/istio/host-resolution';
import { routesToSubset } from '../../engine/mesh/istio/mesh-routes';
import { endpointsOf, hasLabels, isGiven, matchNoWorkload } from '../../engine/mesh/istio/subset-pods';
import type { Endpoints } from '../../engine/mesh/istio/subset-pods';
import { replaceable } from '../../engine/mesh/istio/validation/problem';
import type { MeshView } from '../../engine/mesh/view';
import type { Labels } from '../../engine/resources/labels';
import type { Resource } from '../../engine/resources/resource';
import { replaceScalar } from '../../engine/yaml/edit';
import { stringOf } from '../../engine/yaml/tree';

const service =
  'apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  selector:\n    app: cart\n  ports:\n    - name: http\n      port: 80\n---\n';
const deployment = (version: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: cart-${version}\n  namespace: shop\nspec:\n  template:\n    metadata:\n      labels:\n        app: cart\n        version: ${version}\n    spec:\n      containers:\n        - name: cart\n          image: cart:1\n`;
const destinationRule = (version: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  host: cart\n  subsets:\n    - name: v1\n      labels:\n        version: ${version}\n`;
const route =
  'apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  hosts: [cart]\n  http:\n    - route:\n        - destination:\n            host: cart\n            subset: v1\n';

export const rule = defineRule({
  id: 'istio/subset-without-pods',
  severity: 'warning',
  summary: 'The labels of a subset match none of the pods behind its host.',
  why:
    'A subset is those pods of the Service that have its labels, beside those that the Service selects by. Without any, requests that a ' +
    'VirtualService sends to the subset fail, although the Service has pods. A subset that no VirtualService names does no harm, and no good.',
  todo:
    'Let the labels be those of the pod template (`spec.template.metadata.labels`), not of the Deployment, and mind quotes: a version such ' +
    'as `1.0` has to be a string in both.',
  kinds: ['DestinationRule.networking.istio.io'],
  equivalents: ['IST0173', 'KIA0203'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0173/',
  since: '0.1.0',
  reportsUnknown: true,
  fix: 'writes the value that comes near among those of the pods',
  examples: {
    bad: [
      {
        title: 'No pod of that version',
        files: { 'cart.yaml': service + deployment('v1'), 'rule.yaml': destinationRule('v2'), 'route.yaml': route },
        findings: [
          {
            at: 'rule.yaml:11:18',
            text: 'v2',
            message:
              'Subset v1 of DestinationRule shop/cart has no pods: none of those behind Service shop/cart has version=v2. VirtualService shop/cart sends traffic to it, which fails. The pods have version=v1.',
          },
        ],
      },
      {
        title: 'A value that is misspelt, in a subset that nothing uses',
        files: { 'cart.yaml': service + deployment('stable'), 'rule.yaml': destinationRule('stabel') },
        findings: [
          {
            at: 'rule.yaml:11:18',
            text: 'stabel',
            message:
              'Subset v1 of DestinationRule shop/cart has no pods: none of those behind Service shop/cart has version=stabel. No VirtualService here sends traffic to it. The pods have version=stable.',
          },
        ],
      },
      {
        title: 'A Service whose pods no file shows',
        files: { 'cart.yaml': service + deployment('v1').replaceAll('cart', 'pay'), 'rule.yaml': destinationRule('v2') },
        findings: [
          {
            at: 'rule.yaml:9:13',
            text: 'v1',
            message:
              'Subset v1 of DestinationRule shop/cart is for pods with version=v2, and no workload here has such pods. See that the cluster has some, or requests to the subset fail.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'The labels of the pods',
        files: { 'cart.yaml': service + deployment('v1'), 'rule.yaml': destinationRule('v1'), 'route.yaml': route },
      },
      { title: 'No pods in sight', files: { 'cart.yaml': service, 'rule.yaml': destinationRule('v1'), 'route.yaml': route } },
    ],
  },
  *check(subject, view) {
    const { subsets } = subsetsOf(subject);
    const text = stringOf(subject.at('spec', 'host'));
    if (subsets.length === 0 || text === undefined) return;
    const resolution = resolveHost(view, subject, text);
    if (resolution.is !== 'found') return;
    if (view.scope().partial.length > 0) return;
    const endpoints = resolution.definitions.map((definition) => endpointsOf(view, definition));
    const behind = endpoints.flatMap((one) => one.labels);
    // Any of several alternatives may hold the pods.
    const isOpen = endpoints.some(({ open }) => open) || behind.length === 0;
    const [first] = resolution.definitions;
    if (first === undefined) return;
    for (const subset of subsets) {
      if (subset.labels.isEmpty || behind.some(({ labels }) => hasLabels(labels, subset.labels) !== 'no')) continue;
      if (!isOpen) yield finding(subject, view, subset, first.resource, behind);
      else if (hasPods(first.resource) && matchNoWorkload(view, subject, subset.labels)) yield unseen(subject, subset);
    }
  },
});

/** Whether pods may stand behind a host, by what gives it. */
function hasPods({ kind }: Resource): boolean {
  return kind === 'Service' || kind === 'ServiceEntry.networking.istio.io';
}

/** What is behind the host no file shows; but neither does any show a pod that could be. */
function unseen(subject: Resource, subset: Subset): Finding {
  return {
    place: { node: subset.nameNode },
    severity: 'info',
    message: `Subset ${subset.name} of ${subject.title} is for pods with ${wantedBy(subset.labels)}, and no workload here has such pods. See that the cluster has some, or requests to the subset fail.`,
  };
}

function finding(subject: Resource, view: MeshView, subset: Subset, host: Resource, behind: Endpoints['labels']): Finding {
  const own = hostOfRule(subject);
  const routes = own === undefined ? [] : routesToSubset(view, own, subset.name);
  const { key, value, node } = culprit(subset, behind);
  const values = valuesOf(key, behind);
  const near = value === undefined ? undefined : nearestName(value, values);
  const scalar = near === undefined ? undefined : replaceable(node);
  const [route] = routes;
  const effect =
    route === undefined ? 'No VirtualService here sends traffic to it.' : `${route.title} sends traffic to it, which fails.`;
  const shown =
    values.length === 0 ? `None of them has a label ${key}.` : `The pods have ${key}=${values.slice(0, 5).join(', ')}.`;
  return {
    place: { node },
    ...(route === undefined ? { severity: 'info' } : view.scope().plan.complete ? { severity: 'error' } : {}),
    message: `Subset ${subset.name} of ${subject.title} has no pods: none of those behind ${host.title} has ${wantedBy(subset.labels)}. ${effect} ${shown}`,
    related: [
      ...routes.flatMap((one) => placeOf(one, `${one.title} sends traffic to the subset.`)),
      ...behind.flatMap(({ resource }) => placeOf(resource, `The pods of ${resource.title} are behind the host.`)),
    ],
    fixes:
      near === undefined || scalar === undefined
        ? []
        : [{ title: `Write ${near}`, safe: false, preferred: true, edits: () => [replaceScalar(scalar, near)] }],
  };
}

/** The label that no pod has; where each has some pods, the first of them, since no pod has all. */
function culprit(subset: Subset, behind: Endpoints['labels']): { key: string; value: string | undefined; node: Subset['node'] } {
  const keys = subset.labels.keys().filter((key) => !isGiven(key));
  const found =
    keys.find((key) => {
      const wanted = subset.labels.get(key);
      return wanted.is === 'known' && !valuesOf(key, behind).includes(wanted.value);
    }) ?? keys[0];
  const label = subset.labels.get(found ?? '');
  if (found === undefined || label.is !== 'known') return { key: '', value: undefined, node: subset.nameNode };
  return { key: found, value: label.value, node: label.node };
}

function valuesOf(key: string, behind: Endpoints['labels']): string[] {
  const values = behind.flatMap(({ labels }) => {
    const label = labels.get(key);
    return label.is === 'known' ? [label.value] : [];
  });
  return [...new Set(values)].sort();
}

/** What pods are asked for in their templates. */
function wantedBy(labels: Labels): string {
  const pairs = labels.keys().flatMap((key) => {
    const label = labels.get(key);
    return label.is === 'known' && !isGiven(key) ? [`${key}=${label.value}`] : [];
  });
  return pairs.join(' and ');
}

function placeOf(resource: Resource, message: string): { place: { node: Subset['node'] }; message: string }[] {
  return resource.titlePlace === undefined ? [] : [{ place: { node: resource.titlePlace }, message }];
}
