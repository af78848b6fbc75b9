import { defineRule } from '../../engine/findings/rule';

export const rule = defineRule({
  id: 'manifest/configuration',
  severity: 'error',
  summary: 'A setting in `.mesh-lint.yaml` is wrong and has no effect.',
  why: 'A setting that cannot be read is left out, so what it was to change stays as it is by default. The rest of the file holds.',
  todo: 'Correct the key that is named; the published JSON Schema lists every setting.',
  kinds: ['file:.mesh-lint.yaml'],
  equivalents: [],
  docs: 'https://github.com/mesh-lint/mesh-lint/blob/main/docs/configuration.md',
  since: '0.1.0',
  noFix: 'which value was meant is not known',
  examples: {
    bad: [
      {
        title: 'A misspelt setting and a wrong type',
        files: { '.mesh-lint.yaml': 'ignored: [vendor/]\nteam:\n  engineers: many\n' },
        findings: [
          {
            at: '.mesh-lint.yaml:1:1',
            text: 'ignored',
            message:
              '"ignored" is no setting that exists here, so it is ignored. See the configuration\'s schema for those that do.',
          },
          { at: '.mesh-lint.yaml:3:14', text: 'many', message: '"team.engineers" must be an integer; it is ignored.' },
        ],
      },
      {
        title: 'A rule that does not exist',
        files: { '.mesh-lint.yaml': 'rules:\n  manifest/configuratoin: off\n' },
        findings: [
          {
            at: '.mesh-lint.yaml:2:3',
            text: 'manifest/configuratoin',
            message:
              'There is no rule or family "manifest/configuratoin", so this setting does nothing. Did you mean "manifest/configuration"?',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Settings as they should be',
        files: {
          '.mesh-lint.yaml':
            'ignore: [vendor/]\nrules:\n  adoption: off\n  manifest/configuration: warning\nteam:\n  engineers: 12\n',
        },
      },
      { title: 'An empty file configures nothing', files: { '.mesh-lint.yaml': '# nothing yet\n' } },
    ],
  },
  *check(_subject, view) {
    yield* view.configurationProblems();
  },
});
