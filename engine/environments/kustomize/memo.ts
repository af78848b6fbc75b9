import { headerOf, Resource } from '../../resources/resource';
import type { MapNode } from '../../yaml/tree';

/** What was made of a chain of objects, step by step. */
interface Link {
  made?: { readonly value: unknown };
  readonly next: WeakMap<object, Link>;
}

/** Results by what they were made of, so that an unchanged resource stays the same object when its environment is built again. */
export class TransformMemo {
  private readonly links = new WeakMap<object, Link>();

  /** The result of `make` for this object and these others, in this order: together they must decide it. */
  once<T>(base: object, by: readonly object[], make: () => T): T {
    let link = linkIn(this.links, base);
    for (const object of by) link = linkIn(link.next, object);
    link.made ??= { value: make() };
    return link.made.value as T;
  }

  /** The resource with another tree; undefined when the tree is no Kubernetes object any more. */
  resource(base: Resource, root: MapNode): Resource | undefined {
    if (base.root === root) return base;
    return this.once(base, [root], () => {
      const header = headerOf(root);
      return header === undefined ? undefined : new Resource(header, base.source, root);
    });
  }
}

function linkIn(links: WeakMap<object, Link>, object: object): Link {
  let link = links.get(object);
  if (link === undefined) {
    link = { next: new WeakMap() };
    links.set(object, link);
  }
  return link;
}
