import type { Resource } from '../../../../resources/resource';
import type { YamlNode } from '../../../../yaml/tree';
import { placeOf } from '../problem';
import { at, isWhole, items, text, unset } from '../read';
import { checkAnnotations, checkDuration, checkPolicyTargets } from './common';
import type { Problems } from './common';

/** What istiod's webhook says of a RequestAuthentication. */
export function* checkRequestAuthentication(resource: Resource): Problems {
  yield* checkAnnotations(resource);
  const spec = resource.at('spec');
  yield* checkPolicyTargets(spec);
  for (const rule of items(at(spec, 'jwtRules'))) {
    if (isWhole(rule) && ['issuer', 'jwksUri', 'jwks_uri'].every((field) => unset(at(rule, field)))) {
      yield {
        place: placeOf(rule),
        what: 'the rule says neither who issues the tokens nor where the keys are',
        todo: 'set issuer, jwksUri, or both',
      };
    }
    yield* checkKeys(rule);
    yield* checkDuration(at(rule, 'timeout'));
  }
}

/** Parts of a private key (RFC 7518). */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];

function* checkKeys(rule: YamlNode): Problems {
  const node = at(rule, 'jwks');
  const written = text(node);
  if (node === undefined || written === undefined || written === '') return;
  const keys = keysOf(written);
  if (keys === undefined) {
    yield {
      place: placeOf(node),
      what: '"jwks" is no JSON Web Key Set',
      todo: 'write JSON with a list "keys", of which each has a "kty"',
    };
  } else if (keys.some((key) => PRIVATE.some((part) => part in key))) {
    yield {
      place: placeOf(node),
      what: '"jwks" holds a private or symmetric key',
      effect: 'whoever reads the policy can issue tokens that it accepts',
      todo: 'keep the public part alone, and replace the key',
    };
  }
}

/** The keys of a set, or a single one; undefined for what is neither. */
function keysOf(written: string): readonly object[] | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(written);
  } catch {
    // That it is no JSON is the answer.
    return undefined;
  }
  if (!isObject(parsed)) return undefined;
  const keys: unknown = 'keys' in parsed ? parsed.keys : [parsed];
  return Array.isArray(keys) && keys.every((key) => isObject(key) && 'kty' in key) ? keys : undefined;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
