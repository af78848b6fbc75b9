import { licenseSecret } from './release-table';
import { isSubstituted } from './release-version';

const placeholderStart =
  /^(?:changeme|changeit|changethis|replace|todo|fixme|tbd|xxx|your|insert|paste|placeholder|redacted|dummy|example)/;
const placeholderWords: ReadonlySet<string> = new Set([
  'license',
  'licence',
  'licensekey',
  'mylicense',
  'mylicensekey',
  'secret',
  'none',
  'null',
]);
/** A key is far longer than a word that stands in for it; chance makes some key begin like one. */
const longestPlaceholder = 64;
/** kubeseal's output begins with the length of its RSA part, 512 bytes, and is longer than it: bitnami-labs/sealed-secrets, crypto.md. */
const shortestSealed = 684;

/**
 * Whether the value at a `license` key is the licence itself, readable by whoever reads the repository.
 * What a key looks like is not documented, so the answer is found by ruling out what is none:
 * - not text, empty, or blank;
 * - a template or a variable (`{{ … }}`, `${…}`, `$(…)`, `$BUOYANT_LICENSE`), or a name in capitals for one (`BUOYANT_LICENSE`);
 * - a placeholder: in brackets or other marks (`<key>`, `[key]`, `%KEY%`, `__KEY__`, `@@KEY@@`, `***`), or a short text that begins as
 *   people's placeholders do (`CHANGEME`, `REPLACE_ME`, `your-license-key`), and the name of the Secret, set here by mistake;
 * - a reference to a secret store: anything with a scheme (`ref+vault://…`, `vault:…`, `op://…`, `arn:…`), as no encoding of a key has a colon;
 * - ciphertext: SOPS and eyaml (`ENC[…`, `ENC(…`), kubeseal.
 * @param value the value as YAML gives it.
 * Source: https://docs.buoyant.io/buoyant-enterprise-linkerd/latest/reference/operator (`license` holds the key, `licenseSecret` a name).
 */
export function licenseLiteral(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const text = value.trim();
  if (text === '' || isSubstituted(text) || text === licenseSecret.name) return false;
  if (text.startsWith('ENC[') || text.startsWith('ENC(') || /^[A-Za-z][A-Za-z0-9+.-]{0,31}:/.test(text)) return false;
  if (/^Ag[A-D]/.test(text) && text.length >= shortestSealed) return false;
  return text.length > longestPlaceholder || !isPlaceholder(text);
}

function isPlaceholder(text: string): boolean {
  const bare = text.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  if (bare === '' || placeholderStart.test(bare) || placeholderWords.has(bare)) return true;
  if (text.includes('_') && /^[A-Z_]{2,64}$/.test(text)) return true;
  return [
    ['<', '>'],
    ['[', ']'],
    ['{', '}'],
    ['%', '%'],
    ['__', '__'],
    ['@', '@'],
  ].some(([open = '', close = '']) => text.startsWith(open) && text.endsWith(close));
}
