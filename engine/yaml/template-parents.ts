interface Entry {
  readonly column: number;
  readonly item: boolean;
  readonly hidden: boolean;
}

/** The keys and list items above a line, by their columns; knows whether the line's parent is one that a template decides. */
export class Parents {
  private readonly entries: Entry[] = [];

  clear(): void {
    this.entries.length = 0;
  }

  /** The column of the innermost one, or -1 at the root. */
  get column(): number {
    return this.entries.at(-1)?.column ?? -1;
  }

  /**
   * Leaves whatever a line at `column` ends.
   * @param item whether the line starts with `- `: its parent may be a key at the same column
   * @returns whether the parent that remains is hidden
   */
  enter(column: number, item: boolean): boolean {
    for (let last = this.entries.at(-1); last !== undefined; last = this.entries.at(-1)) {
      const isParent = last.column < column || (last.column === column && item && !last.item);
      if (isParent) return last.hidden;
      this.entries.pop();
    }
    return false;
  }

  add(column: number, item: boolean, hidden: boolean): void {
    this.entries.push({ column, item, hidden });
  }

  /** Notes output at `column`: what stands deeper below it has its parent there. It may be items of a key at the same column. */
  addOutput(column: number): void {
    while (this.column > column) this.entries.pop();
    this.add(column, true, true);
  }
}
