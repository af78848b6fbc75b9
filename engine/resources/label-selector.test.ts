import { describe, expect, it } from 'vitest';
import { ask } from '../../test/support/ask';
import { absent, known, unknown } from '../tristate';
import type { Tristate } from '../tristate';
import { matchesSelector } from './label-selector';

const OWN: ReadonlyMap<string, Tristate<string>> = new Map<string, Tristate<string>>([
  ['app', known('cart')],
  ['tier', unknown],
]);

/** @param selector flow YAML */
function match(selector: string): string {
  const text = `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: d }\nspec: { selector: ${selector} }\n`;
  return ask({ 'a.yaml': text }, (view) => {
    const node = view.ofKind('Deployment.apps')[0]?.at('spec', 'selector');
    return matchesSelector(node!, (key) => OWN.get(key) ?? absent);
  });
}

const one = (expression: string): string => `{ matchExpressions: [{ ${expression} }] }`;

describe('a label selector, on app=cart, a tier that is unknown, and nothing else', () => {
  it.each([
    ['{}', 'yes'],
    ['{ matchLabels: {} }', 'yes'],
    ['{ matchLabels: { app: cart } }', 'yes'],
    ['{ matchLabels: { app: web } }', 'no'],
    ['{ matchLabels: { zone: a } }', 'no'],
    ['{ matchLabels: { tier: a } }', 'unknown'],
    ['{ matchLabels: { tier: a, app: web } }', 'no'],
    ['{ matchLabels: { app: "{{ x }}" } }', 'unknown'],
    ['{ matchLabels: { app: cart }, matchExpressions: [{ key: app, operator: DoesNotExist }] }', 'no'],
    ['"{{ x }}"', 'unknown'],
    [one('key: app, operator: In, values: [web, cart]'), 'yes'],
    [one('key: app, operator: In, values: [web]'), 'no'],
    [one('key: app, operator: In, values: ["{{ x }}"]'), 'unknown'],
    [one('key: app, operator: In, values: "{{ x }}"'), 'unknown'],
    [one('key: zone, operator: In, values: [a]'), 'no'],
    [one('key: tier, operator: In, values: [a]'), 'unknown'],
    [one('key: app, operator: NotIn, values: [cart]'), 'no'],
    [one('key: app, operator: NotIn, values: [web]'), 'yes'],
    [one('key: zone, operator: NotIn, values: [a]'), 'yes'],
    [one('key: tier, operator: NotIn, values: [a]'), 'unknown'],
    [one('key: app, operator: Exists'), 'yes'],
    [one('key: zone, operator: Exists'), 'no'],
    [one('key: tier, operator: Exists'), 'unknown'],
    [one('key: app, operator: DoesNotExist'), 'no'],
    [one('key: zone, operator: DoesNotExist'), 'yes'],
    [one('key: tier, operator: DoesNotExist'), 'unknown'],
    [one('key: app, operator: Gt, values: ["1"]'), 'unknown'],
    [one('operator: Exists'), 'unknown'],
  ])('%s: %s', (selector, answer) => {
    expect(match(selector)).toBe(answer);
  });
});
