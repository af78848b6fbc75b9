import type { Section } from '../engine/answers/explanation';
import type { Location } from '../engine/findings/report';
import { visible } from '../engine/visible';
import type { ExplainCommand } from './arguments';
import { painter, wantsColour } from './colour';
import type { Paint } from './colour';
import { formatJson } from './format-json';
import { type CreateLinter, lint } from './lint';
import { below } from './merge';
import type { Io } from './run';

/** What was found out, and what could not be done. */
export interface ExplainedResource {
  readonly output: string;
  readonly problems: readonly string[];
}

/**
 * Says what meshes make of one resource of what the paths name, with the places that show it. Paths in JSON are relative to the root while
 * there is one, for people always to where they are. A resource or an environment that is not there is a problem.
 */
export function explain(
  command: ExplainCommand,
  io: Pick<Io, 'cwd' | 'env' | 'isTTY' | 'now'>,
  create: CreateLinter,
): ExplainedResource {
  const now = new Date(io.now());
  const { roots, problems } = lint(command.paths, command.config, io.cwd, () => create({ now }));
  const { wanted, environment, format } = command;
  const names = [...new Set(roots.flatMap(({ linter }) => linter.environmentNames()))];
  if (environment !== undefined && !names.includes(environment)) {
    const known = names.length === 0 ? '' : `; those here: ${names.join(', ')}`;
    return { output: '', problems: [...problems, `no environment ${environment}${known}`] };
  }
  const isAlone = roots.length === 1 && format === 'json';
  const found = roots.flatMap(({ linter, prefix }) => {
    const sections = linter.explain(wanted, environment);
    return sections === undefined ? [] : [sections.map((section) => located(section, isAlone ? '' : prefix))];
  });
  const title = [wanted.kind, wanted.namespace, wanted.name].filter((part) => part !== undefined).join('/');
  if (found.length === 0) {
    const where = environment === undefined ? 'here' : `in environment ${environment}`;
    return { output: '', problems: [...problems, `no ${title} ${where}`] };
  }
  const subjects = found.flat();
  if (subjects.length === 0) {
    const kinds = 'workloads, Services, Namespaces and PeerAuthentications';
    return { output: '', problems: [...problems, `nothing to say of ${title}: meshes are explained for ${kinds}`] };
  }
  const paint = painter(wantsColour(command.noColour, io.env, io.isTTY));
  return { output: format === 'json' ? formatJson({ version: 1, subjects }) : pretty(subjects, paint), problems };
}

/** A subject as JSON has it. */
interface Subject {
  readonly title: string;
  readonly statements: readonly {
    /** Empty where it holds in all environments that have the subject. */
    readonly environments: readonly string[];
    readonly text: string;
    readonly evidence: readonly Location[];
  }[];
}

function located({ title, statements }: Section<Location>, prefix: string): Subject {
  return {
    title,
    statements: statements.map(({ environments, parts }) => {
      const evidence = parts.flatMap((part) => {
        if (typeof part === 'string') return [];
        return [{ ...part.place, file: below(prefix, part.place.file) }];
      });
      const words = parts.map((part) => {
        if (typeof part === 'string') return part;
        // A link that is called by its place says that place as the reader has it.
        const { file, range } = part.place;
        const isPlace = part.text === `${file}:${range.start.line}`;
        return isPlace ? `${below(prefix, file)}:${range.start.line}` : part.text;
      });
      return { environments, text: words.join(''), evidence };
    }),
  };
}

function pretty(subjects: readonly Subject[], paint: Paint): string {
  const blocks = subjects.map(({ title, statements }) => {
    const lines = statements.flatMap(({ environments, text, evidence }) => {
      const within = environments.length === 0 ? '' : `${environments.join(', ')}: `;
      const places = evidence.map(({ file, range }) => `${file}:${range.start.line}`).filter((place) => !text.includes(place));
      const shown = [...new Set(places)].map((place) => `      ${paint('dim', visible(place))}`);
      return [`  - ${visible(within + text)}`, ...shown];
    });
    return [paint('bold', visible(title)), ...lines].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}
