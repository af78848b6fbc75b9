/** Kubernetes' suffixes: powers of ten, of two, and the parts of one (apimachinery, pkg/api/resource/suffix.go). */
const FACTORS: ReadonlyMap<string, number> = new Map([
  ['n', 1e-9],
  ['u', 1e-6],
  ['m', 1e-3],
  ['', 1],
  ['k', 1e3],
  ['M', 1e6],
  ['G', 1e9],
  ['T', 1e12],
  ['P', 1e15],
  ['E', 1e18],
  ['Ki', 2 ** 10],
  ['Mi', 2 ** 20],
  ['Gi', 2 ** 30],
  ['Ti', 2 ** 40],
  ['Pi', 2 ** 50],
  ['Ei', 2 ** 60],
]);

/**
 * The number that a Kubernetes quantity stands for: cores of CPU, bytes of memory.
 * @returns undefined for what is no quantity, is negative, or has more digits than any that is meant
 */
export function quantityOf(text: string): number | undefined {
  const [, digits = '', exponent, suffix = ''] =
    /^\+?(\d{1,18}(?:\.\d{0,18})?|\.\d{1,18})(?:[eE]([+-]?\d{1,2})|([a-zA-Z]{0,2}))$/.exec(text) ?? [];
  const factor = exponent === undefined ? FACTORS.get(suffix) : 10 ** Number(exponent);
  return digits === '' || factor === undefined ? undefined : Number(digits) * factor;
}
