import { entriesOf, stringOf } from '../yaml/tree';
import type { MapEntry, ScalarNode, YamlNode } from '../yaml/tree';

export type Answer = 'yes' | 'no' | 'unknown';

/** One label or annotation. `unknown`: a template may set it, or its value is no readable string. */
export type Label =
  | { readonly is: 'known'; readonly value: string; readonly node: YamlNode; readonly key: ScalarNode }
  | { readonly is: 'absent' }
  | { readonly is: 'unknown'; readonly node: YamlNode };

const ABSENT: Label = { is: 'absent' };

/** A set of labels or annotations, with the nodes that hold them. */
export class Labels {
  private readonly node: YamlNode | undefined;

  /** @param node a map of strings; undefined for an empty set; an UnknownNode makes every label unknown */
  constructor(node: YamlNode | undefined) {
    this.node = node;
  }

  get(key: string): Label {
    if (this.node === undefined) return ABSENT;
    if (this.node.type === 'unknown') return { is: 'unknown', node: this.node };
    const found = this.entry(key);
    if (found !== undefined) return found;
    return this.node.type === 'map' && this.node.open ? { is: 'unknown', node: this.node.unshown() } : ABSENT;
  }

  /** The keys that the text shows. */
  keys(): readonly string[] {
    return [...new Set(entriesOf(this.node).map(({ key }) => String(key.value)))];
  }

  /** Whether every pair of a selector is among these labels. An empty selector matches everything. */
  matches(selector: Labels): Answer {
    if (selector.node?.type === 'unknown') return 'unknown';
    // A template may ask for more; what is written must match in any case.
    let answer: Answer = selector.node?.type === 'map' && selector.node.open ? 'unknown' : 'yes';
    for (const key of selector.keys()) {
      const wanted = selector.get(key);
      const own = this.get(key);
      if (own.is === 'absent') return 'no';
      if (own.is === 'unknown' || wanted.is !== 'known') answer = 'unknown';
      else if (own.value !== wanted.value) return 'no';
    }
    return answer;
  }

  get isEmpty(): boolean {
    return (
      this.node === undefined ||
      (this.node.type !== 'unknown' && entriesOf(this.node).length === 0 && !(this.node.type === 'map' && this.node.open))
    );
  }

  private entry(key: string): Label | undefined {
    const entry = this.node?.type === 'map' ? this.node.entry(key) : undefined;
    return entry && labelOf(entry);
  }
}

/** Nothing is kept: there are many sets of labels, each of a few, and the trees that they stand in come and go. */
function labelOf({ key, value }: MapEntry): Label {
  const text = stringOf(value);
  return text === undefined ? { is: 'unknown', node: value } : { is: 'known', value: text, node: value, key };
}
