import { defineRule, RELATED_LIMIT } from '../../engine/findings/rule';
import type { Finding, RelatedPlace } from '../../engine/findings/rule';
import { INSTALLATION_SUBJECTS, leadingInstallation, meshInstallations } from '../../engine/mesh/installations';
import type { InstalledMesh, MeshInstallation } from '../../engine/mesh/installations';
import { joined, joinedIn, smallerOfTwo } from '../../engine/mesh/joined';
import type { Joined } from '../../engine/mesh/joined';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { isWorkloadKind, podTemplateOf } from '../../engine/resources/workload';
import type { YamlNode } from '../../engine/yaml/tree';

const namespace = (name: string, metadata: string): string =>
  `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n${metadata}`;
const deployment = (where: string, name: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: ${where}\nspec:\n  template:\n    metadata:\n      labels:\n        app: ${name}\n    spec:\n      containers:\n        - name: ${name}\n          image: example/${name}:1\n`;
const release = (name: string, repository: string, chart: string, where: string): string =>
  `apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata:\n  name: ${name}\n  namespace: argocd\nspec:\n  source:\n    repoURL: ${repository}\n    chart: ${chart}\n    targetRevision: 1.0.0\n  destination:\n    server: https://kubernetes.default.svc\n    namespace: ${where}\n`;
const ISTIO = '  labels:\n    istio-injection: enabled\n';
const LINKERD = '  annotations:\n    linkerd.io/inject: enabled\n';

const BETWEEN =
  'Neither accepts the other’s certificates, so calls from one to the other are plaintext or refused, and each needs upgrades, dashboards and people of its own.';
const PLAN =
  'Have two only as a bridge with a target and an end: decide which stays, and move one Namespace after another. While you do, suppress this with the date as its reason.';

export const rule = defineRule({
  id: 'adoption/two-meshes',
  severity: 'info',
  summary: 'Istio and Linkerd share an environment.',
  why:
    'Two control planes are two lots of proxies, certificates, upgrades and people who must know them. Between the two meshes there is no ' +
    'mutual TLS: each trusts its own certificates alone, and a call from one to the other is plaintext, which STRICT or an authorization ' +
    'policy refuses. The guides that speak of two meshes (BirJob, kubernetes.ae) accept them as a bridge from one to the other, split by ' +
    'namespace or by cluster.\n\n' +
    'It is reported once an environment: at the control plane of the mesh with fewer workloads, or, where only one control plane or none ' +
    'is here, at what makes the first of these workloads join. Workloads that get both meshes at once are ' +
    'the matter of [coexistence/double-injection](../coexistence/double-injection.md).',
  todo:
    'Decide which mesh stays (`mesh-lint` has a verdict), list what only the other one does, and move by namespace: the least critical first. If ' +
    'that is what is going on, suppress the finding and say until when: `# mesh-lint-disable adoption/two-meshes -- to Istio by March`.',
  kinds: ['Namespace', 'workload', ...INSTALLATION_SUBJECTS.filter((kind) => !isWorkloadKind(kind))],
  equivalents: [],
  docs: 'https://istio.io/latest/docs/concepts/security/#pki',
  since: '0.1.0',
  noFix: 'which mesh stays is a decision, and getting there is a migration',
  examples: {
    bad: [
      {
        title: 'Two control planes',
        files: {
          'istio.yaml': release('istiod', 'https://istio-release.storage.googleapis.com/charts', 'istiod', 'istio-system'),
          'linkerd.yaml': release('linkerd', 'https://helm.linkerd.io/edge', 'linkerd-control-plane', 'linkerd'),
        },
        findings: [
          {
            at: 'linkerd.yaml:9:12',
            text: 'linkerd-control-plane',
            message: `Istio and Linkerd are both installed in this environment; no workload here joins either. ${BETWEEN} ${PLAN}`,
          },
        ],
      },
      {
        title: 'Namespaces of either mesh',
        files: {
          'shop.yaml': [namespace('shop', ISTIO), deployment('shop', 'cart'), deployment('shop', 'catalog')].join('---\n'),
          'mail.yaml': [namespace('mail', LINKERD), deployment('mail', 'sender')].join('---\n'),
        },
        findings: [
          {
            at: 'mail.yaml:6:24',
            text: 'enabled',
            message: `Istio and Linkerd are both in use in this environment: 2 workloads join Istio and 1 workload joins Linkerd. ${BETWEEN} ${PLAN}`,
          },
        ],
      },
    ],
    good: [
      {
        title: 'One mesh, in two modes',
        files: {
          'shop.yaml': [namespace('shop', ISTIO), deployment('shop', 'cart')].join('---\n'),
          'mail.yaml': [
            namespace('mail', '  labels:\n    istio.io/dataplane-mode: ambient\n'),
            deployment('mail', 'sender'),
          ].join('---\n'),
        },
      },
      {
        title: 'One mesh for each environment',
        files: {
          'old/kustomization.yaml': 'resources: [shop.yaml]\n',
          'old/shop.yaml': [namespace('shop', ISTIO), deployment('shop', 'cart')].join('---\n'),
          'new/kustomization.yaml': 'resources: [shop.yaml]\n',
          'new/shop.yaml': [namespace('shop', LINKERD), deployment('shop', 'cart')].join('---\n'),
        },
      },
    ],
  },
  *check(subject, view) {
    const installation = leadingInstallation(subject, view);
    const found = installation === undefined ? joinedBy(subject, view) : installedBeside(installation, view);
    // A chart's templates may be alternatives that its values choose between.
    if (found !== undefined && view.scope().plan.kind !== 'helm') yield found;
  },
});

const OTHER = { istio: 'linkerd', linkerd: 'istio' } as const;
const NAMES = { istio: 'Istio', linkerd: 'Linkerd' } as const;

/** The mesh that the finding stands at: the one with fewer workloads, of equals Linkerd. */
function smaller({ istio, linkerd }: Joined): InstalledMesh {
  return istio.length < linkerd.length ? 'istio' : 'linkerd';
}

function installedBeside({ mesh, node }: MeshInstallation, view: MeshView): Finding | undefined {
  const other = meshInstallations(view).find((one) => one.mesh !== mesh);
  if (other === undefined) return undefined;
  const members = joined(view);
  if (smaller(members) !== mesh) return undefined;
  const related = [{ place: { node: other.node }, message: `${NAMES[other.mesh]} is installed here.` }];
  return finding(node, 'both installed', members, [...related, ...memberPlaces(members[mesh], mesh)]);
}

/** Where no more than one control plane is here, the workloads show two meshes by themselves. */
function joinedBy(subject: Resource, view: MeshView): Finding | undefined {
  const smallest = mayAsk(subject) ? smallerOfTwo(view) : undefined;
  if (smallest === undefined) return undefined;
  const { mesh, first } = smallest;
  const node = askedBy(subject, view);
  if (node === undefined || !evidenceOf(first, mesh, view).includes(node)) return undefined;
  if (new Set(meshInstallations(view).map((one) => one.mesh)).size > 1) return undefined;
  const members = joined(view);
  return finding(node, 'both in use', members, [
    ...memberPlaces(members[mesh], mesh),
    ...memberPlaces(members[OTHER[mesh]], OTHER[mesh]),
  ]);
}

/** What on a Namespace, or on the first workload of a namespace that joins a mesh, makes workloads join. */
function askedBy(subject: Resource, view: MeshView): YamlNode | undefined {
  const isNamespace = subject.kind === 'Namespace';
  const name = isNamespace ? subject.name : subject.namespace;
  if (name === undefined) return undefined;
  const members = joinedIn(view, name);
  for (const mesh of ['istio', 'linkerd'] as const) {
    const [first] = members[mesh];
    if (first === undefined || (!isNamespace && first !== subject)) continue;
    const [node] = evidenceOf(first, mesh, view);
    if (node !== undefined && isWithin(node, subject)) return node;
  }
  return undefined;
}

const LABELS = ['istio-injection', 'istio.io/rev', 'istio.io/dataplane-mode', 'sidecar.istio.io/inject'];
const ANNOTATION = 'linkerd.io/inject';
const PROXIES: ReadonlySet<string | undefined> = new Set(['istio-proxy', 'linkerd-proxy']);

/** Whether a Namespace, or a workload for its own pods, has anything that makes pods join: most have not, and ask the view nothing. */
function mayAsk(subject: Resource): boolean {
  const template = podTemplateOf(subject);
  const { labels, annotations } = template ?? subject;
  if (annotations.keys().includes(ANNOTATION) || labels.keys().some((key) => LABELS.includes(key))) return true;
  return [...(template?.containers ?? []), ...(template?.initContainers ?? [])].some(({ name }) => PROXIES.has(name));
}

function evidenceOf(workload: Resource, mesh: InstalledMesh, view: MeshView): readonly YamlNode[] {
  const membership = view.membership(workload);
  if (membership === undefined) return [];
  const { sidecar, ambient, linkerd } = membership;
  return (mesh === 'linkerd' ? linkerd : sidecar.joins === 'yes' ? sidecar : ambient).evidence;
}

/** Whether a label or annotation is the subject's own: the Namespace's, as opposed to the pod template's. */
function isWithin(node: YamlNode, subject: Resource): boolean {
  if (subject.kind !== 'Namespace') return true;
  return [subject.labels, subject.annotations].some((set) =>
    set.keys().some((key) => {
      const found = set.get(key);
      return found.is === 'known' && found.node === node;
    }),
  );
}

function memberPlaces(workloads: readonly Resource[], mesh: InstalledMesh): RelatedPlace[] {
  // Half of the room for each side.
  return workloads.slice(0, RELATED_LIMIT / 2).flatMap((workload) => {
    const title = workload.titlePlace;
    return title === undefined ? [] : [{ place: { node: title }, message: `${workload.title} joins ${NAMES[mesh]}.` }];
  });
}

function finding(node: YamlNode, how: string, members: Joined, related: readonly RelatedPlace[]): Finding {
  const counts =
    members.istio.length + members.linkerd.length === 0
      ? '; no workload here joins either'
      : `: ${membersText(members.istio.length, 'Istio')} and ${membersText(members.linkerd.length, 'Linkerd')}`;
  return {
    place: { node },
    message: `Istio and Linkerd are ${how} in this environment${counts}. ${BETWEEN} ${PLAN}`,
    related,
  };
}

function membersText(count: number, mesh: string): string {
  return `${count === 0 ? 'no' : count} ${count > 1 ? 'workloads join' : 'workload joins'} ${mesh}`;
}
