import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { lookup } from '../../yaml/tree';
import { controlPlaneWebhooks, injectionWebhooks, MUTATING, overlapsOf, selectorMatches } from './injection-webhooks';

interface Webhook {
  readonly name: string;
  readonly namespaces?: string;
  readonly pods?: string;
  readonly more?: string;
}

const configuration = (name: string, webhooks: readonly Webhook[]): string =>
  `apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata:\n  name: ${name}\nwebhooks:\n${webhooks
    .map(
      (webhook) =>
        `  - name: ${webhook.name}\n${webhook.namespaces === undefined ? '' : `    namespaceSelector: ${webhook.namespaces}\n`}${webhook.pods === undefined ? '' : `    objectSelector: ${webhook.pods}\n`}${webhook.more ?? ''}`,
    )
    .join('')}`;

/** The overlaps of all webhooks here, `configuration/webhook ~ configuration/webhook`. */
const overlaps = (...documents: readonly string[]): string[] =>
  ask({ 'a.yaml': documents.join('---\n') }, (view) =>
    view
      .ofKind(MUTATING)
      .flatMap((each) =>
        injectionWebhooks(each).flatMap((webhook) =>
          overlapsOf(webhook, view).map(
            ({ other }) => `${each.name ?? ''}/${webhook.name} ~ ${other.configuration.name ?? ''}/${other.name}`,
          ),
        ),
      ),
  );

// The selectors of manifests/charts/istio-control/istio-discovery/templates/mutatingwebhook.yaml, 1.32 development.
const absent = (...keys: readonly string[]): string => keys.map((key) => `{ key: ${key}, operator: DoesNotExist }`).join(', ');
const notFalse = '{ key: sidecar.istio.io/inject, operator: NotIn, values: ["false"] }';
const ofRevision = (revision: string): Webhook[] => [
  {
    name: 'rev.namespace.sidecar-injector.istio.io',
    namespaces: `{ matchExpressions: [{ key: istio.io/rev, operator: In, values: [${revision}] }, ${absent('istio-injection')}] }`,
    pods: `{ matchExpressions: [${notFalse}] }`,
  },
  {
    name: 'rev.object.sidecar-injector.istio.io',
    namespaces: `{ matchExpressions: [${absent('istio.io/rev', 'istio-injection')}] }`,
    pods: `{ matchExpressions: [${notFalse}, { key: istio.io/rev, operator: In, values: [${revision}] }] }`,
  },
];
const ofDefault: Webhook[] = [
  {
    name: 'namespace.sidecar-injector.istio.io',
    namespaces: '{ matchExpressions: [{ key: istio-injection, operator: In, values: [enabled] }] }',
    pods: `{ matchExpressions: [${notFalse}] }`,
  },
  {
    name: 'object.sidecar-injector.istio.io',
    namespaces: `{ matchExpressions: [${absent('istio-injection', 'istio.io/rev')}] }`,
    pods: `{ matchExpressions: [{ key: sidecar.istio.io/inject, operator: In, values: ["true"] }, ${absent('istio.io/rev')}] }`,
  },
];

describe('overlapsOf', () => {
  it('finds none among the webhooks of a default installation, nor with a second revision', () => {
    const one = configuration('istio-sidecar-injector', [...ofRevision('default'), ...ofDefault]);
    expect(overlaps(one)).toEqual([]);
    expect(overlaps(one, configuration('istio-sidecar-injector-canary', ofRevision('canary')))).toEqual([]);
  });

  it('finds two that are both the default', () => {
    const one = configuration('istio-sidecar-injector', ofDefault);
    const tag = configuration('istio-revision-tag-default', ofDefault);
    expect(overlaps(one, tag)).toEqual([
      'istio-sidecar-injector/namespace.sidecar-injector.istio.io ~ istio-revision-tag-default/namespace.sidecar-injector.istio.io',
      'istio-sidecar-injector/object.sidecar-injector.istio.io ~ istio-revision-tag-default/object.sidecar-injector.istio.io',
      'istio-revision-tag-default/namespace.sidecar-injector.istio.io ~ istio-sidecar-injector/namespace.sidecar-injector.istio.io',
      'istio-revision-tag-default/object.sidecar-injector.istio.io ~ istio-sidecar-injector/object.sidecar-injector.istio.io',
    ]);
  });

  it('finds two within one configuration', () => {
    const both = { name: 'a.istio.io', namespaces: '{ matchLabels: { istio-injection: enabled } }' };
    expect(overlaps(configuration('a', [both, { ...both, name: 'b.istio.io' }]))).toHaveLength(2);
  });

  const enabled = '{ matchLabels: { istio-injection: enabled } }';
  it.each([
    [
      'conditions, which may tell them apart',
      { name: 'b.istio.io', namespaces: enabled, more: '    matchConditions: [{ name: a, expression: "false" }]\n' },
    ],
    ['a variable', { name: 'b.istio.io', namespaces: '{ matchLabels: { istio-injection: enabled, team: "${TEAM}" } }' }],
    ['one that is switched off', { name: 'b.istio.io', namespaces: '{ matchLabels: { istio.io/deactivated: never-match } }' }],
  ])('is silent about %s', (_title, other) => {
    expect(overlaps(configuration('a', [{ name: 'a.istio.io', namespaces: enabled }]), configuration('b', [other]))).toEqual([]);
  });

  it('leaves out webhooks of others, unless they name a revision', () => {
    const one = configuration('a', [{ name: 'a.istio.io', namespaces: enabled }]);
    expect(overlaps(one, configuration('b', [{ name: 'b.example.com', namespaces: enabled }]))).toEqual([]);
    const named = { name: 'b.example.com', namespaces: '{ matchLabels: { istio-injection: enabled, istio.io/rev: x } }' };
    expect(overlaps(one, configuration('b', [named]))).toHaveLength(2);
  });
});

