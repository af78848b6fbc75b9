import { expect, it } from 'vitest';
import { parseRequestUri } from './url';

/** As Go's `url.ParseRequestURI` takes them. */
it.each([
  ['https://example.com/keys', 'https'],
  ['HTTP://example.com', 'http'],
  ['oci://ghcr.io/a/b:1', 'oci'],
  ['file:///opt/filter.wasm', 'file'],
  ['/path/alone', ''],
  ['localhost:5000/filter', 'localhost'],
  ['http://user:secret@example.com:80/a?b=%zz', 'http'],
  ['http://[::1]:8080/', 'http'],
  ['ghcr.io/a/b:1', undefined],
  ['example.com', undefined],
  ['', undefined],
  [':8080', undefined],
  ['#%blah$#@', undefined],
  ['http://#%blah$#@', undefined],
  ['http://exa mple.com', undefined],
  ['http://example.com:port', undefined],
  ['http://example.com/%zz', undefined],
  ['http://example.com/\u0007', undefined],
  ['http://[::1', undefined],
])('%s', (text, scheme) => {
  expect(parseRequestUri(text)?.scheme).toBe(scheme);
});
