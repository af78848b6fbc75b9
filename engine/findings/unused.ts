import type { LocatedFinding, Showing, UnusedSuppression } from './collect';
import { rangeIn, reportedResource } from './places';
import type { Rule } from './rule';
import { severityOf } from './severities';

/** The rule under which suppressions that suppress nothing are reported. Only the collector knows them, so its `check` says nothing. */
export const UNUSED_SUPPRESSION = 'manifest/unused-suppression';

/** The findings about unused suppressions; empty when the rule is absent or off. */
export function unusedSuppressionFindings(
  unused: readonly UnusedSuppression[],
  rules: readonly Rule[],
  { repository, configuration, overrides }: Showing,
): LocatedFinding[] {
  if (unused.length === 0) return [];
  const rule = rules.find(({ id }) => id === UNUSED_SUPPRESSION);
  const severity = rule && severityOf(rule, undefined, configuration, overrides);
  if (rule === undefined || severity === undefined) return [];
  return unused.map(({ file, start, end, names, resource }) => {
    const what = names.length === 0 ? 'names no rule, so it' : `of ${names.map((name) => `"${name}"`).join(', ')}`;
    const message = `This suppression ${what} suppresses nothing: the finding is gone, or the comment stands in the wrong place. Remove it.`;
    const reported = {
      rule: rule.id,
      severity,
      message,
      file,
      range: rangeIn(repository, file, start, end),
      resource: resource === undefined ? null : reportedResource(resource),
      environments: [],
      effective: [],
      equivalents: rule.equivalents,
      related: [],
      fixable: false,
      docs: rule.docs,
    };
    return { reported, rule, fixes: [], start, end };
  });
}
