import { describe, expect, it } from 'vitest';
import type { Summary } from '../server/protocol';
import { DECISION } from '../test/support/summary-decision';
import { isAnswersEdit, isFromPage, isSummary, isToPage, placesIn } from './messages';

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
  scope: [claim('scope')],
  decision: DECISION,
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
    { type: 'summary', summary: { ...summary, decision: null, environment: null }, folders: [] },
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

  const without = (whole: object, key: string): object =>
    Object.fromEntries(Object.entries(whole).filter(([name]) => name !== key));

  it('is no summary with a part missing, whichever', () => {
    for (const key of Object.keys(summary)) expect(isSummary(without(summary, key)), key).toBe(false);
    for (const key of Object.keys(DECISION)) {
      expect(isSummary({ ...summary, decision: without(DECISION, key) }), `decision.${key}`).toBe(false);
    }
  });

  it('has a confidence or says that there is none', () => {
    expect(isSummary({ ...summary, decision: { ...DECISION, confidence: null } })).toBe(true);
    expect(isSummary({ ...summary, decision: { ...DECISION, confidence: 0.5 } })).toBe(false);
  });

  it('is no summary with a question that the page has no words for', () => {
    expect(isSummary({ ...summary, decision: { ...DECISION, unanswered: ['engineers', 'budget'] } })).toBe(false);
  });
});

describe('what the page asks', () => {
  it.each([
    { type: 'ready' },
    { type: 'open', uri: 'file:///r/a.yaml', range },
    { type: 'environment', name: 'prod' },
    { type: 'folder', uri: 'file:///r' },
    { type: 'action', action: 'restart' },
    { type: 'action', action: 'record' },
    { type: 'answers', answers: { engineers: 14, platformTeam: false } },
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
    { type: 'answers' },
    { type: 'answers', answers: { engineers: 'many' } },
    { type: 'answers', answers: { engineers: -1 } },
    { type: 'answers', answers: { 'platformTeam\nrules': true } },
  ])('is dropped when it is none: %j', (message) => {
    expect(isFromPage(message)).toBe(false);
  });
});

describe('an edit of the configuration', () => {
  const edit = {
    kind: 'edit',
    uri: 'file:///r/.mesh-lint.yaml',
    create: true,
    version: null,
    edits: [{ range, newText: 'team:' }],
  };

  it.each([edit, { ...edit, version: 3 }, { kind: 'refused', uri: 'file:///r/.mesh-lint.yaml', reason: 'It is broken.' }])(
    'is understood: %j',
    (value) => {
      expect(isAnswersEdit(value)).toBe(true);
    },
  );

  it.each([null, {}, { ...edit, kind: 'delete' }, { ...edit, create: 1 }, { ...edit, edits: [{ range }] }, { kind: 'refused' }])(
    'is dropped when it is none: %j',
    (value) => {
      expect(isAnswersEdit(value)).toBe(false);
    },
  );
});

it('the page may open the places of its claims, each of them', () => {
  const names = placesIn(summary).map(({ uri }) => uri.replace('file:///r/', ''));
  const ofDecision = ['c.yaml:1', 'a.yaml:1', 'b.yaml:2', 'p.yaml:3', 'x.yaml:5', 'm.yaml:2', 's.yaml:4', 'o.yaml:4'];
  expect(names).toEqual([...ofDecision, 'scope', 'mesh', 'version', 'because', 'workload', 'mtls', 'finding', 'licence']);
});
