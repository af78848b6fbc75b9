import { dayInWords } from '../mesh/linkerd/day';
import { LICENSE_SUBJECTS, licensesIn } from '../mesh/linkerd/licenses';
import { concernsOf, isEnterpriseChannel, LINKERD_SUBJECTS, linkerdReferencesOf } from '../mesh/linkerd/references';
import type { LinkerdPlace } from '../mesh/linkerd/references';
import { enterpriseTerms, lastOpenStable } from '../mesh/linkerd/release-table';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import type { Place, YamlNode } from '../yaml/tree';
import { claim } from './claim';
import type { Claim } from './claim';
import { fileSubjectsOf } from './file-subjects';

/**
 * What the licences of the meshes in use ask for, or will: Istio, Cilium and Linkerd are all Apache-2.0, but Linkerd's stable releases come
 * from Buoyant alone. Told whatever the configuration says of the rules: it is a fact of the repository, not a finding.
 */
export function licenceClaims(view: MeshView): readonly Claim<Place>[] {
  const subjects = subjectsOf(view);
  const nodesOf = (judge: (place: LinkerdPlace) => boolean): YamlNode[] =>
    subjects
      .flatMap((subject) =>
        concernsOf(linkerdReferencesOf(subject, view), (place) => (judge(place) ? { node: place.node, what: true } : undefined)),
      )
      .map(({ node }) => node);
  return [
    ...caveat(
      `Buoyant Enterprise for Linkerd runs with a licence key: free of charge outside production, and in production for companies with fewer than ${enterpriseTerms.freeBelowEmployees} employees (terms since ${dayInWords(enterpriseTerms.since)}).`,
      nodesOf(({ reference }) => isEnterpriseChannel(reference.channel)),
    ),
    ...caveat(
      `Linkerd's open-source stable releases ended with ${lastOpenStable.version} on ${dayInWords(lastOpenStable.released)}: newer ones are edge releases, or Buoyant's, which need a licence.`,
      nodesOf(({ reference }) => reference.channel === 'stable'),
    ),
    ...caveat(
      "Linkerd's edge releases are free and need no licence; stable releases come from Buoyant, and need one.",
      nodesOf(({ reference }) => reference.channel === 'edge'),
    ),
    ...caveat(
      'A licence key of Buoyant Enterprise for Linkerd is written in plain text.',
      subjects
        .flatMap((subject) => (LICENSE_SUBJECTS.includes(subject.kind) ? licensesIn(subject, view) : []))
        .map(({ node }) => node),
    ),
  ];
}

function caveat(text: string, nodes: readonly YamlNode[]): Claim<Place>[] {
  return nodes.length === 0 ? [] : [claim(text, nodes)];
}

function subjectsOf(view: MeshView): readonly Resource[] {
  const kinds = new Set([...LINKERD_SUBJECTS, ...LICENSE_SUBJECTS]);
  const resources = [...kinds].flatMap((kind) => (kind === 'workload' ? view.index.workloads() : view.ofKind(kind)));
  return [...resources, ...fileSubjectsOf(view)];
}
