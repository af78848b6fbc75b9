import { mapEvidence } from '../engine/answers/decisions';
import type { Decision, Decisions } from '../engine/answers/decisions';
import type { Location } from '../engine/findings/report';
import { painter, wantsColour } from './colour';
import type { DecideCommand } from './arguments';
import { formatDecisionMarkdown } from './format-decision-markdown';
import { formatDecisionPretty } from './format-decision-pretty';
import { formatJson } from './format-json';
import { type CreateLinter, lint } from './lint';
import { below } from './merge';
import type { Io } from './run';

/** What was decided, and what could not be done. */
export interface Decided {
  readonly output: string;
  readonly problems: readonly string[];
}

/**
 * Decides on what the paths name. In JSON and Markdown, paths are relative to the root while there is one, so that a record can lie in the
 * repository that it is about; for people they are always relative to where they are. A root without any environment has no decision:
 * JSON says null, the others say so.
 */
export function decide(command: DecideCommand, io: Pick<Io, 'cwd' | 'env' | 'isTTY' | 'now'>, create: CreateLinter): Decided {
  const now = new Date(io.now());
  const { roots, problems } = lint(command.paths, command.config, io.cwd, () => create({ now }));
  const isAlone = roots.length === 1 && command.format !== 'pretty';
  const all = roots.map(({ linter, prefix }) => relocated(linter.decisions(), isAlone ? '' : prefix));
  return { output: output(command, io, all), problems };
}

interface Root {
  readonly leading: Decision<Location> | undefined;
  readonly others: readonly Decision<Location>[];
}

function output({ format, noColour }: DecideCommand, io: Pick<Io, 'env' | 'isTTY'>, roots: readonly Root[]): string {
  if (format === 'json') {
    const [first, ...rest] = roots.flatMap(({ leading, others }) => (leading === undefined ? [] : [leading, ...others]));
    return formatJson({ version: 1, decision: first ?? null, decisions: rest });
  }
  const paint = painter(wantsColour(noColour, io.env, io.isTTY));
  const texts = roots.map(({ leading, others }) => {
    if (leading === undefined) return 'nothing to decide: no file here holds a Kubernetes resource\n';
    return format === 'markdown' ? formatDecisionMarkdown(leading, others) : formatDecisionPretty(leading, others, paint);
  });
  return texts.join('\n');
}

function relocated(decisions: Decisions, prefix: string): Root {
  const move = (decision: Decision<Location>): Decision<Location> =>
    mapEvidence(decision, (place) => ({ ...place, file: below(prefix, place.file) }));
  return { leading: decisions.leading && move(decisions.leading), others: decisions.others.map(move) };
}
