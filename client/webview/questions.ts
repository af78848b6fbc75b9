import { TEAM_QUESTIONS } from '../../server/protocol';
import type { TeamAnswers, TeamQuestion } from '../../server/protocol';
import { actionButton, section } from './parts';
import { element } from './tree';
import type { TreeElement } from './tree';

/** The questions as people are asked them. */
export const WORDS: Readonly<Record<TeamQuestion, string>> = {
  engineers: 'How many engineers build and run this?',
  platformTeam: 'Is there a team that would own a mesh?',
  envoyExpertise: 'Can someone read an Envoy configuration dump?',
  mtlsMandated: 'Does anybody demand mutual TLS: a law, a customer, an auditor?',
  multicluster: 'Do services have to call each other across clusters?',
  servicesInAYear: 'How many services will there be in a year?',
  libraryResilience: 'Do libraries already retry, time out and break circuits?',
  startingFresh: 'Is there no mesh yet, or may it be replaced?',
};

const ALL = Object.keys(TEAM_QUESTIONS).length;

/** The questions that nobody has answered, as a form. What it writes, the editor shows before anything is saved. */
export function questionsSection(unanswered: readonly TeamQuestion[]): TreeElement {
  const open = unanswered.length < ALL ? [actionButton('configure', 'Change the Other Answers')] : [];
  if (unanswered.length === 0) {
    return section('What no manifest shows', 'questions', [
      element('p', { key: 'done' }, 'Every question is answered in .mesh-lint.yaml.'),
      actionButton('configure', 'Change the Answers'),
    ]);
  }
  return section('What no manifest shows', 'questions', [
    element(
      'p',
      { key: 'about', id: 'about-questions' },
      'Answer what you know. The answers come into .mesh-lint.yaml as an edit that you can read, undo and save.',
    ),
    element(
      'form',
      { key: 'form', id: 'questions', 'aria-labelledby': 'title-questions', 'aria-describedby': 'about-questions' },
      ...unanswered.map(field),
      element('button', { key: 'write', type: 'submit', class: 'action primary' }, 'Write to .mesh-lint.yaml'),
    ),
    ...open,
  ]);
}

function field(question: TeamQuestion): TreeElement {
  const control =
    TEAM_QUESTIONS[question] === 'number'
      ? element('input', { key: 'control', type: 'number', min: '0', step: '1', inputmode: 'numeric', name: question })
      : element(
          'select',
          { key: 'control', name: question },
          element('option', { value: '' }, 'Not answered'),
          element('option', { value: 'yes' }, 'Yes'),
          element('option', { value: 'no' }, 'No'),
        );
  return element('label', { key: question, class: 'question' }, element('span', { key: 'words' }, WORDS[question]), control);
}

/** The answers in a form's fields, by their names; what is left open, or no answer, is left out. */
export function answersIn(fields: Iterable<readonly [name: string, value: unknown]>): TeamAnswers {
  const answers: [TeamQuestion, number | boolean][] = [];
  for (const [name, value] of fields) {
    if (!isQuestion(name) || typeof value !== 'string' || value === '') continue;
    if (TEAM_QUESTIONS[name] === 'yes-no') answers.push([name, value === 'yes']);
    else if (/^\d{1,9}$/.test(value)) answers.push([name, Number(value)]);
  }
  return Object.fromEntries(answers);
}

function isQuestion(name: string): name is TeamQuestion {
  return Object.hasOwn(TEAM_QUESTIONS, name);
}
