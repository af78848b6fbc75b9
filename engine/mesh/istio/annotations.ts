import { nearestName } from '../../configuration/nearest-name';
import type { Label, Labels } from '../../resources/labels';
import type { Resource } from '../../resources/resource';
import { podTemplateOf } from '../../resources/workload';
import type { YamlNode } from '../../yaml/tree';
import { ANNOTATIONS, LABELS } from './annotations.data';
import type { AnnotationFacts } from './annotations.data';

/** An annotation of Istio's, or one that looks like it, where a manifest sets it. */
export interface PlacedAnnotation {
  readonly name: string;
  /** Where the name stands; the value where the key has no node of its own. */
  readonly place: YamlNode;
  readonly value: Exclude<Label, { is: 'absent' }>;
  /** The kind that carries it: `Pod` for a pod template. */
  readonly on: string;
  /** Keys from the resource's root to the map of annotations. */
  readonly path: readonly string[];
  /** Undefined for one that Istio does not know. */
  readonly facts: AnnotationFacts | undefined;
}

/** The kinds whose own metadata `istioctl analyze` looks at; of pods it sees those that run, and so what a template gives them. */
const ANALYZED = new Set(['Namespace', 'Service', 'Pod', 'Deployment.apps']);

/** istioctl says nothing of them (istio/istio pkg/config/analysis/analyzers/annotations/annotations.go, 1.32 development). */
const LEFT_ALONE = new Set(['sidecar.istio.io/status', 'gateway.istio.io/controller-version', 'istio.io/rev']);

const read = new WeakMap<Resource, readonly PlacedAnnotation[]>();
const NONE: readonly PlacedAnnotation[] = [];

/**
 * The annotations of a resource, and of its pod template, whose prefix is `istio.io` or ends in it, and Kubernetes' `ingress.class`, which
 * Istio documents as well. In the order of the text; those that a template hides are left out.
 */
export function istioAnnotations(resource: Resource): readonly PlacedAnnotation[] {
  let found = read.get(resource);
  if (found === undefined) {
    found = collect(resource);
    read.set(resource, found);
  }
  return found;
}

function collect(resource: Resource): readonly PlacedAnnotation[] {
  const own = within(resource.annotations, kindOf(resource), ['metadata', 'annotations']);
  const template = podTemplateOf(resource);
  if (template === undefined || template.path.length === 0) return own;
  const pods = within(template.annotations, 'Pod', [...template.path, 'metadata', 'annotations']);
  return own.length === 0 ? pods : [...own, ...pods];
}

function within(annotations: Labels, on: string, path: readonly string[]): readonly PlacedAnnotation[] {
  const found = annotations.keys().flatMap((name): PlacedAnnotation[] => {
    if (!isIstios(name)) return [];
    const value = annotations.get(name);
    if (value.is === 'absent') return [];
    const place = (value.is === 'known' ? value.key : value.node.key) ?? value.node;
    return [{ name, place, value, on, path, facts: ANNOTATIONS.get(name) }];
  });
  return found.length === 0 ? NONE : found;
}

/** Kinds of Istio and Kubernetes as the registry names them, others with their group, so that nobody else's Service is taken for one. */
function kindOf({ kind, group, header }: Resource): string {
  return group === 'networking.istio.io' || group === 'security.istio.io' || group === 'networking.k8s.io' ? header.kind : kind;
}

function isIstios(name: string): boolean {
  const slash = name.indexOf('/');
  if (slash < 0) return name === 'istio-injection';
  const prefix = name.slice(0, slash);
  return prefix === 'istio.io' || prefix.endsWith('.istio.io') || name === 'kubernetes.io/ingress.class';
}

/** Whether istioctl would say something of an annotation, on this resource or on the pods that it makes. */
export function isAnalyzed({ name, on }: PlacedAnnotation, resource: Resource): boolean {
  return (on === 'Pod' || ANALYZED.has(resource.kind)) && !LEFT_ALONE.has(name) && name !== 'istio-injection';
}

/** Whether an annotation is one that Istio writes to what it makes: nobody sets it, but it may be copied from a cluster. */
export function isWrittenByIstio(name: string): boolean {
  return LEFT_ALONE.has(name);
}

/** Whether an annotation has an effect on the kind that carries it. False for one that Istio does not know. */
export function isInPlace({ facts, on }: PlacedAnnotation): boolean {
  return facts !== undefined && (facts.on.length === 0 || facts.on.includes(on));
}

/** What an unknown annotation most likely means. */
export type Meant =
  | { readonly is: 'annotation'; readonly name: string }
  | { readonly is: 'label'; readonly name: string; readonly on: readonly string[] };

/** @returns undefined when no name that Istio knows comes near */
export function meantBy(name: string): Meant | undefined {
  const kinds = LABELS.get(name);
  if (kinds !== undefined) return { is: 'label', name, on: kinds };
  const local = localName(name).toLowerCase();
  const names = [...ANNOTATIONS.keys()];
  const elsewhere = names.filter((known) => localName(known).toLowerCase() === local);
  const near = nearestName(name, elsewhere) ?? (elsewhere.length === 1 ? elsewhere[0] : undefined);
  if (near !== undefined) return { is: 'annotation', name: near };
  // A prefix is long, and makes any two names alike: what follows the slash has to be near by itself.
  const alike = names.filter((known) => isAlike(local, localName(known).toLowerCase()));
  const nearest = nearestName(name, alike);
  return nearest === undefined ? undefined : { is: 'annotation', name: nearest };
}

const SAME_START = 5;

function isAlike(local: string, known: string): boolean {
  return (
    nearestName(local, [known]) !== undefined || (local.length >= SAME_START && known.startsWith(local.slice(0, SAME_START)))
  );
}

function localName(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}
