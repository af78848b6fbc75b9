import type { Graph, Input } from '../incremental/graph';
import type { KindName } from '../resources/kinds';
import { keyOf } from '../resources/resource';
import type { Resource } from '../resources/resource';
import { isWorkload } from '../resources/workload';
import { Grouping } from './grouping';
import type { Change, KeysOf } from './grouping';

/** What one file, or one build, puts into an environment, in its own order. */
export interface Part {
  readonly name: string;
  readonly resources: readonly Resource[];
}

/** Resources that came and went. */
export interface Difference {
  readonly added: readonly Resource[];
  readonly removed: readonly Resource[];
}

/**
 * The resources of one environment, looked up by kind, namespace and name. Each lookup is a recorded read of just what it asked for.
 *
 * It is kept by differences, outside of the graph: an edit costs what it changes, and reaches only those who asked for that, however many
 * resources there are. Order is that of the parts, and within a part its own, whatever the order in which they were put.
 */
export class ResourceIndex {
  private readonly graph: Graph;
  private readonly parts = new Map<string, readonly Resource[]>();
  /** Where each part stands among the others, and which one a resource belongs to. */
  private ranks: ReadonlyMap<string, number> = new Map();
  private readonly partOf = new Map<Resource, string>();
  private readonly version: Input<number>;
  private whole: readonly Resource[] | undefined;
  private readonly kinds: Grouping;
  private readonly everyWorkload: Grouping;
  private readonly workloadsByNamespace: Grouping;
  /** Further ones, by name, made when first asked for. */
  private readonly further = new Map<string, Grouping>();

  constructor(graph: Graph) {
    this.graph = graph;
    this.version = graph.input(0);
    this.kinds = this.grouping((resource) => [resource.kind]);
    this.everyWorkload = this.grouping((resource) => (isWorkload(resource) ? UNNAMED : NO_KEYS));
    this.workloadsByNamespace = this.grouping((resource) => (isWorkload(resource) ? [resource.namespace ?? ''] : NO_KEYS));
  }

  /** Every resource, in order. */
  all(): readonly Resource[] {
    this.version.get();
    return this.everything();
  }

  /** Every resource of a kind, in order. */
  ofKind(kind: KindName): readonly Resource[] {
    return this.kinds.get(kind);
  }

  /** Those of one namespace; resources that set none stand under `default`. Cluster-scoped kinds have the namespace ''. */
  inNamespace(kind: KindName, namespace: string): readonly Resource[] {
    return this.grouped(`namespaces of ${kind}`, [kind], (resource) => [resource.namespace ?? '']).get(namespace);
  }

  /** Every definition of one object: several files may define alternatives. */
  named(kind: KindName, namespace: string, name: string): readonly Resource[] {
    const byKey = this.grouped(`names of ${kind}`, [kind], ({ key }) => (key === undefined ? NO_KEYS : [key]));
    return byKey.get(keyOf(kind, namespace, name));
  }

  workloads(): readonly Resource[] {
    return this.everyWorkload.get('');
  }

  workloadsIn(namespace: string): readonly Resource[] {
    return this.workloadsByNamespace.get(namespace);
  }

  /** The namespaces that hold workloads, sorted; '' where a template hides the name. */
  workloadNamespaces(): readonly string[] {
    return this.workloadsByNamespace.keys();
  }

  /**
   * Resources of some kinds by whatever they say of themselves, kept like the others: for questions to which an environment holds few
   * answers among many resources.
   * @param name stands for `kinds` and `keysOf`: the same name must always come with the same ones
   * @param keysOf what a resource says of itself; of kinds that are not read in full (`isReadInFull`) its name and namespace alone, for its
   *   body may be gone when the keys are asked for again
   */
  grouped(name: string, kinds: readonly KindName[] | 'workloads', keysOf: KeysOf): Pick<Grouping, 'get'> {
    let grouping = this.further.get(name);
    if (grouping === undefined) {
      const isWanted = kinds === 'workloads' ? isWorkload : ({ kind }: Resource): boolean => kinds.includes(kind);
      grouping = this.grouping((resource) => (isWanted(resource) ? keysOf(resource) : NO_KEYS));
      // In the order of the whole: more than one kind has to be looked for among all.
      grouping.fill(kinds === 'workloads' ? this.everyWorkload.peek('') : this.peekKinds(kinds));
      this.further.set(name, grouping);
    }
    return grouping;
  }

