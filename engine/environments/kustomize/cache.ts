/** What was made with the same objects in hand, by what it was made from. */
interface Level {
  readonly values: Map<object, unknown>;
  /** There are many levels, and nearly all are the last ones. */
  next: Map<object, Level> | undefined;
}

const level = (): Level => ({ values: new Map(), next: undefined });

function levelAt(start: Level, by: readonly object[]): Level {
  let at = start;
  for (const object of by) {
    at.next ??= new Map();
    let next = at.next.get(object);
    if (next === undefined) {
      next = level();
      at.next.set(object, next);
    }
    at = next;
  }
  return at;
}

/** The same where there is one. */
function levelIn(start: Level, by: readonly object[]): Level | undefined {
  let at: Level | undefined = start;
  for (const object of by) at = at?.next?.get(object);
  return at;
}

/** The results of one step, for many objects. */
interface StepResults {
  /** The result for an object: that of the last build, or of this one, else a new one. */
  readonly once: <T>(object: object, make: () => T) => T;
}

/**
 * The results of a build's steps, kept until it is built again: an object that comes into a step as it did the last time leaves it as the
 * same object. What a build does not ask for any more is forgotten with the next one, so that no edit leaves anything behind.
 */
export class BuildCache {
  private now = level();
  private before = level();
  private ordinal = 0;

  /** Starts another build. */
  turn(): void {
    this.before = this.now;
    this.now = level();
    this.ordinal = 0;
  }

  /** @param by what decides the step, besides the object that comes into it */
  step(by: readonly object[]): StepResults {
    const [now, before] = [levelAt(this.now, by), levelIn(this.before, by)];
    return {
      once: <T>(object: object, make: () => T): T => {
        if (!now.values.has(object))
          now.values.set(object, before?.values.has(object) === true ? before.values.get(object) : make());
        return now.values.get(object) as T;
      },
    };
  }

  /** The same for one object. */
  once<T>(object: object, by: readonly object[], make: () => T): T {
    return this.step(by).once(object, make);
  }

  /**
   * The same for steps that a build takes in an order of its own: where something else decides one than the last time, its result is still
   * the old one if they are alike.
   */
  nextStep<T>(by: readonly object[], isAlike: (a: T, b: T) => boolean): { readonly once: (object: object, make: () => T) => T } {
    const place = PLACES[Math.min(this.ordinal++, PLACES.length - 1)] ?? {};
    const { once } = this.step(by);
    const [last, next] = [levelIn(this.before, [place])?.values, levelAt(this.now, [place]).values];
    return {
      once: (object, make) => {
        const result = once(object, () => {
          const made = make();
          const old = last?.get(object) as T | undefined;
          return old !== undefined && isAlike(old, made) ? old : made;
        });
        next.set(object, result);
        return result;
      },
    };
  }

  /** The same for a step that is decided by other things for each object: kept as long as they are the same ones. */
  decided<T>(object: object, step: object, by: readonly object[], make: () => T): T {
    const before = levelIn(this.before, [step])?.values.get(object) as Decided<T> | undefined;
    const isSame = before?.by.length === by.length && before.by.every((other, i) => other === by[i]);
    const result: Decided<T> = isSame ? before : { by, value: make() };
    levelAt(this.now, [step]).values.set(object, result);
    return result.value;
  }
}

/** Steps by their place in a build; those that come late share one. */
const PLACES: readonly object[] = Array.from({ length: 50 }, () => ({}));

interface Decided<T> {
  readonly by: readonly object[];
  readonly value: T;
}
