import { decideEnvironment } from '../decision/environment-verdict';
import { pickLeading } from '../decision/verdict';
import type { ReportedVerdict } from '../findings/report';
import type { Pace } from '../incremental/pause';
import type { Workspace } from '../workspace';

export interface Verdicts {
  /** The repository's verdict: that of its leading environment; undefined when no environment holds a resource. */
  readonly leading: ReportedVerdict | undefined;
  /** Those of the other environments, in the order of their names. */
  readonly others: readonly ReportedVerdict[];
}

/** The verdict on each environment, evidence located in the files as they now are. */
export function askVerdicts(workspace: Workspace): Verdicts {
  const all = workspace.views().flatMap((view) => {
    const { name, production } = view.environment().plan;
    const verdict = workspace.recall(VERDICT, name, decideEnvironment);
    return verdict === undefined ? [] : [{ name, production, services: verdict.services, verdict }];
  });
  const leading = pickLeading(all);
  const report = ({ name, verdict }: (typeof all)[number]): ReportedVerdict =>
    verdict.report(name, (place) => workspace.location(place));
  return { leading: leading && report(leading), others: all.filter((one) => one !== leading).map(report) };
}

/** Works out the verdicts in small steps; `askVerdicts` then finds them made. Who runs it stops when files change. */
export function* preparingVerdicts(workspace: Workspace, pace: Pace): Generator<undefined, void, undefined> {
  for (const name of workspace.environmentNames()) yield* workspace.recalling(VERDICT, name, decideEnvironment, pace);
}

const VERDICT = 'verdict';
