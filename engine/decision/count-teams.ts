import type { Repository } from '../environments/repository';
import type { MeshView } from '../mesh/view';
import { UNSET_NAMESPACE } from '../resources/resource';
import type { Resource } from '../resources/resource';
import { Labels } from '../resources/labels';
import { podTemplateOf } from '../resources/workload';
import { stringOf } from '../yaml/tree';
import type { Place, YamlNode } from '../yaml/tree';
import { applicationServices, applicationWorkloads } from './applications';
import { query, remembered } from './evidence';
import type { Counted } from './facts';

/**
 * Counts T: the distinct values of labels `team` or `owner` (with any prefix, as in `example.com/team`) on application workloads, their
 * pods and their Namespaces; where no such label is written, the distinct owners in CODEOWNERS; else 1. `app.kubernetes.io/part-of` names
 * an application and no team.
 */
export function countTeams(view: MeshView): Counted<Place> {
  return query(view, 'teams', () => {
    const labelled = labelledTeams(view);
    if (labelled.size > 0) return { count: labelled.size, evidence: [...labelled.values()].map((node) => ({ node })) };
    const owners = codeOwners(view.repository);
    return { count: Math.max(1, owners.size), evidence: [...owners.values()] };
  });
}

/** Counts the namespaces of application workloads and Services, all that no text names as one. */
export function countNamespaces(view: MeshView): Counted<Place> {
  return query(view, 'namespaces', () => {
    const places = new Map<string, Place | undefined>();
    for (const resource of [...applicationWorkloads(view), ...applicationServices(view)].flat()) {
      const name = namespaceOf(resource);
      if (places.get(name) !== undefined) continue;
      const node = view.namespacePlaces(name)[0] ?? resource.at('metadata', 'namespace');
      places.set(name, node && { node });
    }
    return { count: places.size, evidence: [...places.values()].flatMap((place) => place ?? []) };
  });
}

/** The team's name to the first label that bears it. A workload's own label goes before its Namespace's. */
function labelledTeams(view: MeshView): Map<string, YamlNode> {
  const teams = new Map<string, YamlNode>();
  const byNamespace = new Map<string, readonly YamlNode[]>();
  const ofNamespace = (name: string): readonly YamlNode[] => {
    let labels = byNamespace.get(name);
    if (labels === undefined) {
      labels = view.index.named('Namespace', '', name).flatMap(ownTeam);
      byNamespace.set(name, labels);
    }
    return labels;
  };
  for (const workload of applicationWorkloads(view).flat()) {
    const [label] = [...ownTeam(workload), ...ofNamespace(namespaceOf(workload))];
    const name = stringOf(label)?.toLowerCase();
    if (label !== undefined && name !== undefined && !teams.has(name)) teams.set(name, label);
  }
  return teams;
}

/** The label that names a workload's or a Namespace's team. */
const ownTeam = remembered((resource) => {
  const own = teamIn(resource.labels);
  return own.length > 0 ? own : teamIn(podTemplateOf(resource)?.labels ?? NO_LABELS);
});

const NO_LABELS = new Labels(undefined);

/** A `team` label before an `owner` one: who has both names a person or a mailbox with the second. */
function teamIn(labels: Labels): YamlNode[] {
  for (const wanted of ['team', 'owner']) {
    for (const key of labels.keys()) {
      if (key.slice(key.lastIndexOf('/') + 1) !== wanted) continue;
      const label = labels.get(key);
      if (label.is === 'known' && label.value !== '') return [label.node];
    }
  }
  return [];
}

function namespaceOf({ header: { namespace } }: Resource): string {
  return namespace.is === 'known' ? namespace.value : namespace.is === 'absent' ? UNSET_NAMESPACE : '';
}

/** Where the hosts look: GitHub in the first three, taking the first it finds; GitLab in the last as well. */
const CODEOWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS', '.gitlab/CODEOWNERS'];

/**
 * The owners of a CODEOWNERS file, each with its first place: users and teams (`@name`, `@organisation/team`) and mail addresses behind a
 * pattern or a section (docs.github.com, "About code owners"; docs.gitlab.com, "Code Owners").
 */
function codeOwners(repository: Repository): Map<string, Place> {
  const owners = new Map<string, Place>();
  const manifest = CODEOWNERS.map((path) => repository.manifest(path)).find((found) => found !== undefined);
  const document = manifest?.documents[0];
  if (manifest === undefined || document === undefined) return owners;
  for (const line of manifest.text.matchAll(/^[^\r\n]+/gm)) {
    const [rule = ''] = line[0].split(/(?:^|\s)#/);
    const section = /^\^?\[[^\]]*\](?:\[\d*\])?/.exec(rule)?.[0] ?? '';
    const pattern = section === '' ? (/^\s*(?:\\\s|\S)+/.exec(rule)?.[0] ?? '') : section;
    for (const owner of rule.slice(pattern.length).matchAll(/\S*@\S+/g)) {
      const name = owner[0].toLowerCase();
      const start = line.index + pattern.length + owner.index - document.start;
      if (!owners.has(name)) owners.set(name, document.placeOf(start, start + name.length));
    }
  }
  return owners;
}
