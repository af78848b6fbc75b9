/** Who holds which keys. Nearly every key has one owner: only for the others is there a Set. */
export class Owners<Owner extends object> {
  private readonly byKey = new Map<string, Owner | Set<Owner>>();

  isShared(key: string): boolean {
    return this.byKey.get(key) instanceof Set;
  }

  /** @param affected takes in the owner that had the key to itself until now */
  add(key: string, owner: Owner, affected: Set<Owner>): void {
    const before = this.byKey.get(key);
    if (before === undefined) this.byKey.set(key, owner);
    else if (before instanceof Set) before.add(owner);
    else {
      this.byKey.set(key, new Set([before, owner]));
      affected.add(before);
    }
  }

  /** @param affected takes in the owner that has the key to itself from now on */
  drop(key: string, owner: Owner, affected: Set<Owner>): void {
    const before = this.byKey.get(key);
    if (before === owner) this.byKey.delete(key);
    if (!(before instanceof Set) || !before.delete(owner)) return;
    const [only, ...others] = before;
    if (only === undefined || others.length > 0) return;
    this.byKey.set(key, only);
    affected.add(only);
  }
}
