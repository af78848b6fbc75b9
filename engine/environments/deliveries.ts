import type { Graph } from '../incremental/graph';
import { Deliverer } from './gitops/deliver';
import { GitOps } from './gitops/gitops';
import { ChartInstallations } from './helm/installations';
import type { KustomizeBuilder } from './kustomize/build';
import type { Repository } from './repository';

/** What only repositories with charts, or with objects of Argo CD or Flux, need. */
export interface Deliveries {
  readonly gitops: GitOps;
  readonly installations: ChartInstallations;
}

/** The one way to what finds and makes deliveries: a program may load all of it when this is first called. */
export function deliveriesOf(graph: Graph, repository: Repository, builder: KustomizeBuilder): Deliveries {
  const deliverer = new Deliverer(graph, repository, builder);
  return {
    gitops: new GitOps(graph, repository, builder, deliverer),
    installations: new ChartInstallations(graph, repository, deliverer),
  };
}
