import type { Graph } from '../../incremental/graph';
import { NOTHING_DELIVERED } from '../gitops/delivery';
import type { Delivery } from '../gitops/delivery';
import type { Deliverer } from '../gitops/deliver';
import { KeptDeliveries } from '../gitops/kept';
import { baseNameOf, directoryOf, isInside } from '../paths';
import type { Repository } from '../repository';
import { UNRENDERED } from '../environment';
import { valuesFile, valuesTree } from './charts';
import type { ChartValues } from './values';

/** A chart by itself with one set of values. */
export interface ChartInstallation {
  /** What tells it from the chart with its defaults; undefined for those. */
  readonly variant: string | undefined;
  readonly delivery: Delivery;
}

/** What charts are installed with when nobody says it: by the values files beside them. */
export class ChartInstallations {
  /**
   * A chart's default values, and on top of them each `values-<name>.yaml` or `values.<name>.yaml` that makes a difference to what can be
   * read. Nothing for a chart without default values: it waits for somebody's. A recorded query.
   */
  readonly of: (directory: string) => readonly ChartInstallation[];
  private readonly repository: Repository;
  private readonly kept = new KeptDeliveries();

  constructor(graph: Graph, repository: Repository, deliverer: Deliverer) {
    this.repository = repository;
    this.of = graph.family('helm.installations', (directory: string) => {
      const [first, ...others] = this.all(directory);
      if (first === undefined) return [];
      const defaults = deliverer.deliver(first.delivery).resources;
      const differs = ({ delivery }: ChartInstallation): boolean =>
        deliverer.deliver(delivery).resources.some((resource, i) => resource !== defaults[i]);
      return [first, ...others.filter(differs)];
    });
  }

  private all(directory: string): readonly ChartInstallation[] {
    const { repository } = this;
    const defaults = valuesTree(repository, valuesFile(directory));
    if (defaults?.type !== 'map') return [];
    const files = repository.paths().filter((path) => isInside(path, directory) && repository.hasResources(path));
    const installation = (variant: string | undefined, path: string | undefined): ChartInstallation => {
      const trees = path === undefined ? [defaults] : [defaults, valuesTree(repository, path)];
      const values: ChartValues = { trees, parameters: new Map(), name: undefined, namespace: undefined };
      const chart = { directory, values, files: [valuesFile(directory), ...(path === undefined ? [] : [path])] };
      const delivery = { ...NOTHING_DELIVERED, by: undefined, root: directory, files, chart, partial: [UNRENDERED] };
      return { variant, delivery: this.kept.keep(`${directory} ${variant ?? ''}`, delivery) };
    };
    const others = repository.paths().flatMap((path) => {
      const variant = directoryOf(path) === directory ? /^values[-.](.+)\.ya?ml$/.exec(baseNameOf(path))?.[1] : undefined;
      // A file that holds no map sets nothing.
      return variant === undefined || valuesTree(repository, path)?.type !== 'map' ? [] : [installation(variant, path)];
    });
    return [installation(undefined, undefined), ...others];
  }
}
