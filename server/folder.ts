import { fileURLToPath, pathToFileURL } from 'node:url';
import { join } from 'node:path';
import type { Diagnostic } from 'vscode-languageserver/node';
import { Workspace } from '../engine/workspace';
import { load, pathBelow, readText } from '../host';
import { rules } from '../rules';
import { toDiagnostic } from './diagnostics';

/** One workspace folder: its files on disk, with the open documents' text over them. */
export class Folder {
  private readonly path: string;
  private readonly workspace: Workspace;
  private readonly open = new Set<string>();
  private published = new Map<string, string>();

  /** @param uri a `file:` URI; the folder is read at once */
  constructor(uri: string, now: Date) {
    this.path = fileURLToPath(uri);
    this.workspace = new Workspace({ rules, now });
    load(this.path, this.workspace);
  }

  /** Whether a document lies in this folder. */
  holds(uri: string): boolean {
    return this.relative(uri) !== undefined;
  }

  /** Lays an open document's text over the file. */
  setText(uri: string, text: string): void {
    const path = this.relative(uri);
    if (path === undefined || this.workspace.wants(path) !== 'text') return;
    this.open.add(path);
    if (this.workspace.accepts(path, text)) this.workspace.set(path, text);
    else this.workspace.name(path);
  }

  /** Takes an open document's text away: what is on disk holds again. */
  close(uri: string): void {
    const path = this.relative(uri);
    if (path === undefined) return;
    this.open.delete(path);
    this.readFromDisk(path);
  }

  /** Follows a change on disk; an open document's text stays. */
  changed(uri: string): void {
    const path = this.relative(uri);
    if (path !== undefined && !this.open.has(path)) this.readFromDisk(path);
  }

  /** The diagnostics of every file where they differ from the last time; an empty list where there are none any more. */
  changes(): { uri: string; diagnostics: Diagnostic[] }[] {
    const current = new Map<string, Diagnostic[]>();
    for (const finding of this.workspace.findings()) {
      const list = current.get(finding.reported.file) ?? [];
      list.push(toDiagnostic(finding, (path) => this.uri(path)));
      current.set(finding.reported.file, list);
    }
    const before = this.published;
    this.published = new Map([...current].map(([path, diagnostics]) => [path, JSON.stringify(diagnostics)]));
    const paths = new Set([...before.keys(), ...current.keys()]);
    return [...paths]
      .filter((path) => before.get(path) !== this.published.get(path))
      .map((path) => ({ uri: this.uri(path), diagnostics: current.get(path) ?? [] }));
  }

  private readFromDisk(path: string): void {
    const read = readText(join(this.path, path));
    if ('text' in read && this.workspace.wants(path) === 'text' && this.workspace.accepts(path, read.text)) {
      this.workspace.set(path, read.text);
    } else this.workspace.remove(path);
  }

  private relative(uri: string): string | undefined {
    if (!uri.startsWith('file:')) return undefined;
    const path = pathBelow(this.path, fileURLToPath(uri));
    return path.startsWith('..') ? undefined : path;
  }

  private uri(path: string): string {
    return pathToFileURL(join(this.path, path)).href;
  }
}
