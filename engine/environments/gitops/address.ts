/**
 * A repository's address as it is compared: host and path, for every scheme and for `git@host:path` alike, in lower case, without user,
 * port, `.git` and slashes at its end (argo-cd util/git/git.go NormalizeGitURL keeps https and ssh apart; they lead to the same files).
 */
export function addressOf(url: string): string {
  const text = url.trim().toLowerCase();
  const withoutScheme = text.replace(SCHEME, '');
  const hasScheme = withoutScheme !== text;
  const withoutUser = withoutScheme.replace(/^[^/@]*@/, '');
  // Without a scheme, what follows the colon is the path already.
  const path = hasScheme ? withoutUser.replace(/^([^/]*?):\d*(?=\/|$)/, '$1') : withoutUser.replace(/^([^/:]+):\/*/, '$1/');
  return withoutSlash(withoutSlash(path).replace(/\.git$/, ''));
}

/** The address of a remote; undefined for another directory of the same machine, which is called as it happens to be. */
export function remoteAddress(url: string): string | undefined {
  const text = url.trim();
  const isElsewhere = SCHEME.test(text) ? !/^file:/i.test(text) : /^[^/\\:]{2,}:/.test(text);
  const address = isElsewhere ? addressOf(text) : '';
  return address === '' ? undefined : address;
}

/** What a repository is called wherever it stands: forks and mirrors keep it. */
export function repositoryName(address: string): string {
  return address.slice(address.lastIndexOf('/') + 1);
}

/** The text without the slashes that it ends with. */
export function withoutSlash(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === '/') end--;
  return text.slice(0, end);
}

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
