import { isAbsolute, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CONFIGURATION_FILE, pathBelow } from '../host';

/**
 * The absolute path of a `file:` URI, whatever its client escapes or how it writes a drive letter; undefined for any other URI, and for
 * one that names no file of this machine.
 */
export function absolutePath(uri: string): string | undefined {
  if (!/^file:/i.test(uri)) return undefined;
  try {
    const path = fileURLToPath(uri);
    return isAbsolute(path) && !path.includes('\0') ? path : undefined;
  } catch {
    return undefined;
  }
}

/** Paths of one folder as URIs and back. Paths are relative to it, with `/`, as the engine has them. */
export class UriSpace {
  readonly root: string;
  private readonly configuration: string | undefined;
  private readonly base: string;
  /** The spelling of a client that writes a URI in its own way: it must be able to find its documents by ours. */
  private readonly spellings = new Map<string, string>();

  /**
   * @param uri the folder's, as the client writes it
   * @param root its absolute path
   * @param configuration the absolute path of the configuration that holds for the folder; it may stand above it
   */
  constructor(uri: string, root: string, configuration: string | undefined) {
    this.root = root;
    this.configuration = configuration;
    this.base = uri.endsWith('/') ? uri : `${uri}/`;
  }

  /** The path of a document; undefined when it lies elsewhere. */
  pathOf(uri: string): string | undefined {
    const absolute = absolutePath(uri);
    if (absolute === undefined) return undefined;
    if (absolute === this.configuration) return CONFIGURATION_FILE;
    const path = pathBelow(this.root, absolute);
    return path === '' || path === '..' || path.startsWith('../') || isAbsolute(path) ? undefined : path;
  }

  uriOf(path: string): string {
    const spelled = this.spellings.get(path);
    if (spelled !== undefined) return spelled;
    if (this.configuration !== undefined && this.isAbove(path)) return pathToFileURL(this.configuration).href;
    return `${this.base}${path.split('/').map(encodeURIComponent).join('/')}`;
  }

  /** Whether a path stands above the folder: its configuration may. */
  isAbove(path: string): boolean {
    return path === CONFIGURATION_FILE && this.configuration !== undefined && this.configuration !== join(this.root, path);
  }

  /** Keeps to the client's spelling of a document's URI. */
  remember(path: string, uri: string): void {
    this.spellings.set(path, uri);
  }
}
