/**
 * What a partial repository can say of a value.
 * `absent`: the text is there and does not set it. `unknown`: a template, a variable or a missing file decides it.
 */
export interface Known<T> {
  readonly is: 'known';
  readonly value: T;
}
export type Tristate<T> = Known<T> | { readonly is: 'absent' } | { readonly is: 'unknown' };

export const absent: { readonly is: 'absent' } = { is: 'absent' };
export const unknown: { readonly is: 'unknown' } = { is: 'unknown' };
export const known = <T>(value: T): Known<T> => ({ is: 'known', value });
