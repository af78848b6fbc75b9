import { headerOf, Resource } from '../../resources/resource';
import { booleanOf, isSet, lookup } from '../../yaml/tree';
import type { MapNode, YamlNode } from '../../yaml/tree';
import type { Deployer } from '../gitops/delivery';
import { fillIn, madeMap, madeText } from '../gitops/written';
import { lacking } from '../lacking';
import { readApplication } from './application';
import type { ApplicationSources } from './application';
import type { Generators } from './generators';
import { withParameters } from './parameters';
import type { Parameters } from './parameters';

/** What an ApplicationSet comes to. */
export interface ReadSet {
  readonly deployers: readonly Deployer[];
  /** Why it may make more Applications. */
  readonly partial: readonly string[];
}

/** The Applications that an ApplicationSet makes, each read as if it stood in a file. Names that a template hides stay unknown. */
export function readApplicationSet(set: Resource, generators: Generators, context: ApplicationSources): ReadSet {
  const template = set.at('spec', 'template');
  const isGo = booleanOf(set.at('spec', 'goTemplate')) === true;
  const partial: string[] = [];
  if (isSet(set.at('spec', 'templatePatch'))) partial.push(lacking('fields that are not read', `templatePatch of ${set.title}`));
  if (template?.type !== 'map') return { deployers: [], partial };
  // A recorded read: nodes of what is filled in stay the same whatever their text is changed to.
  context.repository.manifest(set.file);
  const deployers = generators.evaluate(set).flatMap((generated) => {
    partial.push(...generated.partial);
    return generated.sets.map((parameters) => {
      const application = applicationOf(set, template, parameters, isGo);
      const deployer = readApplication(application, context);
      const { clusters } = generated;
      if (clusters === undefined || !hidesDestination(application)) return deployer;
      return { ...deployer, cluster: { key: `selected ${clusters}`, name: set.name ?? set.file } };
    });
  });
  // Others that it makes may go where these go.
  const more = [...new Set(partial)];
  return { deployers: deployers.map((deployer) => ({ ...deployer, partial: [...deployer.partial, ...more] })), partial: more };
}

function hidesDestination(application: Resource): boolean {
  return ['server', 'name'].some((field) => application.at('spec', 'destination', field)?.type === 'unknown');
}

const made = new WeakMap<MapNode, Map<string, Resource>>();

/** An Application of the same set, template and values is the same Resource. */
function applicationOf(set: Resource, template: MapNode, parameters: Parameters, isGo: boolean): Resource {
  const values: (string | null)[] = [];
  const fill = (node: YamlNode): YamlNode => {
    return fillIn(node, (hidden) => {
      const value = withParameters(hidden, parameters, isGo);
      values.push(value?.type === 'scalar' ? String(value.value) : null);
      return value;
    });
  };
  const metadata = template.get('metadata');
  const namespace = lookup(set.root, 'metadata', 'namespace');
  const spec = template.get('spec');
  const root = madeMap(template, [
    ['apiVersion', madeText(template, 'argoproj.io/v1alpha1')],
    ['kind', madeText(template, 'Application')],
    [
      'metadata',
      madeMap(metadata ?? template, [
        ...(metadata?.type === 'map' ? metadata.entries : [])
          .filter(({ key }) => key.value !== 'namespace')
          .map(({ key, value }) => [String(key.value), fill(value)] as const),
        // They are made beside the set, whatever the template says.
        ['namespace', namespace],
      ]),
    ],
    ['spec', spec && fill(spec)],
  ]);
  const header = headerOf(root) ?? set.header;
  const signature = JSON.stringify([values, namespace === undefined ? null : header.namespace]);
  let bySignature = made.get(template);
  if (bySignature === undefined) made.set(template, (bySignature = new Map<string, Resource>()));
  let application = bySignature.get(signature);
  if (application === undefined) bySignature.set(signature, (application = new Resource(header, set.source, root)));
  return application;
}
