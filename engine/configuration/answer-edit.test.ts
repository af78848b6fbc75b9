import { describe, expect, it } from 'vitest';
import { Manifest } from '../yaml/manifest';
import { answerEdit } from './answer-edit';
import { CONFIGURATION_FILE } from './configuration';
import { readConfiguration } from './read';

/** The text with the answers in it, one after another; what keeps one from being written in place of it. */
function answered(text: string, answers: Readonly<Record<string, number | boolean>>): string {
  return Object.entries(answers).reduce((before, [key, value]) => {
    const edit = answerEdit(before, key, value);
    if (typeof edit === 'string') return edit;
    expect(edit.file).toBe(CONFIGURATION_FILE);
    return before.slice(0, edit.start) + edit.newText + before.slice(edit.end);
  }, text);
}
function teamOf(text: string): unknown {
  const document = new Manifest(CONFIGURATION_FILE, text, false).documents.find(({ root }) => root !== undefined);
  const { configuration, problems } = readConfiguration(document?.root, new Set(['istio']));
  expect(problems).toEqual([]);
  return configuration.team;
}

const BOTH = { engineers: 14, platformTeam: false };

describe('answers are written', () => {
  it.each<[where: string, text: string, result: string]>([
    ['into an empty file', '', 'team:\n  engineers: 14\n  platformTeam: false\n'],
    [
      'behind comments, which stay',
      '# What no file shows.\n\n# team:\n#   engineers: 3',
      '# What no file shows.\n\n# team:\n#   engineers: 3\nteam:\n  engineers: 14\n  platformTeam: false\n',
    ],
    ['into a file with Windows line ends', '# a\r\n', '# a\r\nteam:\r\n  engineers: 14\r\n  platformTeam: false\r\n'],
    [
      'behind other settings',
      'rules:\n    istio: off # noise\n# the end\n',
      'rules:\n    istio: off # noise\nteam:\n    engineers: 14\n    platformTeam: false\n# the end\n',
    ],
    [
      'beside what the team has said',
      'team:\n  # counted in May\n  servicesInAYear: 20 # at most\nrules:\n  istio: off\n',
      'team:\n  # counted in May\n  servicesInAYear: 20 # at most\n  engineers: 14\n  platformTeam: false\nrules:\n  istio: off\n',
    ],
    [
      'in place of what is no answer',
      'team:\n  engineers: 3 # will grow\n  platformTeam: true\n',
      'team:\n  engineers: 14 # will grow\n  platformTeam: false\n',
    ],
    [
      'under a key without a value',
      'team: # ask Ann\nrules:\n  istio: off\n',
      'team: # ask Ann\n  engineers: 14\n  platformTeam: false\nrules:\n  istio: off\n',
    ],
    ['into a flow map', 'team: { servicesInAYear: 2 }\n', 'team: { servicesInAYear: 2, engineers: 14, platformTeam: false }\n'],
  ])('%s', (_, text, result) => {
    expect(answered(text, BOTH)).toBe(result);
    expect(teamOf(result)).toMatchObject(BOTH);
  });
});

it.each<[what: string, text: string, refusal: string]>([
  ['does not read as YAML', 'team: [1\nrules: }\n', 'unreadable'],
  ['is a list', '- team\n', 'no-place'],
  ['has a team that is a list', 'team: [ann, bob]\n', 'no-place'],
  ['has a team that stands elsewhere', 'decision: &a\n  thresholds: {}\nteam: *a\n', 'no-place'],
])('nothing is written into a file that %s', (_, text, refusal) => {
  expect(answerEdit(text, 'engineers', 14)).toBe(refusal);
});
