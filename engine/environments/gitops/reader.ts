import type { Graph } from '../../incremental/graph';
import type { Resource } from '../../resources/resource';
import { isSet } from '../../yaml/tree';
import { readApplication } from '../argo-cd/application';
import { readApplicationSet } from '../argo-cd/application-set';
import { valueFilesOf } from '../argo-cd/chart';
import { Directories } from '../argo-cd/directory';
import { Generators } from '../argo-cd/generators';
import { FluxKustomizations } from '../flux/kustomization';
import { readRelease, valuesFilesOf } from '../flux/release';
import { DEPLOYING_KINDS } from '../kind-paths';
import type { Repository } from '../repository';
import type { Deployer } from './delivery';
import { KeptDeliveries } from './kept';
import { Sources } from './sources';

const APPLICATION = 'Application.argoproj.io';
const APPLICATION_SET = 'ApplicationSet.argoproj.io';
const KUSTOMIZATION = 'Kustomization.kustomize.toolkit.fluxcd.io';
const HELM_RELEASE = 'HelmRelease.helm.toolkit.fluxcd.io';

export function deploys({ kind }: Resource): boolean {
  return DEPLOYING_KINDS.includes(kind);
}

/** What one object brings: several things for an ApplicationSet. */
export interface Reading {
  readonly deployers: readonly Deployer[];
  /** What it may bring that could not be told. */
  readonly partial: readonly string[];
}

/**
 * Whether an object counts in the environment of the cluster that it deploys to rather than where it is applied: Applications do, since
 * what they install is there, and what Flux applies by way of a `kubeConfig`.
 */
export function countsWhereItDeploys(resource: Resource): boolean {
  if (resource.kind === APPLICATION || resource.kind === APPLICATION_SET) return true;
  return (resource.kind === KUSTOMIZATION || resource.kind === HELM_RELEASE) && isSet(resource.at('spec', 'kubeConfig'));
}

/** Reads the objects that say what lands where; every answer is a recorded query. */
export class Reader {
  /** What an object brings; nothing for one of another kind. */
  readonly read: (resource: Resource) => Reading;
  readonly flux: FluxKustomizations;
  private readonly generators: Generators;
  private readonly valueFiles: (object: Resource) => readonly string[];
  private readonly kept = new KeptDeliveries();

  constructor(graph: Graph, repository: Repository) {
    const sources = new Sources(graph, repository);
    const context = { repository, sources, directories: new Directories(graph, repository) };
    this.flux = new FluxKustomizations(graph, repository, sources);
    this.generators = new Generators(repository, sources);
    this.valueFiles = graph.family('gitops.valueFiles', (object: Resource) => {
      if (object.kind === HELM_RELEASE) return valuesFilesOf(object) ?? [];
      const spec = object.kind === APPLICATION_SET ? object.at('spec', 'template', 'spec') : object.at('spec');
      return object.kind === KUSTOMIZATION ? [] : valueFilesOf(spec, sources);
    });
    const readings: Readonly<Record<string, (resource: Resource) => Reading>> = {
      [APPLICATION]: (resource) => ({ deployers: [readApplication(resource, context)], partial: [] }),
      [APPLICATION_SET]: (resource) => readApplicationSet(resource, this.generators, context),
      [KUSTOMIZATION]: (resource) => ({ deployers: [this.flux.read(resource)], partial: [] }),
      [HELM_RELEASE]: (resource) => ({ deployers: [readRelease(resource, repository, sources)], partial: [] }),
    };
    this.read = graph.family('gitops.read', (resource: Resource) => {
      const reading = readings[resource.kind]?.(resource) ?? { deployers: [], partial: [] };
      return { ...reading, deployers: reading.deployers.map((deployer) => this.keep(deployer)) };
    });
  }

  /**
   * The files that objects, as they are written, take something from, whatever those hold: a chart's values, a generator's parameters.
   * @returns what tells whether a file is one
   */
  filesOf(objects: readonly Resource[]): (path: string) => boolean {
    const files = new Set(objects.flatMap((object) => this.valueFiles(object)));
    const sets = objects.filter(({ kind }) => kind === APPLICATION_SET);
    return (path) => files.has(path) || sets.some((set) => this.generators.reads(set, path));
  }

  /** Deliveries that say the same are the same object, so that what they make is made once. */
  private keep(deployer: Deployer): Deployer {
    const { file, title } = deployer.resource;
    const deliveries = deployer.deliveries.map((delivery, i) => this.kept.keep(`${i} ${file} ${title}`, delivery));
    return { ...deployer, deliveries };
  }
}
