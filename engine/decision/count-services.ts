import { ancestorsOf, directoryOf, isInside } from '../environments/paths';
import type { MeshView } from '../mesh/view';
import { GROUP_ALIASES, kindName } from '../resources/kinds';
import { Labels } from '../resources/labels';
import type { Answer } from '../resources/labels';
import { sameNamespace, UNSET_NAMESPACE } from '../resources/resource';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import { lookup, stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import type { Place } from '../yaml/tree';
import { applicationServices, applicationWorkloads } from './applications';
import { query, titlesOf } from './evidence';
import type { Definitions } from './evidence';
import type { Counted } from './facts';

const CANARY = 'Canary.flagger.app';
const KNATIVE_SERVICE = 'Service.serving.knative.dev';

/** What the Services of an environment select. */
export interface Selection {
  /** S, with one Service for each set of workloads. */
  readonly services: Counted<Place>;
  /** The first definitions of the application workloads that some Service selects, or may select. */
  readonly served: ReadonlySet<Resource>;
}

/**
 * Counts the distinct sets of application workloads that Services select: a stable and a canary Service over one workload are one service,
 * and so is an object with several definitions. Services without a selector, of type ExternalName, and those that select nothing here do
 * not count; headless ones do.
 *
 * Two kinds of object stand for Services that a controller makes: a Flagger Canary with a `service` (flagger.app, "How it works": it makes
 * the ClusterIP Services of its target) and a Knative Service (knative.dev serving specification: each has a route of its own).
 *
 * Templates hide names and labels. Where no workload is surely selected, those that may be count: the ones of the same file, else of the
 * same directory, else of the same chart. Which of them is meant is unknown, so Services over one such set count separately, up to the
 * number of its workloads.
 */
export function selection(view: MeshView): Selection {
  return query(view, 'selection', select);
}

function select(view: MeshView): Selection {
  const workloads = applicationWorkloads(view);
  const index = new WorkloadIndex(workloads, view.repository.charts());
  const sure = new Map<string, Resource>();
  const unsure = new Map<string, { readonly size: number; readonly services: Resource[] }>();
  const served = new Set<Resource>();
  const add = (maker: Resource, found: Found): void => {
    for (const i of found.workloads) for (const workload of workloads[i]?.slice(0, 1) ?? []) served.add(workload);
    const set = [...found.workloads].sort((a, b) => a - b).join(' ');
    if (set === '') return;
    if (found.surely) {
      if (!sure.has(set)) sure.set(set, maker);
      return;
    }
    const group = unsure.get(set) ?? { size: found.workloads.size, services: [] };
    group.services.push(maker);
    unsure.set(set, group);
  };
  for (const service of applicationServices(view)) add(service[0], index.selectedBy(service));
  for (const canary of view.ofKind(CANARY)) add(canary, index.targetOf(canary));
  workloads.forEach(([first], i) => {
    if (first.kind === KNATIVE_SERVICE) add(first, { surely: true, workloads: new Set([i]) });
  });
  const counted = [...sure.values(), ...[...unsure.values()].flatMap(({ size, services }) => services.slice(0, size))];
  return { services: { count: counted.length, evidence: titlesOf(counted) }, served };
}

/** Workloads by their numbers. */
interface Found {
  /** Whether the selector matches, as opposed to: a template may make it match. */
  readonly surely: boolean;
  readonly workloads: ReadonlySet<number>;
}

interface Entry {
  readonly number: number;
  readonly workload: Resource;
  readonly labels: Labels;
}

/** Application workloads by namespace and label, and by where they are written. */
class WorkloadIndex {
  private readonly charts: ReadonlySet<string>;
  private readonly byLabel = new Map<string, Entry[]>();
  private readonly byName = new Map<string, number>();
  private readonly byFile = new Map<string, Entry[]>();
  private readonly byDirectory = new Map<string, Entry[]>();
  private readonly byChart = new Map<string, Entry[]>();
  private readonly chartOfDirectory = new Map<string, string | undefined>();

  constructor(workloads: readonly Definitions[], charts: ReadonlySet<string>) {
    this.charts = charts;
    workloads.forEach((definitions, number) => {
      for (const workload of definitions) this.add(workload, number);
    });
  }

  /** What the definitions of one Service select together. */
  selectedBy(service: Definitions): Found {
    const sure = new Set<number>();
    const unsure = new Set<number>();
    for (const definition of service) {
      const selector = selectorOf(definition);
      if (selector === undefined) continue;
      const found = this.surely(definition, selector);
      for (const { number } of found.length > 0 ? found : []) sure.add(number);
      for (const { number } of found.length > 0 ? [] : this.perhaps(definition, selector)) unsure.add(number);
    }
    return sure.size > 0 ? { surely: true, workloads: sure } : { surely: false, workloads: unsure };
  }

  /** The workload that a Flagger Canary releases, when it makes Services for it. */
  targetOf(canary: Resource): Found {
    const kind = stringOf(canary.at('spec', 'targetRef', 'kind'));
    const name = stringOf(canary.at('spec', 'targetRef', 'name'));
    const hasService = lookup(canary.at('spec'), 'service') !== undefined;
    const key = `${this.slotOf(canary)} ${groupedKind(canary.at('spec', 'targetRef', 'apiVersion'), kind ?? '')} ${name ?? ''}`;
    const found = hasService ? this.byName.get(key) : undefined;
    return { surely: true, workloads: new Set(found === undefined ? [] : [found]) };
  }

  private add(workload: Resource, number: number): void {
    const labels = podTemplateOf(workload)?.labels ?? new Labels(undefined);
    const entry = { number, workload, labels };
    const slot = this.slotOf(workload);
    for (const key of labels.keys()) {
      const label = labels.get(key);
      if (label.is === 'known') push(this.byLabel, `${slot} ${key}=${label.value}`, entry);
    }
    if (workload.name !== undefined) this.byName.set(`${slot} ${workload.kind} ${workload.name}`, number);
    const directory = directoryOf(workload.file);
    push(this.byFile, workload.file, entry);
    push(this.byDirectory, directory, entry);
    const chart = this.chartOf(directory);
    if (chart !== undefined) push(this.byChart, chart, entry);
  }

  /** Looks under the pair of the selector that the fewest workloads share. */
  private surely(service: Resource, selector: Labels): Entry[] {
    const slot = this.slotOf(service);
    let fewest: readonly Entry[] | undefined;
    for (const key of selector.keys()) {
      const wanted = selector.get(key);
      const sharing = wanted.is === 'known' ? (this.byLabel.get(`${slot} ${key}=${wanted.value}`) ?? []) : undefined;
      if (sharing !== undefined && (fewest === undefined || sharing.length < fewest.length)) fewest = sharing;
    }
    return (fewest ?? []).filter(({ labels }) => labels.matches(selector) === 'yes');
  }

  private perhaps(service: Resource, selector: Labels): Entry[] {
    const directory = directoryOf(service.file);
    const chart = this.chartOf(directory);
    const near = [
      this.byFile.get(service.file),
      ...(chart === undefined ? [] : [this.byDirectory.get(directory), this.byChart.get(chart)]),
    ];
    for (const entries of near) {
      const found = (entries ?? []).filter((entry) => mayMatch(service, selector, entry));
      if (found.length > 0) return found;
    }
    return [];
  }

  /**
   * The namespace to look in. A chart's templates that set none, or take it from the release, land in the release's namespace together
   * (helm.sh, `helm install --namespace`).
   */
  private slotOf(resource: Resource): string {
    const { namespace } = resource.header;
    if (namespace.is === 'known') return namespace.value;
    if (this.chartOf(directoryOf(resource.file)) !== undefined) return '(release)';
    return namespace.is === 'absent' ? UNSET_NAMESPACE : '(unknown)';
  }

  /** The outermost chart around a directory: subcharts are released with it. */
  private chartOf(directory: string): string | undefined {
    if (this.charts.size === 0) return undefined;
    if (!this.chartOfDirectory.has(directory)) {
      const around = ancestorsOf(directory).filter((ancestor) => this.charts.has(ancestor) && isInside(directory, ancestor));
      this.chartOfDirectory.set(directory, around.at(-1));
    }
    return this.chartOfDirectory.get(directory);
  }
}

function mayMatch(service: Resource, selector: Labels, { workload, labels }: Entry): boolean {
  const answers: readonly Answer[] = [sameNamespace(service, workload), labels.matches(selector)];
  return !answers.includes('no');
}

const selectors = new WeakMap<Resource, Labels>();

/** Undefined for a Service that selects nothing by itself. */
function selectorOf(service: Resource): Labels | undefined {
  let selector = selectors.get(service);
  if (selector === undefined) {
    const isElsewhere = stringOf(service.at('spec', 'type')) === 'ExternalName';
    selector = new Labels(isElsewhere ? undefined : service.at('spec', 'selector'));
    selectors.set(service, selector);
  }
  return selector.isEmpty ? undefined : selector;
}

/** The kind that `apiVersion` and `kind` of a reference name together. */
export function groupedKind(apiVersion: YamlNode | undefined, kind: string): string {
  const text = stringOf(apiVersion) ?? 'apps/v1';
  const group = text.includes('/') ? text.slice(0, text.indexOf('/')) : '';
  return kindName(kind, GROUP_ALIASES.get(group) ?? group);
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
