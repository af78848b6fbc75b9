import { Labels } from '../resources/labels';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import type { Container } from '../resources/workload';
import { COMPANION_IMAGES, ISTIO_PROXY_IMAGES, KNOWN_INFRASTRUCTURE } from './infrastructure.data';
import type { InfrastructureRole, KnownInfrastructure } from './infrastructure.data';
import { ignoredNamespaces } from './istio/sidecar-injection';

export type { InfrastructureRole } from './infrastructure.data';

/**
 * What a workload or a Service is there for when it is no application: part of a mesh, an add-on, an operator, of Kubernetes itself. Told
 * by its labels (its own, its pods', those that a Service selects), its name, the images of its containers and its namespace.
 *
 * @returns undefined for an application, which is what everything is that nothing marks as known infrastructure; a templated label, name
 *   or image marks nothing
 */
export function infrastructureRole(resource: Resource): InfrastructureRole | undefined {
  const earlier = roles.get(resource);
  if (earlier !== undefined) return earlier === 'application' ? undefined : earlier;
  const role = decideRole(resource);
  roles.set(resource, role ?? 'application');
  return role;
}

/** Resources are immutable, and each of several rules asks for each. */
const roles = new WeakMap<Resource, InfrastructureRole | 'application'>();

/**
 * Whether nothing of this role opens connections to applications: control planes, CNI agents, ztunnel, injectors, the meshes' own gateways
 * and extensions, Kubernetes' own pods, and operators, which talk to the Kubernetes API. Ingress controllers do, and so does what scrapes
 * and probes.
 */
export function isNeverClient(role: InfrastructureRole): boolean {
  return role !== 'observability' && role !== 'ingress-controller';
}

function decideRole(resource: Resource): InfrastructureRole | undefined {
  const template = podTemplateOf(resource);
  const containers = template?.containers ?? [];
  const labels = [resource.labels, ...(template === undefined ? [] : [template.labels]), ...selectorOf(resource)];
  const known = Math.min(
    BY_NAME.get(resource.name ?? '') ?? NONE,
    ...labels.map(markedByLabel),
    markedByImages(containers.map(({ image }) => repositoriesOf(image))),
  );
  if (known !== NONE) return KNOWN_INFRASTRUCTURE[known]?.role;
  if (template !== undefined && isBareProxy(containers, template.annotations)) return 'istio-gateway';
  // Kubernetes' own namespaces and the one of kind's and k3s' volume provisioner: the list that Istio's injector keeps.
  return resource.namespace !== undefined && ignoredNamespaces.includes(resource.namespace) ? 'kube-system' : undefined;
}

function selectorOf(resource: Resource): readonly Labels[] {
  return resource.kind === 'Service' ? [new Labels(resource.at('spec', 'selector'))] : [];
}

/** The first of the known that some mark stands for, by its number; of most marks there is none. */
type Marks = ReadonlyMap<string, number>;
const NONE = Infinity;

const BY_NAME: Marks = firstOf(({ names = [] }) => names);
/** Labels with their values, and those that any value marks. */
const BY_LABEL: Marks = firstOf(({ labels = {} }) =>
  Object.entries(labels).flatMap(([key, values]) => (values.length === 0 ? [key] : values.map((value) => `${key}=${value}`))),
);
const MARKING_LABELS: readonly string[] = [...new Set(KNOWN_INFRASTRUCTURE.flatMap(({ labels = {} }) => Object.keys(labels)))];
const MARKING_IMAGES: ReadonlySet<string> = new Set(KNOWN_INFRASTRUCTURE.flatMap(({ images = [] }) => images));

function firstOf(marksOf: (known: KnownInfrastructure) => readonly string[]): Marks {
  const first = new Map<string, number>();
  KNOWN_INFRASTRUCTURE.forEach((known, number) => {
    for (const mark of marksOf(known)) if (!first.has(mark)) first.set(mark, number);
  });
  return first;
}

function markedByLabel(labels: Labels): number {
  let first = NONE;
  for (const key of MARKING_LABELS) {
    const label = labels.get(key);
    if (label.is === 'known') first = Math.min(first, BY_LABEL.get(key) ?? NONE, BY_LABEL.get(`${key}=${label.value}`) ?? NONE);
  }
  return first;
}

/** What runs nothing but images of one of the known, and those that stand beside any. */
function markedByImages(images: readonly (readonly string[])[]): number {
  if (!images.some((names) => names.some((name) => MARKING_IMAGES.has(name)))) return NONE;
  const number = KNOWN_INFRASTRUCTURE.findIndex(({ images: own = [] }) => {
    const runs = (names: readonly string[], among: readonly string[]): boolean => names.some((name) => among.includes(name));
    return images.some((names) => runs(names, own)) && images.every((names) => runs(names, own) || runs(names, COMPANION_IMAGES));
  });
  return number < 0 ? NONE : number;
}

function hasLabel(set: Labels, key: string, values: readonly string[]): boolean {
  const label = set.get(key);
  return label.is === 'known' && values.includes(label.value);
}

/**
 * A pod that is nothing but Istio's proxy: a gateway under whatever name. `image: auto` beside an application's container only tunes the
 * sidecar that it gets.
 */
function isBareProxy(containers: readonly Container[], annotations: Labels): boolean {
  if (hasLabel(annotations, 'inject.istio.io/templates', ['gateway'])) return true;
  const [only, ...others] = containers;
  if (only?.name !== 'istio-proxy' || others.length > 0) return false;
  return only.image === 'auto' || repositoriesOf(only.image).some((name) => ISTIO_PROXY_IMAGES.includes(name));
}

/** The names of an image's repository, without and with its registry; none of an image that is hidden. */
function repositoriesOf(image: string | undefined): readonly string[] {
  if (image === undefined) return [];
  const { registry, path } = repositoryOf(image);
  return registry === undefined ? [path] : [path, `${registry}/${path}`];
}

/** The parts of an image reference, without tag and digest; Docker Hub's `library/` is what a bare name stands for. */
function repositoryOf(image: string): { readonly registry: string | undefined; readonly path: string } {
  const [untilDigest = ''] = image.split('@');
  const segments = untilDigest.split('/');
  // Docker's own test (distribution/reference): a first segment with a dot or a port, or `localhost`, is a registry.
  const first = segments.length > 1 ? segments[0] : undefined;
  const registry = first !== undefined && (/[.:]/.test(first) || first === 'localhost') ? first : undefined;
  const rest = registry === undefined ? segments : segments.slice(1);
  const path = rest.join('/').replace(/:[^:/]*$/, '');
  return { registry, path: path.startsWith('library/') ? path.slice('library/'.length) : path };
}
