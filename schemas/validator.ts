/** The shape of the validators that the build compiles from JSON Schemas into `generated/`. */

export interface SchemaError {
  /** A JSON pointer into the value. */
  readonly instancePath: string;
  readonly schemaPath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Set where the name of a key is wrong, not its value. */
  readonly propertyName?: string;
  readonly message?: string;
}

export interface Validate {
  (value: unknown): boolean;
  /** Of the last call; null when it found none. */
  readonly errors?: readonly SchemaError[] | null;
}

export interface ErrorPlace {
  /** Keys and indices from the root of the value. */
  readonly path: readonly string[];
  /** The fault is in the key that ends the path, not in its value. */
  readonly key: boolean;
}

/** Where to show an error: a pointer alone stops at the parent when a key's name is at fault. */
export function placeOf(error: SchemaError): ErrorPlace {
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
  const name = error.propertyName ?? error.params['additionalProperty'] ?? error.params['propertyName'];
  return typeof name === 'string' ? { path: [...path, name], key: true } : { path, key: false };
}
