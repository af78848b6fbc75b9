import { originOf } from '../mesh/collisions';
import type { Joining, Mesh } from '../mesh/membership';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import type { YamlNode } from '../yaml/tree';
import { assumptionText, joiningIn } from './membership';
import { count, resourceList, statement } from './statement';
import type { Part, Statement } from './statement';

/** The workloads whose membership one label or annotation decides. */
export interface Tally {
  readonly yes: readonly Resource[];
  readonly no: readonly Resource[];
  readonly unknown: readonly Resource[];
  /** What the answers rest on that no file shows. */
  readonly assumptions: ReadonlySet<string>;
}

/** What hangs on a node of a label or an annotation, wherever in the environment: a patch may reach many workloads. */
export function tallyOf(node: YamlNode, mesh: Mesh, view: MeshView): Tally {
  const origin = originOf(node);
  const assumptions = new Set<string>();
  const tally = { yes: [] as Resource[], no: [] as Resource[], unknown: [] as Resource[] };
  for (const workload of view.index.workloads()) {
    const membership = view.membership(workload);
    if (membership === undefined) continue;
    const joining = joiningIn(membership, mesh);
    if (joining?.evidence.some((place) => originOf(place) === origin) !== true) continue;
    tally[joining.joins].push(workload);
    const assumption = assumptionText(joining);
    if (assumption !== undefined) assumptions.add(assumption);
  }
  return { ...tally, assumptions };
}

/** A tally in words; empty where nothing hangs on the node. */
export function tallyStatements(tally: Tally, mesh: Mesh, view: MeshView): Statement[] {
  const words = WORDS[mesh];
  const statements = (['yes', 'no', 'unknown'] as const).flatMap((answer) => {
    const workloads = tally[answer];
    if (workloads.length === 0) return [];
    const whom: Part[] = [`the pods of ${count(workloads.length, 'workload')}`];
    return [statement(`${mesh} ${answer}`, ...words[answer](whom), ': ', ...resourceList(workloads, view), '.')];
  });
  const assumed = [...tally.assumptions].map((text) => statement(`${mesh} assumed ${text}`, `This assumes ${text}.`));
  return [...statements, ...assumed];
}

type Wording = (whom: readonly Part[]) => Part[];

const proxy = (name: string): Record<Joining['joins'], Wording> => ({
  yes: (whom) => ['Gives ', ...whom, ` ${name}`],
  no: (whom) => [`Keeps ${name} out of `, ...whom],
  unknown: (whom) => ['Leaves open whether ', ...whom, ` get ${name}`],
});

const WORDS: Readonly<Record<Mesh, Record<Joining['joins'], Wording>>> = {
  'istio-sidecar': proxy("Istio's sidecar"),
  'istio-ambient': {
    yes: (whom) => ['Brings ', ...whom, " into Istio's ambient mode"],
    no: (whom) => ['Keeps ', ...whom, " out of Istio's ambient mode"],
    unknown: (whom) => ['Leaves open whether ', ...whom, " join Istio's ambient mode"],
  },
  linkerd: proxy("Linkerd's proxy"),
  cilium: {
    yes: (whom) => ['Brings ', ...whom, " into Cilium's ztunnel"],
    no: (whom) => ['Keeps ', ...whom, " out of Cilium's ztunnel"],
    unknown: (whom) => ['Leaves open whether ', ...whom, " join Cilium's ztunnel"],
  },
};
