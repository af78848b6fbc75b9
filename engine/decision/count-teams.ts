import type { Repository } from '../environments/repository';
import type { MeshView } from '../mesh/view';
import { UNSET_NAMESPACE } from '../resources/resource';
import type { Resource } from '../resources/resource';
import type { Labels } from '../resources/labels';
import { podTemplateOf } from '../resources/workload';
import type { Place, YamlNode } from '../yaml/tree';
import { applicationServices, applicationWorkloads } from './applications';
import { query } from './evidence';
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
  for (const workload of applicationWorkloads(view).flat()) {
    const namespaces = view.index.named('Namespace', '', namespaceOf(workload));
    const sets = [workload.labels, podTemplateOf(workload)?.labels, ...namespaces.map(({ labels }) => labels)];
    const [team] = sets.flatMap((labels) => (labels === undefined ? [] : (teamIn(labels) ?? [])));
    if (team !== undefined && !teams.has(team.name)) teams.set(team.name, team.node);
  }
  return teams;
}

/** A `team` label before an `owner` one: who has both names a person or a mailbox with the second. */
function teamIn(labels: Labels): { readonly name: string; readonly node: YamlNode } | undefined {
  for (const wanted of ['team', 'owner']) {
    for (const key of labels.keys()) {
      if (key.slice(key.lastIndexOf('/') + 1) !== wanted) continue;
      const label = labels.get(key);
      if (label.is === 'known' && label.value !== '') return { name: label.value.toLowerCase(), node: label.node };
    }
  }
  return undefined;
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
