import { expect, it } from 'vitest';
import { istioDocument, refusals } from '../../test/support/istio-validation';
import { rule } from './invalid-telemetry';

it.each([
  ['{ tracing: [{ providers: [{ name: a }] }], accessLogging: [{ filter: { expression: response.code >= 400 } }] }', []],
  [
    '{ accessLogging: [{ filter: { expression: response.code >= } }] }',
    ['response.code >= | The filter "response.code >=" ends too early.'],
  ],
  ['{ accessLogging: [{ filter: { expression: "${FILTER}" } }] }', []],
  [
    '{ tracing: [{ randomSamplingPercentage: 1 }, { randomSamplingPercentage: 2 }] }',
    ['warning: randomSamplingPercentage | There are several entries for tracing.'],
  ],
  ['{ tracing: [{ providers: [{ name: a }, { name: b }] }] }', ['warning: name | There are several providers of tracing.']],
  ['{ tracing: [{ customTags: { a: {} } }] }', ['a | The tag "a" has no source of its value.']],
  ['{ tracing: [{ customTags: { a: { literal: { value: b } } } }] }', []],
  ['{ selector: {} }', ['warning: selector | The selector names no labels.']],
])('%s', (spec, expected) => {
  expect(refusals(rule, istioDocument('Telemetry', spec))).toEqual(expected);
});
