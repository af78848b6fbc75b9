import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ask } from '../../test/support/ask';
import { Labels } from '../resources/labels';
import { sameNamespace } from '../resources/resource';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import { selectingServices, serviceCandidates } from './service-selection';

const service = (name: string, namespace: string, selector: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}${namespace === '' ? '' : `, namespace: "${namespace}"`} }\nspec: { selector: ${selector} }\n`;
const workload = (namespace: string, labels: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: d${namespace === '' ? '' : `, namespace: "${namespace}"`} }\nspec: { template: { metadata: { labels: ${labels} }, spec: {} } }\n`;

/** By the long way: every Service is looked at. */
function select(one: Resource, other: Resource): 'yes' | 'no' | 'unknown' {
  const selector = new Labels(one.at('spec', 'selector'));
  if (selector.isEmpty) return 'no';
  const answers = [sameNamespace(one, other), podTemplateOf(other)?.labels.matches(selector) ?? 'no'];
  return answers.includes('no') ? 'no' : answers.includes('unknown') ? 'unknown' : 'yes';
}

const namespace = fc.constantFrom('shop', 'pay', 'default', '', '${NAMESPACE}');
const labels = fc.dictionary(fc.constantFrom('app', 'tier', 'zone'), fc.constantFrom('a', 'b', '${X}'), { maxKeys: 3 }).map(
  (pairs) =>
    `{ ${Object.entries(pairs)
      .map(([key, value]) => `${key}: "${value}"`)
      .join(', ')} }`,
);

describe('Services by the pods that they select', () => {
  it('are those that looking at each of them finds', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(namespace, labels), { maxLength: 8 }), namespace, labels, (services, where, own) => {
        const text = [...services.map(([at, selector], i) => service(`s${i}`, at, selector)), workload(where, own)].join('---\n');
        ask({ 'a.yaml': text }, (view) => {
          const [deployment] = view.ofKind('Deployment.apps');
          const all = view.ofKind('Service').map((one) => ({ one, is: select(one, deployment!) }));
          const candidates = serviceCandidates(deployment!, view);
          expect(candidates).toEqual(expect.arrayContaining(all.flatMap(({ one, is }) => (is === 'no' ? [] : [one]))));
          expect(new Set(candidates).size).toBe(candidates.length);
          if (deployment?.header.namespace.is !== 'known') return;
          const sure = all.flatMap(({ one, is }) => (is === 'yes' ? [one.name] : []));
          const found = selectingServices(deployment, podTemplateOf(deployment)!, view).map(({ name }) => name);
          expect(found).toEqual(expect.arrayContaining(sure));
        });
      }),
      { numRuns: 60 },
    );
  });

  it('come in the order of the files, without those for other pods', () => {
    const files = {
      'b.yaml': service('second', 'shop', '{ app: cart }'),
      'a.yaml': [
        service('first', 'shop', '{ tier: web }'),
        service('other', 'shop', '{ app: pay }'),
        service('elsewhere', 'pay', '{ app: cart }'),
        workload('shop', '{ app: cart, tier: web }'),
      ].join('---\n'),
    };
    const names = ask(files, (view) => serviceCandidates(view.ofKind('Deployment.apps')[0]!, view).map(({ name }) => name));
    expect(names).toEqual(['first', 'second']);
  });
});
