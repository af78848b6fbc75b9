import { describe, expect, it } from 'vitest';
import { Manifest } from '../yaml/manifest';
import { Labels } from './labels';
import type { Answer } from './labels';

/** The labels that a text in a template holds. */
function labelsIn(text: string): Labels {
  return new Labels(new Manifest('templates/a.yaml', text, true).documents[0]?.root);
}

const OPEN = 'app: cart\n{{- toYaml .x | nindent 0 }}\n';

describe('a label', () => {
  it.each<[text: string, key: string, label: { is: string; value?: string }]>([
    ['{app: cart}', 'app', { is: 'known', value: 'cart' }],
    ['{app: ""}', 'app', { is: 'known', value: '' }],
    ['{app: "1"}', 'app', { is: 'known', value: '1' }],
    ['{app: cart}', 'tier', { is: 'absent' }],
    ['{app: 1}', 'app', { is: 'unknown' }],
    ['{app: true}', 'app', { is: 'unknown' }],
    ['{app: }', 'app', { is: 'unknown' }],
    ['{app: [x]}', 'app', { is: 'unknown' }],
    ['{1: x}', '1', { is: 'known', value: 'x' }],
    ['app: {{ .x }}', 'app', { is: 'unknown' }],
    ['app: x-{{ .x }}', 'app', { is: 'unknown' }],
    [OPEN, 'app', { is: 'known', value: 'cart' }],
    [OPEN, 'tier', { is: 'unknown' }],
    ['[a]', 'app', { is: 'absent' }],
    ['~', 'app', { is: 'absent' }],
  ])('of %j: %s', (text, key, label) => {
    expect(labelsIn(text).get(key)).toMatchObject(label);
  });

  it('has the nodes of its key and value', () => {
    const label = labelsIn('{app: cart}').get('app');
    expect(label.is === 'known' && [label.key.start, label.node.start]).toEqual([1, 6]);
  });

  it('is absent where there are none, and unknown where they all are', () => {
    expect(new Labels(undefined).get('app')).toEqual({ is: 'absent' });
    expect(new Labels(undefined).isEmpty).toBe(true);
    expect(labelsIn('{{ .x }}').isEmpty).toBe(true);
    expect(labelsIn('{}').isEmpty).toBe(true);
    expect(labelsIn('app:\n').isEmpty).toBe(false);
    expect(labelsIn(OPEN).keys()).toEqual(['app']);
  });
});

describe('a selector', () => {
  it.each<[selector: string, labels: string, answer: Answer]>([
    ['{}', '{app: cart}', 'yes'],
    ['~', '{app: cart}', 'yes'],
    ['{app: cart}', '{app: cart, tier: web}', 'yes'],
    ['{app: cart, tier: web}', '{app: cart}', 'no'],
    ['{app: cart}', '{app: shop}', 'no'],
    ['{app: ""}', '{app: ""}', 'yes'],
    ['{app: ""}', '{}', 'no'],
    ['{app: cart}', 'app: {{ .x }}', 'unknown'],
    ['app: {{ .x }}', '{app: cart}', 'unknown'],
    ['app: {{ .x }}', '{tier: web}', 'no'],
    ['app: {{ .x }}\ntier: web', '{app: cart, tier: db}', 'no'],
    ['{tier: web}', OPEN, 'unknown'],
    ['{app: shop}', OPEN, 'no'],
    ['{app: cart}', OPEN, 'yes'],
    [OPEN, '{app: cart}', 'unknown'],
    [OPEN, '{app: shop}', 'no'],
    [OPEN, '{}', 'no'],
    ['{app: 1}', '{app: 1}', 'unknown'],
  ])('%j, of %j: %s', (selector, labels, answer) => {
    expect(labelsIn(labels).matches(labelsIn(selector))).toBe(answer);
  });
});
