/** An environment's name as people read it: the one of the repository's own folder is called `.`, which says nothing. */
export function environmentTitle(name: string): string {
  return name === '.' ? 'root folder' : name;
}
