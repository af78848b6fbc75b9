import { describe, expect, it } from 'vitest';
import { matchesLabels, parseLabelSelector } from './label-selector';

const LABELS = new Map([
  ['app', 'cart'],
  ['tier', 'back'],
  ['release.example/track', 'stable'],
  ['size', '12'],
  ['empty', ''],
]);

/** Kubernetes, "Labels and Selectors", and its parser (apimachinery pkg/labels/selector_test.go). */
describe('a selector picks what Kubernetes picks', () => {
  it.each([
    ['', true],
    ['app=cart', true],
    ['app==cart', true],
    [' app = cart , tier = back ', true],
    ['app!=cart', false],
    ['other!=cart', true],
    ['app=web', false],
    ['app', true],
    ['other', false],
    ['!other', true],
    ['! app', false],
    ['app in (web, cart)', true],
    ['app in (web)', false],
    ['app notin (web,api)', true],
    ['other notin (web)', true],
    ['release.example/track=stable,!legacy', true],
    ['empty=', true],
    ['app=,tier=back', false],
    ['empty in (,a)', true],
    ['size>10', true],
    ['size<12', false],
    ['app>1', false],
  ])('%s', (text, picks) => {
    const conditions = parseLabelSelector(text);
    expect(conditions && matchesLabels(conditions, (key) => LABELS.get(key))).toBe(picks);
  });

  it.each([
    '=cart',
    'app in',
    'app in (a',
    'app in a',
    'app=a b',
    ',',
    'app,',
    'app~=x',
    '-app=x',
    'app=_',
    'size>ten',
    'constructor constructor x',
  ])('and none is %s', (text) => {
    expect(parseLabelSelector(text)).toBeUndefined();
  });
});
