import { isDnsLabel } from './host';

/** Labels as Kubernetes takes them (pkg/config/labels of istio/istio follows apimachinery's validation). */

const NAME = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?$/;
const LONGEST_NAME = 63;
const LONGEST_PREFIX = 253;

/** Why a text is no key of a label: a clause that follows it. */
export function labelKeyFault(key: string): string | undefined {
  const slash = key.lastIndexOf('/');
  const name = key.slice(slash + 1);
  const prefix = slash < 0 ? undefined : key.slice(0, slash);
  if (name === '') return 'has no name';
  if (name.length > LONGEST_NAME) return `has a name of more than ${LONGEST_NAME} characters`;
  if (!NAME.test(name)) return 'may hold letters, digits, and inside of it hyphens, underscores and dots';
  if (prefix === undefined) return undefined;
  const isDomain = prefix.length <= LONGEST_PREFIX && prefix.split('.').every(isDnsLabel);
  return isDomain ? undefined : 'has a prefix that is no domain';
}

/** The same for the value of a label, which may be empty. */
export function labelValueFault(value: string): string | undefined {
  if (value === '') return undefined;
  if (value.length > LONGEST_NAME) return `is longer than ${LONGEST_NAME} characters`;
  return NAME.test(value) ? undefined : 'may hold letters, digits, and inside of it hyphens, underscores and dots';
}
