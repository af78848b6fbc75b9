import { describe, expect, it } from 'vitest';
import { hasOpenCommand, headerNameFault, isAuthority, isClaim, isInternal } from './header';

describe('names of headers', () => {
  it.each(['x-team', 'X-Team', ':authority', "a!#$%&'*+.^_`|~9"])('%s is one', (name) => {
    expect(headerNameFault(name)).toBeUndefined();
  });

  it.each(['', 'a b', 'a:b', 'ä', ':', 'a(b)'])('%s is none', (name) => {
    expect(headerNameFault(name)).toBeDefined();
  });

  it('tells those with a meaning of their own', () => {
    expect([':path', 'Host', 'x-host'].map(isInternal)).toEqual([true, true, false]);
    expect([':authority', 'Host', ':path'].map(isAuthority)).toEqual([true, true, false]);
    expect(['@request.auth.claims.a', '@request.auth.claims[a]', 'x'].map(isClaim)).toEqual([true, true, false]);
  });
});

describe('values of headers', () => {
  it.each([
    '',
    'plain',
    '%DOWNSTREAM_REMOTE_ADDRESS%',
    '100%%',
    '%%a%%',
    '%START_TIME(%Y-%m-%d)%',
    'a%REQ(X)%b%%',
    '%REQ(X?Y):10%',
  ])('%s ends all its commands', (value) => {
    expect(hasOpenCommand(value)).toBe(false);
  });

  it.each(['100%', '50% off', '%REQ(X)', '%a%b%', '%%%'])('%s does not', (value) => {
    expect(hasOpenCommand(value)).toBe(true);
  });
});
