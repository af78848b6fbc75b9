import type { Answer } from '../../resources/labels';
import { sameNamespaceName } from '../../resources/resource';
import type { Resource } from '../../resources/resource';
import { known } from '../../tristate';
import type { Tristate } from '../../tristate';
import { isSet, itemsOf, stringOf } from '../../yaml/tree';

/** The namespaces that see a resource of Istio's, or a Service. */
export interface ExportScope {
  /** The resource's own namespace. */
  readonly owner: Tristate<string>;
  /** As written: names, `.` for the own one, `*` for all, `~` for none; empty for all. */
  readonly names: readonly string[];
  /** Whether a template may add names, or hides one. */
  readonly open: boolean;
}

/** The annotation by which a Service says what `exportTo` says elsewhere. */
const ANNOTATION = 'networking.istio.io/exportTo';

/**
 * Who sees a resource: `spec.exportTo` of a VirtualService, DestinationRule or ServiceEntry, the annotation of a Service; without it
 * everybody, which is what a mesh configuration without `default…ExportTo` says (istio/istio pilot/pkg/model/push_context.go and
 * pkg/config/kube/conversion.go, 1.32 development).
 */
export function exportScopeOf(resource: Resource): ExportScope {
  const owner = resource.header.namespace;
  if (resource.kind === 'Service') {
    const annotation = resource.annotations.get(ANNOTATION);
    if (annotation.is !== 'known') return { owner, names: [], open: annotation.is === 'unknown' };
    const names = annotation.value.split(',').map((name) => name.trim());
    return { owner, names: names.filter((name) => name !== ''), open: false };
  }
  const list = resource.at('spec', 'exportTo');
  if (!isSet(list)) return { owner, names: [], open: false };
  const names = itemsOf(list).flatMap((item) => stringOf(item) ?? []);
  const open = list.type !== 'sequence' || list.open || names.length < list.items.length;
  return { owner, names, open };
}

/** Whether a scope is all namespaces for sure. */
export function isEverywhere({ names, open }: ExportScope): boolean {
  return !open && (names.length === 0 || names.includes('*'));
}

/** Whether a namespace is within a scope. */
export function reaches(scope: ExportScope, namespace: Tristate<string>): Answer {
  if (isEverywhere(scope) || scope.names.includes('*')) return 'yes';
  let answer: Answer = scope.open ? 'unknown' : 'no';
  for (const name of scope.names) {
    const same = name === '~' ? 'no' : sameNamespaceName(namespaceNamed(scope, name), namespace);
    if (same === 'yes') return 'yes';
    if (same === 'unknown') answer = 'unknown';
  }
  return answer;
}

/** Whether some namespace is within both scopes. */
export function scopesMeet(one: ExportScope, other: ExportScope): Answer {
  if (one.names.includes('~') || other.names.includes('~')) return 'no';
  if (isEverywhere(one) || isEverywhere(other)) return 'yes';
  let answer: Answer = one.open || other.open ? 'unknown' : 'no';
  for (const name of one.names) {
    const within = name === '*' ? 'yes' : reaches(other, namespaceNamed(one, name));
    if (within === 'yes') return 'yes';
    if (within === 'unknown') answer = 'unknown';
  }
  return answer;
}

/** The namespaces that a scope names, the own one alone where it is all of them: where istioctl looks up what a resource refers to. */
export function namespacesOf(scope: ExportScope): readonly Tristate<string>[] {
  const named = scope.names.filter((name) => name !== '*' && name !== '~').map((name) => namespaceNamed(scope, name));
  return named.length === 0 || scope.names.includes('*') ? [scope.owner] : named;
}

function namespaceNamed({ owner }: ExportScope, name: string): Tristate<string> {
  return name === '.' ? owner : known(name);
}
