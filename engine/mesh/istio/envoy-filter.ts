import type { Resource } from '../../resources/resource';
import { setString } from '../../yaml/edit';
import type { TextEdit } from '../../yaml/edit';
import { isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';

/** One of an EnvoyFilter's `configPatches`, as far as its text shows it. */
export interface EnvoyPatch {
  readonly applyTo: string;
  /** Where `patch.operation` stands. */
  readonly operation: YamlNode;
  readonly operationName: string;
  /** What a patch on a filter goes by: the innermost filter that its match names. */
  readonly anchor: string | undefined;
}

/** How an operation and what it is applied to go together. */
export type PatchFault =
  /** Takes a place relative to others, which only a priority fixes. */
  | { readonly is: 'relative'; readonly patch: EnvoyPatch }
  /** The same, and an earlier patch for certain versions of the proxy names the same filter. */
  | { readonly is: 'relative-to-version'; readonly patch: EnvoyPatch; readonly filter: string; readonly earlier: YamlNode }
  /** The operation does nothing to this sort of object. */
  | { readonly is: 'ineffective'; readonly patch: EnvoyPatch };

/** What `REPLACE` can replace (istio/istio pkg/config/analysis/analyzers/envoyfilter/envoyfilter.go, 1.32 development). */
export const REPLACEABLE: readonly string[] = ['NETWORK_FILTER', 'HTTP_FILTER', 'VIRTUAL_HOST'];
/** Where `ADD` and `REMOVE` are ignored (istio/api networking/v1alpha3/envoy_filter.proto Patch.Operation, v1.31.1). */
const NOT_IN_A_LIST: readonly string[] = ['ROUTE_CONFIGURATION', 'HTTP_ROUTE'];
/** Operations whose outcome depends on what else is there already. */
const RELATIVE: readonly string[] = ['INSERT_BEFORE', 'INSERT_AFTER', 'REMOVE', 'REPLACE'];

/**
 * What is to be said of the operations of an EnvoyFilter, in the order of its patches. Relative operations are faults only without a
 * `priority`. Whatever a template hides is left out, and so are patches without an operation, which validation refuses.
 *
 * istioctl remembers filters with a `proxyVersion` from one resource to the next, in no certain order; here each stands for itself.
 */
export function patchFaults(filter: Resource): readonly PatchFault[] {
  const faults: PatchFault[] = [];
  const priority = filter.at('spec', 'priority');
  const isUnordered = !isSet(priority) || (priority.type === 'scalar' && Number(priority.value) === 0);
  const versioned = new Map<string, YamlNode>();
  for (const item of itemsOf(filter.at('spec', 'configPatches'))) {
    const patch = patchOf(item);
    const name = stringOf(lookup(item, 'patch', 'value', 'name'));
    const fault = patch === undefined ? undefined : faultOf(patch, name, isUnordered, versioned);
    if (fault !== undefined) faults.push(fault);
    const version = lookup(item, 'match', 'proxy', 'proxyVersion');
    if (name !== undefined && stringOf(version) && version !== undefined) versioned.set(name, version);
  }
  return faults;
}

function faultOf(
  patch: EnvoyPatch,
  name: string | undefined,
  isUnordered: boolean,
  versioned: ReadonlyMap<string, YamlNode>,
): PatchFault | undefined {
  if (isIneffective(patch)) return { is: 'ineffective', patch };
  if (!isUnordered || !RELATIVE.includes(patch.operationName)) return undefined;
  const earlier = name === undefined ? undefined : versioned.get(name);
  if (name === undefined || earlier === undefined) return { is: 'relative', patch };
  return { is: 'relative-to-version', patch, filter: name, earlier };
}

function isIneffective({ applyTo, operationName }: EnvoyPatch): boolean {
  if (operationName === 'REPLACE') return !REPLACEABLE.includes(applyTo);
  return (operationName === 'ADD' || operationName === 'REMOVE') && NOT_IN_A_LIST.includes(applyTo);
}

function patchOf(item: YamlNode): EnvoyPatch | undefined {
  const applyTo = stringOf(lookup(item, 'applyTo'));
  const operation = lookup(item, 'patch', 'operation');
  const operationName = stringOf(operation);
  if (applyTo === undefined || operation === undefined || operationName === undefined) return undefined;
  const filter = lookup(item, 'match', 'listener', 'filterChain', 'filter');
  const anchor = stringOf(lookup(filter, 'subFilter', 'name')) ?? stringOf(lookup(filter, 'name'));
  return { applyTo, operation, operationName, anchor };
}

/**
 * Filters that Istio itself puts into each chain of their sort, so that a place next to them is always there
 * (istio/istio pilot/pkg/networking/core/listener_builder.go, 1.32 development).
 */
const ALWAYS_THERE: readonly string[] = ['envoy.filters.network.http_connection_manager', 'envoy.filters.http.router'];

/** Whether a relative operation finds what it goes by for sure, whatever other EnvoyFilters do first. */
export function isAnchored({ anchor, operationName }: EnvoyPatch): boolean {
  const inserts = operationName === 'INSERT_BEFORE' || operationName === 'INSERT_AFTER';
  return inserts && (anchor === undefined || ALWAYS_THERE.includes(anchor));
}

/** A placeholder that no field has, to find in an edit. */
const NUMBER = 'ten';

/**
 * Sets `priority` of an EnvoyFilter to 10, from where Istio suggests to start counting (istio/api networking/v1alpha3/envoy_filter.proto).
 *
 * @returns undefined where the text cannot be edited
 */
export function setPriority(filter: Resource): TextEdit[] | undefined {
  const edit = filter.root === undefined ? undefined : setString(filter.root, ['spec', 'priority'], NUMBER);
  // A number, not the text of one: the schema of the CRD tells them apart.
  return edit === undefined ? undefined : [{ ...edit, newText: edit.newText.replace(/"ten"|'ten'|ten/, '10') }];
}
