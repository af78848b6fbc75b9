/** Small checks of values that come from outside: what is sent is what was declared, or it is not looked at. */
export type Check<T> = (value: unknown) => value is T;

export const text = (value: unknown): value is string => typeof value === 'string';
export const flag = (value: unknown): value is boolean => typeof value === 'boolean';
/** A number that counts something. */
export const amount = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value) && value >= 0;

export function oneOf<const T extends string>(...allowed: readonly T[]): Check<T> {
  return (value): value is T => allowed.some((one) => one === value);
}

export function nullable<T>(check: Check<T>): Check<T | null> {
  return (value): value is T | null => value === null || check(value);
}

export function list<T>(check: Check<T>): Check<readonly T[]> {
  return (value): value is readonly T[] => Array.isArray(value) && value.every(check);
}

/** An object with at least these properties. */
export function shape<T extends object>(checks: { readonly [K in keyof T]-?: Check<T[K]> }): Check<T> {
  const entries = Object.entries<Check<unknown>>(checks);
  return (value): value is T => {
    if (typeof value !== 'object' || value === null) return false;
    const properties = new Map<string, unknown>(Object.entries(value));
    return entries.every(([key, check]) => check(properties.get(key)));
  };
}

/** One of several shapes. */
export function either<T extends readonly unknown[]>(...checks: { readonly [K in keyof T]: Check<T[K]> }): Check<T[number]> {
  return (value): value is T[number] => checks.some((check) => check(value));
}
