import { expect, it } from 'vitest';
import { PiecedText } from '../yaml/pieces';
import { looksLikeManifest } from './sniff';

const LONG = `# ${'x'.repeat(80)}\n`.repeat(400);

it.each<[text: string, is: boolean]>([
  ['apiVersion: v1\nkind: Pod\n', true],
  [`apiVersion: v1\n${LONG}kind: Pod\n`, true],
  ['\uFEFFapiVersion: v1\nkind: Pod\n', true],
  ['- {"apiVersion": "v1", "kind": "Pod"}\n', true],
  [`apiVersion: v1\n${LONG}kinds: Pod\n`, false],
  ['# apiVersion: v1\nkind: Pod\n', false],
  ['', false],
])('tells what looks like a manifest, in one string or in pieces: %j', (text, is) => {
  expect(looksLikeManifest(text)).toBe(is);
  expect(looksLikeManifest(PiecedText.of(text))).toBe(is);
});
