import { entriesOf, stringOf } from '../yaml/tree';
import type { ScalarNode, YamlNode } from '../yaml/tree';

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
  private byKey: Map<string, Label> | undefined;

  /** @param node a map of strings; undefined for an empty set; an UnknownNode makes every label unknown */
  constructor(node: YamlNode | undefined) {
    this.node = node;
  }

  get(key: string): Label {
    if (this.node === undefined) return ABSENT;
    if (this.node.type === 'unknown') return { is: 'unknown', node: this.node };
    const found = this.map().get(key);
    if (found !== undefined) return found;
    return this.node.type === 'map' && this.node.open ? { is: 'unknown', node: this.node.unshown() } : ABSENT;
  }

  /** The keys that the text shows. */
  keys(): readonly string[] {
    return [...this.map().keys()];
  }

  /** Whether every pair of a selector is among these labels. An empty selector matches everything. */
  matches(selector: Labels): Answer {
    if (selector.node?.type === 'unknown') return 'unknown';
    // A template may ask for more; what is written must match in any case.
    let answer: Answer = selector.node?.type === 'map' && selector.node.open ? 'unknown' : 'yes';
    for (const [key, wanted] of selector.map()) {
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
      (this.node.type !== 'unknown' && this.map().size === 0 && !(this.node.type === 'map' && this.node.open))
    );
  }

  private map(): Map<string, Label> {
    if (this.byKey === undefined) {
      this.byKey = new Map();
      for (const { key, value } of entriesOf(this.node)) {
        const text = stringOf(value);
        this.byKey.set(
          String(key.value),
          text === undefined ? { is: 'unknown', node: value } : { is: 'known', value: text, node: value, key },
        );
      }
    }
    return this.byKey;
  }
}
