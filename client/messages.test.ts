import { describe, expect, it } from 'vitest';
import type { Summary } from '../server/protocol';
import { isFromPage, isSummary, isToPage, placesIn } from './messages';

const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 5 } };
const evidence = (name: string): Summary['mtls'][number]['evidence'][number] => ({
  uri: `file:///r/${name}`,
  label: `${name}:2`,
  range,
});
const claim = (name: string): Summary['mtls'][number] => ({ text: name, evidence: [evidence(name)] });

const summary: Summary = {
  folder: 'file:///r',
  state: 'ready',
  environment: 'prod',
  environments: ['dev', 'prod'],
  verdict: { choice: 'none', target: null, sentence: 'No mesh.', confidence: 0.8, reasons: [claim('reason')] },
  meshes: [{ mesh: 'linkerd', ...claim('mesh'), version: claim('version') }],
  membership: [
    { standing: 'none', title: 'No mesh', count: 3, reasons: [{ reason: claim('because'), workloads: [claim('workload')] }] },
  ],
  mtls: [claim('mtls')],
  findings: [{ severity: 'error', count: 1, findings: [claim('finding')] }],
  licences: [claim('licence')],
};

describe('what the page is told', () => {
  it.each([
    { type: 'summary', summary, folders: [{ uri: 'file:///r', name: 'r' }] },
    { type: 'summary', summary: { ...summary, verdict: null, environment: null }, folders: [] },
    { type: 'indexing' },
    { type: 'no-folder' },
    { type: 'failed', message: 'It crashed.' },
  ])('is understood: $type', (message) => {
    expect(isToPage(message)).toBe(true);
  });

  it.each([
    undefined,
    null,
    'indexing',
    [],
    {},
    { type: 'other' },
    { type: 'failed' },
    { type: 'summary', summary },
    { type: 'summary', summary: { ...summary, mtls: [{ text: 1, evidence: [] }] }, folders: [] },
    { type: 'summary', summary: { ...summary, state: 'done' }, folders: [] },
    { type: 'summary', summary: { ...summary, membership: [{ standing: 'none', title: '', count: 1 }] }, folders: [] },
    { type: 'summary', summary: { ...summary, licences: [{ text: '', evidence: [{ uri: 'a', label: 'b' }] }] }, folders: [] },
  ])('is dropped when it is none: %j', (message) => {
    expect(isToPage(message)).toBe(false);
  });

  it('is no summary with a part missing, whichever', () => {
    for (const key of Object.keys(summary)) {
      const partial = Object.fromEntries(Object.entries(summary).filter(([name]) => name !== key));
      expect(isSummary(partial), key).toBe(false);
    }
  });
});

describe('what the page asks', () => {
  it.each([
    { type: 'ready' },
    { type: 'open', uri: 'file:///r/a.yaml', range },
    { type: 'environment', name: 'prod' },
    { type: 'folder', uri: 'file:///r' },
    { type: 'action', action: 'restart' },
  ])('is understood: $type', (message) => {
    expect(isFromPage(message)).toBe(true);
  });

  it.each([
    undefined,
    { type: 'open', uri: 'file:///etc/passwd' },
    { type: 'open', uri: 'file:///r/a.yaml', range: { start: { line: -1, character: 0 }, end: { line: 0, character: 0 } } },
    {
      type: 'open',
      uri: 'file:///r/a.yaml',
      range: { start: { line: Number.NaN, character: 0 }, end: { line: 0, character: 0 } },
    },
    { type: 'action', action: 'workbench.action.terminal.new' },
    { type: 'command', command: 'restart' },
  ])('is dropped when it is none: %j', (message) => {
    expect(isFromPage(message)).toBe(false);
  });
});

it('the page may open the places of its claims, each of them', () => {
  const names = placesIn(summary).map(({ uri }) => uri.replace('file:///r/', ''));
  expect(names).toEqual(['reason', 'mesh', 'version', 'because', 'workload', 'mtls', 'finding', 'licence']);
});
