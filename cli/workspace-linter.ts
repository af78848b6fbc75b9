import { askDecisions } from '../engine/answers/decisions';
import type { Decisions } from '../engine/answers/decisions';
import { askAboutResource } from '../engine/answers/explanation';
import type { Section, Wanted } from '../engine/answers/explanation';
import { askReport } from '../engine/answers/report';
import type { Location, Report } from '../engine/findings/report';
import { Workspace } from '../engine/workspace';
import type { Linter } from './lint';

/** The engine as the command asks it: everything about one root in one report. */
export class WorkspaceLinter extends Workspace implements Linter {
  report(options: { readonly only?: readonly string[] } = {}): Report {
    return askReport(this, options);
  }

  decisions(): Decisions {
    return askDecisions(this);
  }

  explain(wanted: Wanted, environment: string | undefined): readonly Section<Location>[] | undefined {
    return askAboutResource(this, wanted, environment);
  }
}
