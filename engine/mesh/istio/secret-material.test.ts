import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { hasAuthority, materialFault } from './secret-material';

/** The body is the SEQUENCE of one INTEGER: as little of a certificate as there is. */
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n';
const KEY = '-----BEGIN EC PRIVATE KEY-----\nMAMCAQE=\n-----END EC PRIVATE KEY-----\n';
const base64 = (text: string): string => Buffer.from(text).toString('base64');

function askOf<T>(body: string, question: Parameters<typeof ask<T>>[1]): T {
  return ask({ 'secret.yaml': `apiVersion: v1\nkind: Secret\nmetadata:\n  name: tls\n${body}` }, question);
}

function faultOf(body: string): string {
  return askOf(body, (view) => {
    const [secret] = view.ofKind('Secret');
    const fault = secret === undefined ? undefined : materialFault(secret);
    if (fault === undefined) return 'none';
    return fault.is === 'missing' ? `missing ${fault.keys.join(' ')}` : `${fault.key} is no ${fault.wanted}`;
  });
}

describe('materialFault', () => {
  it.each([
    ['both, as Kubernetes calls them', `data:\n  tls.crt: ${base64(CERTIFICATE)}\n  tls.key: ${base64(KEY)}\n`, 'none'],
    ['both, by the older names', `data:\n  cert: ${base64(CERTIFICATE)}\n  key: ${base64(KEY)}\n`, 'none'],
    ['as text', `stringData:\n  tls.crt: ${JSON.stringify(CERTIFICATE)}\n  tls.key: ${JSON.stringify(KEY)}\n`, 'none'],
    [
      'text in front of the certificate',
      `data:\n  tls.crt: ${base64(`subject=shop\n${CERTIFICATE}`)}\n  tls.key: ${base64(KEY)}\n`,
      'none',
    ],
    ['nothing', 'type: Opaque\n', 'missing tls.crt tls.key'],
    ['no key', `data:\n  tls.crt: ${base64(CERTIFICATE)}\n`, 'missing tls.key'],
    ['no key, by the older names', `data:\n  cert: ${base64(CERTIFICATE)}\n`, 'missing key'],
    [
      'a certificate that is none',
      `data:\n  tls.crt: ${base64('shop')}\n  tls.key: ${base64(KEY)}\n`,
      'tls.crt is no certificate',
    ],
    [
      'a key that is none',
      `data:\n  tls.crt: ${base64(CERTIFICATE)}\n  tls.key: ${base64(CERTIFICATE)}\n`,
      'tls.key is no private key',
    ],
    [
      'a block cut short',
      `data:\n  tls.crt: ${base64(CERTIFICATE.replace('MAMCAQE=', 'MAMC'))}\n  tls.key: ${base64(KEY)}\n`,
      'tls.crt is no certificate',
    ],
    [
      'a block that is no base64',
      `data:\n  tls.crt: ${base64(CERTIFICATE.replace('MAMCAQE=', '???'))}\n  tls.key: ${base64(KEY)}\n`,
      'tls.crt is no certificate',
    ],
    ['no base64', 'data:\n  tls.crt: "-"\n  tls.key: "-"\n', 'tls.crt is no certificate'],
    ['encrypted by sops', `data:\n  tls.crt: ENC[AES256]\n  tls.key: ENC[AES256]\nsops:\n  version: 3.9.0\n`, 'none'],
    ['a variable', 'data:\n  tls.crt: ${CERTIFICATE}\n  tls.key: ${KEY}\n', 'none'],
  ])('%s', (_title, body, expected) => {
    expect(faultOf(body)).toBe(expected);
  });
});

it('hasAuthority finds what clients are checked by', () => {
  const has = (body: string): boolean => askOf(body, (view) => view.ofKind('Secret').some(hasAuthority));
  expect(has('data:\n  ca.crt: LS0t\n')).toBe(true);
  expect(has('data:\n  cacert: LS0t\n')).toBe(true);
  expect(has('data:\n  tls.crt: LS0t\n')).toBe(false);
});
