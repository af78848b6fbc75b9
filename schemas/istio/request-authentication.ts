import { duration, flag, list, moved, object, text, texts, word } from './schema';
import type { KindSchema, Schema } from './schema';
import { selector, targetDefinitions, targetRef, targetRefs } from './shared/targets';

const keysAddress: Schema = text('Where the public keys of the issuer are fetched, by http or https.', {
  minLength: 1,
  maxLength: 2048,
});

export const requestAuthentication: KindSchema = {
  kind: 'RequestAuthentication',
  group: 'security.istio.io',
  versions: ['v1', 'v1beta1'],
  docs: 'https://istio.io/latest/docs/reference/config/security/request_authentication/',
  description:
    'Says which JWTs a workload understands. A request with a bad one is refused; one without any is let through, unless an AuthorizationPolicy asks for it.',
  specRequired: false,
  definitions: targetDefinitions,
  spec: object(
    'The workloads and the tokens.',
    {
      selector: selector('The pods this is for. Unset, all of the namespace; in the root namespace, of the mesh.'),
      targetRef,
      targetRefs,
      jwtRules: list(
        'The tokens; a request may carry one of any of these rules.',
        object(
          'Tokens of one issuer.',
          {
            issuer: text('The `iss` claim of its tokens.', { minLength: 1 }),
            audiences: texts('The `aud` claims that are accepted. Unset, the name of the service.', {}, { minLength: 1 }),
            jwksUri: keysAddress,
            jwks_uri: moved('jwksUri', keysAddress),
            jwks: text('The public keys of the issuer themselves, as a JSON Web Key Set.'),
            fromHeaders: list(
              'Headers that carry the token. Unset, `Authorization: Bearer` and the parameter `access_token`.',
              object(
                'One header.',
                {
                  name: text('Its name.', { minLength: 1 }),
                  prefix: text('What stands before the token, with its space, such as `Bearer `.'),
                },
                { required: ['name'], 'x-anchor': 'JWTHeader' },
              ),
            ),
            fromParams: texts('Query parameters that carry the token.', {}, { minLength: 1 }),
            fromCookies: texts('Cookies that carry the token.', {}, { minLength: 1 }),
            outputPayloadToHeader: text('The header that carries the payload of a good token on, as base64url.'),
            outputClaimToHeaders: list(
              'Claims that are carried on in headers.',
              object(
                'One claim.',
                {
                  header: text('The header.', { minLength: 1, pattern: '^[-_A-Za-z0-9]+$' }),
                  claim: text('The claim; dots lead into objects.', { minLength: 1 }),
                },
                { required: ['header', 'claim'], 'x-anchor': 'ClaimToHeader' },
              ),
            ),
            forwardOriginalToken: flag('Whether the token is sent on to the workload.', { default: false }),
            timeout: duration('How long fetching the keys may take.', { default: '5s' }),
            presence: word('Whether a request without a token is let through (OPTIONAL) or refused (REQUIRED).', [
              'OPTIONAL',
              'REQUIRED',
            ]),
            spaceDelimitedClaims: texts('Claims whose text is a list with spaces.', { maxItems: 64 }, { minLength: 1 }),
          },
          { 'x-anchor': 'JWTRule' },
        ),
        { maxItems: 4096 },
      ),
    },
    { 'x-anchor': 'RequestAuthentication' },
  ),
};
