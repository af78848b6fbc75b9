/** Put in by the build; absent when the sources run unbuilt. */
declare const __VERSION__: string | undefined;

/** The version in `package.json`. */
export const VERSION: string = typeof __VERSION__ === 'string' ? __VERSION__ : 'development';
