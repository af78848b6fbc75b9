/** How many entries, beyond two a file, the list may have before those that later ones have made void are taken out. */
const SLACK = 64;

/** Which files were touched since when: told at the cost of those that were, however many there are. */
export class Touched {
  private readonly last = new Map<string, number>();
  /** Every touch, in the order of time. */
  private list: { readonly file: string; readonly at: number }[] = [];
  private clock = 0;

  /** Grows with every touch. */
  get time(): number {
    return this.clock;
  }

  touch(file: string): void {
    const at = ++this.clock;
    this.last.set(file, at);
    this.list.push({ file, at });
    if (this.list.length > 2 * this.last.size + SLACK) this.list = this.list.filter((touch) => this.isLast(touch));
  }

  /** The files that were touched after a time, the one touched last first. */
  since(time: number): string[] {
    const files: string[] = [];
    for (let i = this.list.length - 1; i >= 0; i--) {
      const touch = this.list[i];
      if (touch === undefined || touch.at <= time) break;
      if (this.isLast(touch)) files.push(touch.file);
    }
    return files;
  }

  private isLast({ file, at }: { readonly file: string; readonly at: number }): boolean {
    return this.last.get(file) === at;
  }
}