  /** Takes which parts there are, and their order. Those that are gone are taken out; what new ones hold is to be `put`. */
  arrange(names: readonly string[]): Difference {
    const ranks = new Map(names.map((name, rank) => [name, rank]));
    const removed: Resource[] = [];
    for (const name of [...this.parts.keys()]) {
      if (ranks.has(name)) continue;
      removed.push(...this.put({ name, resources: NONE }).removed);
      this.parts.delete(name);
    }
    const isReordered = !isIncreasing([...this.ranks.keys()].flatMap((name) => ranks.get(name) ?? []));
    this.ranks = ranks;
    this.changed();
    if (isReordered) this.rebuild();
    return { added: NONE, removed };
  }

  /**
   * Takes what a part holds, one of those that were arranged.
   * @param most of resources that come while none go, no more than so many are taken; to be called again until the part `isPut`
   */
  put({ name, resources }: Part, most = Infinity): Difference {
    const before = this.parts.get(name) ?? NONE;
    if (before === resources) return NO_DIFFERENCE;
    const wanted = changeBetween(before, resources, this.ranks.get(name) ?? 0);
    const change = wanted === undefined ? undefined : limited(wanted, before, most);
    this.parts.set(name, change?.after ?? resources);
    if (change === undefined) return NO_DIFFERENCE;
    for (const resource of change.added) this.partOf.set(resource, name);
    for (const grouping of this.groupings()) grouping.change(change);
    const stays = new Set(change.added);
    const removed = change.removed.filter((resource) => !stays.has(resource));
    for (const resource of removed) this.partOf.delete(resource);
    this.changed();
    const was = new Set(change.removed);
    return { added: change.added.filter((resource) => !was.has(resource)), removed };
  }

  /** Whether all that a part holds is here. */
  isPut({ name, resources }: Part): boolean {
    return this.parts.get(name) === resources;
  }

  private changed(): void {
    this.whole = undefined;
    this.version.set(this.version.peek() + 1);
  }

  private rebuild(): void {
    const all = this.everything();
    for (const grouping of this.groupings()) grouping.fill(all);
  }

  private everything(): readonly Resource[] {
    return (this.whole ??= [...this.ranks.keys()].flatMap((name) => this.parts.get(name) ?? NONE));
  }

  private peekKinds(kinds: readonly KindName[]): readonly Resource[] {
    const [only, ...others] = kinds;
    return only !== undefined && others.length === 0 ? this.kinds.peek(only) : this.everything();
  }

  private *groupings(): Iterable<Grouping> {
    yield this.kinds;
    yield this.everyWorkload;
    yield this.workloadsByNamespace;
    yield* this.further.values();
  }

  private grouping(keysOf: KeysOf): Grouping {
    return new Grouping(this.graph, keysOf, (resource) => this.ranks.get(this.partOf.get(resource) ?? '') ?? 0);
  }
}

const NO_KEYS: readonly string[] = [];
const UNNAMED: readonly string[] = [''];
const NONE: readonly Resource[] = [];
const NO_DIFFERENCE: Difference = { added: NONE, removed: NONE };

interface Step extends Change {
  /** What the part holds then. */
  readonly after: readonly Resource[];
}

/** What lies between the equal ends of two lists; undefined when nothing does. */
function changeBetween(before: readonly Resource[], after: readonly Resource[], rank: number): Step | undefined {
  const shorter = Math.min(before.length, after.length);
  let head = 0;
  while (head < shorter && before[head] === after[head]) head++;
  let tail = 0;
  while (tail < shorter - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail++;
  const removed = before.slice(head, before.length - tail);
  const added = after.slice(head, after.length - tail);
  if (removed.length === 0 && added.length === 0) return undefined;
  const side = head < tail ? 'ahead' : 'behind';
  const beside = side === 'ahead' ? after.slice(0, head) : after.slice(after.length - tail);
  return { rank, beside, side, removed, added, after };
}

/** The first of what comes, where nothing goes: what has moved must not be gone for a while. */
function limited(step: Step, before: readonly Resource[], most: number): Step {
  if (step.removed.length > 0 || step.added.length <= most) return step;
  const added = step.added.slice(0, most);
  const head = step.side === 'ahead' ? step.beside.length : before.length - step.beside.length;
  return { ...step, added, after: [...before.slice(0, head), ...added, ...before.slice(head)] };
}

function isIncreasing(numbers: readonly number[]): boolean {
  return numbers.every((number, i) => i === 0 || (numbers[i - 1] ?? 0) < number);
}
