import { describe, expect, it } from 'vitest';
import { istioDocument, refusals } from '../../test/support/istio-validation';
import { rule } from './invalid-workload-entry';
import { rule as groupRule } from './invalid-workload-group';

describe('WorkloadEntry', () => {
  it.each([
    ['{ address: 10.0.0.1, ports: { http: 80 }, labels: { app: a } }', []],
    ['{ address: a.com }', []],
    ['{ address: "2001:db8::1" }', []],
    ['{ address: unix:///a }', []],
    ['{ address: a_b }', ['a_b | "a_b" is no address.']],
    ['{ address: "" }', ['"" | The address is empty.']],
    ['{ address: "", network: west }', ['warning: network | The workload has a network and no address.']],
    ['{ address: "${ADDRESS}" }', []],
    [
      '{ address: a.com, labels: { app: "a b" } }',
      ['"a b" | The label value "a b" may hold letters, digits, and inside of it hyphens, underscores and dots.'],
    ],
  ])('%s', (spec, expected) => {
    expect(refusals(rule, istioDocument('WorkloadEntry', spec))).toEqual(expected);
  });
});

describe('WorkloadGroup', () => {
  it.each([
    ['{ template: {}, probe: { grpc: {} } }', []],
    ['{ template: { network: west } }', []],
    ['{ template: { address: a_b } }', ['a_b | "a_b" is no address.']],
    [
      '{ metadata: { labels: { "-a": b } }, template: {} }',
      ['"-a" | The label "-a" may hold letters, digits, and inside of it hyphens, underscores and dots.'],
    ],
    ['{ template: {}, probe: {} }', ['probe | The probe does not say how to ask.']],
    ['{ template: {}, probe: { exec: { command: [] } } }', ['command | The probe has no command.']],
    ['{ template: {}, probe: { httpGet: { port: 80, httpHeaders: [{ value: a }] } } }', ['value | The header has no name.']],
    [
      '{ template: {}, probe: { httpGet: { port: 80, httpHeaders: [{ name: a_b }] } } }',
      ['a_b | "a_b" is no name of a header here.'],
    ],
  ])('%s', (spec, expected) => {
    expect(refusals(groupRule, istioDocument('WorkloadGroup', spec))).toEqual(expected);
  });
});
