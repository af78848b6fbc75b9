/** The forms that texts of the configuration must have, as regular expressions of its JSON Schema. */

/** Quotes are the point: without them YAML reads 1.30 as the number 1.3. */
const versionPattern = (prefix: string): string => `^${prefix}[0-9]+\\.[0-9]+(\\.[0-9]+)?([-+][0-9A-Za-z.+-]+)?$`;
export const VERSION = versionPattern('v?');
export const LINKERD_VERSION = versionPattern('(v|stable-|edge-|enterprise-)?');

/** Neither absolute nor with a step upward. */
export const PATH_INSIDE = '^(?![/\\\\]|[A-Za-z]:)(?!(.*[/\\\\])?\\.\\.([/\\\\]|$))';

/** Patterns become regular expressions, and are tried on every path: so many stars, and so many double ones, are matched without delay. */
export const FEW_STARS = '^([^*]*\\*){0,10}[^*]*$';
export const FEW_DOUBLE_STARS = '^((?!\\*\\*)[\\s\\S])*(\\*\\*((?!\\*\\*)[\\s\\S])*){0,3}$';

/** What a value must be to match each of the patterns here, in words. */
export const MEANINGS: ReadonlyMap<string, string> = new Map([
  [VERSION, 'a version such as "1.30.2", in quotes'],
  [LINKERD_VERSION, 'a version such as "2.18" or "edge-25.8.4", in quotes'],
  [PATH_INSIDE, 'a path below the folder of this file'],
  [FEW_STARS, 'a pattern with at most 10 stars'],
  [FEW_DOUBLE_STARS, 'a pattern with at most 3 double stars'],
]);
