import type { Collector, LocatedFinding } from './collect';
import { reportedResource } from './collect';
import type { Rule } from './rule';

/** The rule under which suppressions that suppress nothing are reported. Only the collector knows them, so its `check` says nothing. */
export const UNUSED_SUPPRESSION = 'manifest/unused-suppression';

/** The findings about unused suppressions; empty when the rule is absent or off. Ask after `collect`. */
export function unusedSuppressionFindings(
  collector: Collector,
  rules: readonly Rule[],
  files: readonly string[],
): LocatedFinding[] {
  const rule = rules.find(({ id }) => id === UNUSED_SUPPRESSION);
  const severity = rule && collector.severityOf(rule);
  if (rule === undefined || severity === undefined) return [];
  return collector.unused(files).map(({ file, start, end, names, resource }) => {
    const what = names.length === 0 ? 'names no rule, so it' : `of ${names.map((name) => `"${name}"`).join(', ')}`;
    const message = `This suppression ${what} suppresses nothing: the finding is gone, or the comment stands in the wrong place. Remove it.`;
    const reported = {
      rule: rule.id,
      severity,
      message,
      file,
      range: collector.range(file, start, end),
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
