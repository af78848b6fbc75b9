import { posix, win32 } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { CONFIGURATION_FILE } from '../host';

/** Whether paths are those of Windows. A parameter below, so that tests can ask for both. */
const ON_WINDOWS = process.platform === 'win32';

/**
 * The absolute path of a `file:` URI, whatever its client escapes or how it writes a drive letter, which is a capital in the path,
 * without a separator at its end; undefined for any other URI, and for one that names no file of this machine or of a share.
 */
export function absolutePath(uri: string, windows: boolean = ON_WINDOWS): string | undefined {
  if (!/^file:/i.test(uri)) return undefined;
  let path: string;
  try {
    path = fileURLToPath(uri, { windows });
  } catch {
    return undefined;
  }
  const paths = pathsOf(windows);
  if (!paths.isAbsolute(path) || path.includes('\0')) return undefined;
  const plain = paths.resolve(path);
  return windows ? plain.replace(/^[a-z](?=:)/, (letter) => letter.toUpperCase()) : plain;
}

/** Paths of one folder as URIs and back. Paths are relative to it, with `/`, as the engine has them. */
export class UriSpace {
  readonly root: string;
  private readonly configuration: string | undefined;
  private readonly windows: boolean;
  /** Ends with a slash. */
  private readonly base: string;
  /** The spelling of a client that writes a URI in its own way: it must be able to find its documents by ours. */
  private readonly spellings = new Map<string, string>();
  /** Those that were spelt here. */
  private readonly spelt = new Map<string, string>();

  /**
   * @param uri the folder's, as the client writes it
   * @param root its absolute path
   * @param configuration the absolute path of the configuration that holds for the folder; it may stand above it
   */
  constructor(uri: string, root: string, configuration: string | undefined, windows: boolean = ON_WINDOWS) {
    this.root = root;
    this.configuration = configuration;
    this.windows = windows;
    this.base = uri.endsWith('/') ? uri : `${uri}/`;
  }

  /** The same folder with another configuration. */
  configuredBy(configuration: string | undefined): UriSpace {
    const other = new UriSpace(this.base, this.root, configuration, this.windows);
    for (const [path, uri] of this.spellings) if (path !== CONFIGURATION_FILE) other.remember(path, uri);
    return other;
  }

  /** The path of a document; undefined when it lies elsewhere. */
  pathOf(uri: string): string | undefined {
    const absolute = absolutePath(uri, this.windows);
    if (absolute === undefined) return undefined;
    if (this.configuration !== undefined && this.way(this.configuration, absolute) === '') return CONFIGURATION_FILE;
    const way = this.way(this.root, absolute);
    return way === '' || way === '..' || way.startsWith('../') || pathsOf(this.windows).isAbsolute(way) ? undefined : way;
  }

  uriOf(path: string): string {
    const known = this.spellings.get(path) ?? this.spelt.get(path);
    if (known !== undefined) return known;
    const uri =
      this.configuration !== undefined && this.isAbove(path)
        ? `${this.uriAbove(pathsOf(this.windows).dirname(this.configuration))}/${CONFIGURATION_FILE}`
        : `${this.base}${path.split('/').map(encoded).join('/')}`;
    this.spelt.set(path, uri);
    return uri;
  }

  /** The URI of a directory above the folder, without a slash at its end. */
  uriAbove(directory: string): string {
    const steps = this.way(directory, this.root).split('/').length;
    // As the client writes the folder's own.
    const uri = this.base.slice(0, -1).split('/').slice(0, -steps).join('/');
    const path = absolutePath(`${uri}/`, this.windows);
    if (path !== undefined && this.way(directory, path) === '') return uri;
    return pathToFileURL(directory, { windows: this.windows }).href.replace(/\/$/, '');
  }

  /** Whether a path stands above the folder: its configuration may. */
  isAbove(path: string): boolean {
    if (path !== CONFIGURATION_FILE || this.configuration === undefined) return false;
    return this.way(this.root, this.configuration) !== CONFIGURATION_FILE;
  }

  /** Keeps to the client's spelling of a document's URI. Answers whether that is another one than before. */
  remember(path: string, uri: string): boolean {
    const isOther = this.uriOf(path) !== uri;
    if (isOther) this.spellings.set(path, uri);
    return isOther;
  }

  /** The way from one path to another, with `/`; one to another drive or share stays absolute. */
  private way(from: string, to: string): string {
    const way = pathsOf(this.windows).relative(from, to);
    // A backslash is an ordinary character in a name elsewhere.
    return this.windows ? way.replaceAll('\\', '/') : way;
  }
}

function pathsOf(windows: boolean): typeof posix {
  return windows ? win32 : posix;
}

/** Half of a character, which no encoding has, would be refused. */
function encoded(segment: string): string {
  return encodeURIComponent(segment.replace(/\p{Cs}/gu, '\ufffd'));
}
