import { expect, it } from 'vitest';
import { istioDocument, refusals } from '../../test/support/istio-validation';
import { rule } from './invalid-request-authentication';

const says = (rule_: string): string[] => refusals(rule, istioDocument('RequestAuthentication', `jwtRules: [${rule_}]`));

it.each([
  ['{ issuer: a }', []],
  ['{ jwksUri: https://a.com/keys }', []],
  ['{ jwks_uri: https://a.com/keys }', []],
  ['{ audiences: [a] }', ['audiences | The rule says neither who issues the tokens nor where the keys are.']],
  ['{ issuer: "${ISSUER}" }', []],
  ['{ issuer: a, timeout: 1.0001s }', ['1.0001s | "1.0001s" has a fraction of a millisecond.']],
  [`{ issuer: a, jwks: '{"keys":[{"kty":"RSA","n":"AQ","e":"AQAB"}]}' }`, []],
  [`{ issuer: a, jwks: '{"kty":"RSA","n":"AQ","e":"AQAB"}' }`, []],
  ['{ issuer: a, jwks: nothing }', ['nothing | "jwks" is no JSON Web Key Set.']],
  [`{ issuer: a, jwks: '{"keys":{}}' }`, [`'{"keys":{}}' | "jwks" is no JSON Web Key Set.`]],
  [`{ issuer: a, jwks: '{"keys":[{"n":"AQ"}]}' }`, [`'{"keys":[{"n":"AQ"}]}' | "jwks" is no JSON Web Key Set.`]],
  [
    `{ issuer: a, jwks: '{"keys":[{"kty":"RSA","n":"AQ","e":"AQAB","d":"AQ"}]}' }`,
    [`warning: '{"keys":[{"kty":"RSA","n":"AQ","e":"AQAB","d":"AQ"}]}' | "jwks" holds a private or symmetric key.`],
  ],
])('%s', (jwtRule, expected) => {
  expect(says(jwtRule)).toEqual(expected);
});
