import { entriesOf, isSet, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { Resource } from '../../resources/resource';

/** What keeps a proxy from serving TLS with a Secret. */
export type MaterialFault =
  | { readonly is: 'missing'; readonly keys: readonly string[] }
  | { readonly is: 'unreadable'; readonly key: string; readonly node: YamlNode; readonly wanted: 'certificate' | 'private key' };

/** The names under which istiod looks for a certificate and its key: those of `kubernetes.io/tls`, and its own older ones. */
const PAIRS = [
  ['tls.crt', 'tls.key'],
  ['cert', 'key'],
] as const;

/**
 * What is wrong with a Secret as the certificate and key of a server (istio/istio pilot/pkg/credentials/kube/secrets.go, ExtractCertInfo,
 * 1.32 development). A block of PEM must hold one value of ASN.1; whether the two belong together, and until when
 * they hold, is not looked at.
 *
 * @returns undefined for one that may do, and for one that is encrypted, or of which a template hides something
 */
export function materialFault(secret: Resource): MaterialFault | undefined {
  const root = secret.root;
  if (root === undefined || isSet(root.get('sops'))) return undefined;
  const holders = [secret.at('data'), secret.at('stringData')];
  if (holders.some((holder) => holder?.type === 'unknown' || (holder?.type === 'map' && holder.open))) return undefined;
  const values = new Map<string, { node: YamlNode; isEncoded: boolean }>();
  for (const [i, holder] of holders.entries()) {
    for (const { key, value } of entriesOf(holder)) values.set(String(key.value), { node: value, isEncoded: i === 0 });
  }
  const pair = PAIRS.find((names) => names.some((name) => values.has(name))) ?? PAIRS[0];
  const missing = pair.filter((name) => !values.has(name));
  if (missing.length > 0) return { is: 'missing', keys: missing };
  for (const [i, name] of pair.entries()) {
    const held = values.get(name);
    const text = held === undefined ? undefined : textOf(held.node, held.isEncoded);
    // Encrypted in place, or a placeholder that something fills in.
    if (held === undefined || text === undefined || PLACEHOLDER.test(text)) continue;
    const wanted = i === 0 ? 'certificate' : 'private key';
    if (!isReadable(text, i === 0 ? CERTIFICATE : PRIVATE_KEY)) return { is: 'unreadable', key: name, node: held.node, wanted };
  }
  return undefined;
}

/** Whether a Secret has what clients' certificates are checked by, beside the server's own. */
export function hasAuthority(secret: Resource): boolean {
  return ['ca.crt', 'cacert'].some((key) =>
    [lookup(secret.root, 'data', key), lookup(secret.root, 'stringData', key)].some(isSet),
  );
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----\r?\n([^-]*)-----END CERTIFICATE-----/;
const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,20}PRIVATE KEY-----\r?\n([^-]*)-----END [A-Z ]{0,20}PRIVATE KEY-----/;

/** Whether a text has a block of PEM whose bytes are one SEQUENCE of DER, which every certificate and key is; encrypted keys have headers. */
function isReadable(text: string, block: RegExp): boolean {
  const body = block.exec(text)?.[1];
  const bytes = body === undefined ? undefined : decodeBase64(body);
  return bytes?.charCodeAt(0) === 0x30 && lengthOf(bytes) === bytes.length;
}

/** The whole length of the first value of DER: tag, length and content. */
function lengthOf(bytes: string): number {
  const first = bytes.charCodeAt(1);
  if (first < 0x80) return 2 + first;
  const size = first & 0x7f;
  let length = 0;
  for (let i = 0; i < size && i < 5; i++) length = length * 256 + bytes.charCodeAt(2 + i);
  return 2 + size + length;
}

const PLACEHOLDER = /^\s*(?:ENC\[|\$\{|<|\{\{|AQICAH)/;

/** The text of a value; undefined where a template hides it, or it is no string. What is no base64 is taken as it is. */
function textOf(node: YamlNode, isEncoded: boolean): string | undefined {
  const written = stringOf(node);
  return written === undefined || !isEncoded ? written : (decodeBase64(written) ?? written);
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes as characters; undefined for what is no base64. */
function decodeBase64(text: string): string | undefined {
  const compact = text.replace(/\s+/g, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(compact)) return undefined;
  const out: string[] = [];
  let bits = 0;
  let held = 0;
  for (const character of compact.replace(/=+$/, '')) {
    held = ((held << 6) | ALPHABET.indexOf(character)) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out.push(String.fromCharCode((held >> bits) & 0xff));
  }
  return out.join('');
}