describe('selectorMatches', () => {
  const matches = (selector: string, labels: Readonly<Record<string, string>>): string =>
    ask({ 'a.yaml': configuration('a', [{ name: 'a.istio.io', namespaces: selector }]) }, (view) =>
      view
        .ofKind(MUTATING)
        .flatMap(injectionWebhooks)
        .map(({ node }) => selectorMatches(lookup(node, 'namespaceSelector'), new Map(Object.entries(labels))))
        .join(),
    );

  // Kubernetes, "Labels and Selectors".
  it.each([
    ['{}', {}, 'yes'],
    ['', {}, 'yes'],
    ['{ matchLabels: { a: b } }', { a: 'b', c: 'd' }, 'yes'],
    ['{ matchLabels: { a: b, c: d } }', { a: 'b' }, 'no'],
    ['{ matchLabels: { a: b } }', { a: 'x' }, 'no'],
    ['{ matchExpressions: [{ key: a, operator: In, values: [b, c] }] }', { a: 'c' }, 'yes'],
    ['{ matchExpressions: [{ key: a, operator: In, values: [b] }] }', {}, 'no'],
    ['{ matchExpressions: [{ key: a, operator: NotIn, values: [b] }] }', {}, 'yes'],
    ['{ matchExpressions: [{ key: a, operator: NotIn, values: [b] }] }', { a: 'b' }, 'no'],
    ['{ matchExpressions: [{ key: a, operator: Exists }] }', { a: '' }, 'yes'],
    ['{ matchExpressions: [{ key: a, operator: Exists }] }', {}, 'no'],
    ['{ matchExpressions: [{ key: a, operator: DoesNotExist }] }', {}, 'yes'],
    ['{ matchExpressions: [{ key: a, operator: DoesNotExist }] }', { a: '' }, 'no'],
    ['{ matchLabels: { a: "${B}" } }', { a: 'b' }, 'unknown'],
    ['{ matchLabels: { a: "${B}", c: d } }', { a: 'b' }, 'no'],
    ['{ matchExpressions: [{ key: a, operator: In, values: ["${B}"] }] }', { a: 'b' }, 'unknown'],
    ['{ matchExpressions: [{ key: a, operator: Near, values: [b] }] }', { a: 'b' }, 'unknown'],
    ['{ matchExpressions: [{ key: "${A}", operator: Exists }] }', {}, 'unknown'],
  ])('%s on %j', (selector, labels, expected) => {
    expect(matches(selector, labels)).toBe(expected);
  });
});

describe('controlPlaneWebhooks', () => {
  const count = (kind: string, name: string): number =>
    ask({ 'a.yaml': configuration(name, [{ name: 'a' }]).replace('MutatingWebhookConfiguration', kind) }, (view) =>
      view.ofKind(`${kind}.admissionregistration.k8s.io`).flatMap(controlPlaneWebhooks),
    ).length;

  // istio/istio pkg/config/analysis/analyzers/externalcontrolplane, 1.32 development.
  it.each([
    ['MutatingWebhookConfiguration', 'istio-sidecar-injector', 1],
    ['MutatingWebhookConfiguration', 'istio-sidecar-injector-external-istiod', 1],
    ['MutatingWebhookConfiguration', 'istio-revision-tag-default', 0],
    ['MutatingWebhookConfiguration', 'linkerd-proxy-injector', 0],
    ['ValidatingWebhookConfiguration', 'istio-validator-external-istiod', 1],
    ['ValidatingWebhookConfiguration', 'istiod-default-validator', 1],
    ['ValidatingWebhookConfiguration', 'istio-sidecar-injector', 0],
    ['ValidatingWebhookConfiguration', 'istiod-default-validator-2', 0],
  ])('%s %s', (kind, name, expected) => {
    expect(count(kind, name)).toBe(expected);
  });
});
