import type { YamlNode } from '../../../../yaml/tree';
import { entries, keyText } from '../read';
import type { Fault } from '../schema-faults';
import type { Predicate } from './predicates';
import { CEL_RULES, LIST_KEYS } from './table';

/** The rows of a kind as a tree along their paths, so that a document is walked once. */
interface Step {
  readonly predicates: Predicate[];
  readonly next: Map<string, Step>;
}

const ITEMS = '[]';
const VALUES = '{}';
const plans = new Map<string, Step>();

/** What the CEL rules and list keys of a kind have against a document. Silent on what a template hides, and on values of a wrong type. */
export function celFaults(kind: string, root: YamlNode): Fault[] {
  const found: Fault[] = [];
  const walk = (node: YamlNode, step: Step): void => {
    for (const predicate of step.predicates) {
      const problem = predicate.check(node);
      if (problem !== undefined) found.push({ of: predicate.of, ...problem });
    }
    const item = step.next.get(ITEMS);
    if (node.type === 'sequence') {
      if (item !== undefined) for (const child of node.items) walk(child, item);
      return;
    }
    const every = step.next.get(VALUES);
    for (const entry of entries(node)) {
      const next = step.next.get(keyText(entry)) ?? every;
      if (next !== undefined) walk(entry.value, next);
    }
  };
  walk(root, planOf(kind));
  return found;
}

function planOf(kind: string): Step {
  let plan = plans.get(kind);
  if (plan === undefined) {
    plan = { predicates: [], next: new Map() };
    for (const [path, predicate] of [...(CEL_RULES[kind] ?? []), ...(LIST_KEYS[kind] ?? [])]) {
      let step = plan;
      for (const [part] of path.matchAll(/\[\]|\{\}|[^.[{]+/g)) {
        let next = step.next.get(part);
        if (next === undefined) step.next.set(part, (next = { predicates: [], next: new Map() }));
        step = next;
      }
      step.predicates.push(predicate);
    }
    plans.set(kind, plan);
  }
  return plan;
}
