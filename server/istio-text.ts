import type { Folder } from './folder';

/** Whether a file's text names a group of Istio's API: where it does not, its schemas need not be loaded. */
export function mayNameIstio({ workspace }: Pick<Folder, 'workspace'>, path: string): boolean {
  return workspace.repository.peekManifest(path)?.text.includes('.istio.io/') === true;
}
