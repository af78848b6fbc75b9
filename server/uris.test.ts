import { describe, expect, it } from 'vitest';
import { absolutePath, UriSpace } from './uris';

const [POSIX, WINDOWS] = [false, true];

describe('the path of a URI', () => {
  it.each([
    ['file:///srv/a%20b/c.yaml', '/srv/a b/c.yaml'],
    ['FILE:///srv/a.yaml', '/srv/a.yaml'],
    ['file:///srv/a/', '/srv/a'],
    ['file://localhost/srv/a.yaml', '/srv/a.yaml'],
    // A backslash is an ordinary character here.
    ['file:///srv/a%5Cb.yaml', '/srv/a\\b.yaml'],
    ['file:///srv/a%E2%82%AC.yaml', '/srv/a€.yaml'],
    ['file:///srv/a.yaml?b#c', '/srv/a.yaml'],
    ['file://server/share/a.yaml', undefined],
    ['file:///srv/a%2Fb.yaml', undefined],
    ['file:///srv/a%00b.yaml', undefined],
    ['file:///srv/%ff.yaml', undefined],
    ['untitled:Untitled-1', undefined],
    ['vscode-remote://host/srv/a.yaml', undefined],
    ['/srv/a.yaml', undefined],
    ['file:', '/'],
    ['', undefined],
  ])('%s is %s', (uri, path) => {
    expect(absolutePath(uri, POSIX)).toBe(path);
  });

  it.each([
    // However a client writes the drive.
    ['file:///c%3A/repo/a%20b.yaml', 'C:\\repo\\a b.yaml'],
    ['file:///c:/repo/a.yaml', 'C:\\repo\\a.yaml'],
    ['file:///C:/repo/a.yaml', 'C:\\repo\\a.yaml'],
    ['file:///C%3a/', 'C:\\'],
    ['file:///C:/repo/', 'C:\\repo'],
    ['file://localhost/c:/a.yaml', 'C:\\a.yaml'],
    ['file://server/share/repo/a.yaml', '\\\\server\\share\\repo\\a.yaml'],
    ['file://wsl.localhost/Debian/home/a.yaml', '\\\\wsl.localhost\\Debian\\home\\a.yaml'],
    ['file:///c:', undefined],
    ['file:///srv/a.yaml', undefined],
    ['file:///c:/a%5Cb.yaml', undefined],
    ['file:///c:/a%2Fb.yaml', undefined],
    ['file:///c:/a%00b.yaml', undefined],
    ['c:\\repo\\a.yaml', undefined],
  ])('%s is %s on Windows', (uri, path) => {
    expect(absolutePath(uri, WINDOWS)).toBe(path);
  });
});

describe('a folder', () => {
  it.each([
    ['file:///repo', '/repo', POSIX],
    ['file:///repo/', '/repo', POSIX],
    ['file:///c%3A/repo', 'C:\\repo', WINDOWS],
    ['file:///C:/repo/', 'C:\\repo', WINDOWS],
    ['file://server/share/repo', '\\\\server\\share\\repo', WINDOWS],
  ])('at %s has paths with slashes, and URIs as the client writes them', (uri, root, windows) => {
    const space = new UriSpace(uri, root, undefined, windows);
    const base = uri.replace(/\/$/, '');
    for (const path of ['a.yaml', 'b c/d@1.yaml', 'b/50%.yaml', '€/#?.yaml']) {
      expect(space.uriOf(path).startsWith(`${base}/`)).toBe(true);
      expect(space.pathOf(space.uriOf(path))).toBe(path);
    }
    expect(space.pathOf(`${base}/..a/b.yaml`)).toBe('..a/b.yaml');
    for (const elsewhere of [base, `${base}/`, `${base}/../a.yaml`, `${base}x/a.yaml`, `${base}/..`, 'untitled:x'])
      expect(space.pathOf(elsewhere), elsewhere).toBeUndefined();
  });

  it('on Windows knows its files by whatever drive letter and case', () => {
    const space = new UriSpace('file:///c%3A/Repo', 'C:\\Repo', undefined, WINDOWS);
    for (const uri of ['file:///C:/Repo/a.yaml', 'file:///c:/repo/a.yaml', 'file:///c%3A/Repo/a.yaml'])
      expect(space.pathOf(uri)).toBe('a.yaml');
    expect(space.pathOf('file:///d:/Repo/a.yaml')).toBeUndefined();
    expect(space.pathOf('file://server/Repo/a.yaml')).toBeUndefined();
    const share = new UriSpace('file://server/share/repo', '\\\\server\\share\\repo', undefined, WINDOWS);
    expect(share.pathOf('file://SERVER/share/repo/b/a.yaml')).toBe('b/a.yaml');
    expect(share.pathOf('file://server/other/repo/a.yaml')).toBeUndefined();
  });

  it.each([
    ['file:///top/repo/shop', '/top/repo/shop', '/top/.mesh-lint.yaml', 'file:///top/.mesh-lint.yaml', POSIX],
    ['file:///a%40b/shop/', '/a@b/shop', '/a@b/.mesh-lint.yaml', 'file:///a%40b/.mesh-lint.yaml', POSIX],
    ['file:///c%3A/top/shop', 'C:\\top\\shop', 'C:\\top\\.mesh-lint.yaml', 'file:///c%3A/top/.mesh-lint.yaml', WINDOWS],
    ['file:///C:/shop', 'C:\\shop', 'C:\\.mesh-lint.yaml', 'file:///C:/.mesh-lint.yaml', WINDOWS],
    ['file://s/share/a/b', '\\\\s\\share\\a\\b', '\\\\s\\share\\a\\.mesh-lint.yaml', 'file://s/share/a/.mesh-lint.yaml', WINDOWS],
    // Where the way up cannot be read off the folder's own URI.
    ['file:///top/shop/.', '/top/shop', '/top/.mesh-lint.yaml', 'file:///top/.mesh-lint.yaml', POSIX],
  ])('at %s with its configuration above', (uri, root, configuration, expected, windows) => {
    const space = new UriSpace(uri, root, configuration, windows);
    expect(space.uriOf('.mesh-lint.yaml')).toBe(expected);
    expect(space.pathOf(expected)).toBe('.mesh-lint.yaml');
    expect(space.isAbove('.mesh-lint.yaml')).toBe(true);
    expect(space.isAbove('a.yaml')).toBe(false);
  });

  it('with its configuration in it', () => {
    const space = new UriSpace('file:///C:/repo', 'C:\\repo', 'C:\\repo\\.mesh-lint.yaml', WINDOWS);
    expect(space.isAbove('.mesh-lint.yaml')).toBe(false);
    expect(space.uriOf('.mesh-lint.yaml')).toBe('file:///C:/repo/.mesh-lint.yaml');
  });

  it("keeps to the client's spelling of a document", () => {
    const space = new UriSpace('file:///repo', '/repo', undefined, POSIX);
    const own = 'file:///repo/%61.yaml';
    space.remember('a.yaml', own);
    expect(space.uriOf('a.yaml')).toBe(own);
    expect(space.uriOf('b.yaml')).toBe('file:///repo/b.yaml');
  });

  it('is one for any name, also one of half a character', () => {
    expect(new UriSpace('file:///repo', '/repo', undefined, POSIX).uriOf('a\ud800/b%.yaml')).toBe(
      'file:///repo/a%EF%BF%BD/b%25.yaml',
    );
  });
});
