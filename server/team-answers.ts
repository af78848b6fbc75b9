import { answerEdit } from '../engine/configuration/answer-edit';
import type { Refusal } from '../engine/configuration/answer-edit';
import { CONFIGURATION_FILE } from '../host';
import { EditedText } from './edited-text';
import type { Folder } from './folder';
import { TEAM_QUESTIONS } from './protocol';
import type { AnswersEdit, TeamAnswers, TeamQuestion } from './protocol';
import { isRecord } from './settings';

const REASONS: Readonly<Record<Refusal, string>> = {
  unreadable: `${CONFIGURATION_FILE} does not read as YAML. Mend it, then answer again.`,
  'no-place': `${CONFIGURATION_FILE} has no place for "team:" that can be written to by itself. Write the answers there by hand.`,
};

/** Answers as the client sent them; undefined when one of them is none, or there are none at all. */
export function answersOf(value: unknown): TeamAnswers | undefined {
  if (!isRecord(value)) return undefined;
  const entries = Object.entries(value);
  return entries.length > 0 && entries.every(([key, answer]) => isAnswer(key, answer)) ? Object.fromEntries(entries) : undefined;
}

function isAnswer(key: string, answer: unknown): boolean {
  if (!isQuestion(key)) return false;
  return TEAM_QUESTIONS[key] === 'number'
    ? typeof answer === 'number' && Number.isSafeInteger(answer) && answer >= 0
    : typeof answer === 'boolean';
}

function isQuestion(key: string): key is TeamQuestion {
  return Object.hasOwn(TEAM_QUESTIONS, key);
}

/**
 * The edit that writes answers into the configuration that holds for a folder, in the order of the questions; where none does, one is to be
 * made at its root. The folder is settled: what is open and not saved counts.
 * @param version that of the configuration's open document; null when it is not open
 */
export function answersEdit(
  folder: Pick<Folder, 'workspace' | 'configuration' | 'uriOf' | 'rangeOf'>,
  answers: TeamAnswers,
  version: number | null,
): AnswersEdit {
  const uri = folder.uriOf(CONFIGURATION_FILE);
  const present = folder.workspace.repository.peekManifest(CONFIGURATION_FILE)?.text;
  // It is there, and its text was not taken.
  if (present === undefined && folder.configuration !== undefined) return refused(uri, 'unreadable');
  const text = present ?? '';
  const edited = new EditedText(text.length);
  for (const key of Object.keys(TEAM_QUESTIONS).filter(isQuestion)) {
    const answer = answers[key];
    if (answer === undefined) continue;
    const edit = answerEdit(edited.of(text), key, answer);
    if (typeof edit === 'string') return refused(uri, edit);
    edited.apply([edit]);
  }
  const edits = edited.edits().map(({ start, end, newText }) => ({
    range: folder.rangeOf(CONFIGURATION_FILE, start, end),
    newText,
  }));
  return { kind: 'edit', uri, create: present === undefined, version, edits };
}

function refused(uri: string, refusal: Refusal): AnswersEdit {
  return { kind: 'refused', uri, reason: REASONS[refusal] };
}
