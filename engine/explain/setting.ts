import { originOf } from '../mesh/collisions';
import type { Joining, Mesh } from '../mesh/membership';
import type { MeshView } from '../mesh/view';
import type { Label } from '../resources/labels';
import type { Resource } from '../resources/resource';
import { podTemplateOf, podTemplatePath } from '../resources/workload';
import { locate } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import { joiningIn, joiningParts } from './membership';
import { emptiness, membersOf, workloadsIn } from './namespace';
import { INJECTION_SETTINGS } from './settings.data';
import type { Bearer, InjectionSetting } from './settings.data';
import { cited, count, fingerprint, groupBy, list, resourceList, statement } from './statement';
import type { Explanation, Statement } from './statement';
import { tallyOf, tallyStatements } from './tally';
import type { Tally } from './tally';
import { waypointLabelStatements } from './waypoint';

/** An injection label or annotation where it stands on a resource. */
export interface SettingPlace {
  readonly setting: InjectionSetting;
  readonly bearer: Bearer;
  readonly field: 'labels' | 'annotations';
}

/**
 * The injection setting at a path of a resource; undefined for any other key, and on kinds to which the key may mean something else.
 * @param path keys below the resource's root
 */
export function settingAt(resource: Resource, path: readonly string[]): SettingPlace | undefined {
  const setting = INJECTION_SETTINGS.find(({ key }) => key === path.at(-1));
  const [metadata, field] = path.slice(-3);
  if (setting === undefined || metadata !== 'metadata') return undefined;
  if (field !== 'labels' && field !== 'annotations') return undefined;
  const bearer = bearerAt(resource, path.slice(0, -3));
  // A revision on a Service is none of injection's business.
  if (bearer === 'service' && setting.key === 'istio.io/rev') return undefined;
  return bearer && { setting, bearer, field };
}

function bearerAt(resource: Resource, prefix: readonly string[]): Bearer | undefined {
  const { kind } = resource;
  const template = podTemplatePath(resource);
  if (template?.join('/') === prefix.join('/')) return 'pod';
  if (prefix.length > 0) return undefined;
  if (template !== undefined) return 'owner';
  return kind === 'Namespace' ? 'namespace' : kind === 'Service' ? 'service' : undefined;
}

/**
 * What an injection label or annotation does where it stands: whom it brings into a mesh or keeps out, or that it does nothing. Where it is
 * taken away, what holds without it.
 * @param written its value as the reader's file has it, `removed` in a patch that takes it away, undefined in one that copies another; what
 * comes later may have put another in its place
 * @param views those of all environments
 */
export function explainSetting(
  resource: Resource,
  place: SettingPlace,
  written: YamlNode | 'removed' | undefined,
  view: MeshView,
  views: readonly MeshView[],
): Explanation {
  const label = labelOf(resource, place);
  const value = label.is === 'known' ? `=${label.value === '' ? '""' : label.value}` : '';
  const noun = place.field === 'labels' ? 'label' : 'annotation';
  const onPods = place.bearer === 'pod' && resource.kind !== 'Pod';
  const about = `${place.setting.key}${value}, ${noun} of ${onPods ? 'pods of ' : ''}`;
  const subject = resource.title;
  if (label.is === 'absent') {
    const removed = statement('replaced', written === 'removed' ? 'Removed here.' : 'An overlay removes it.');
    return { about, subject, statements: [removed, ...without(resource, place, view, views)] };
  }
  const does = misplaced(resource, place) ?? effect(resource, place, label, view, views);
  return { about, subject, statements: [...replacement(label, written, view), ...does] };
}

function labelOf(resource: Resource, { setting, bearer, field }: SettingPlace): Label {
  const holder = bearer === 'pod' ? podTemplateOf(resource) : resource;
  return holder?.[field].get(setting.key) ?? { is: 'absent' };
}

function replacement(
  label: Exclude<Label, { is: 'absent' }>,
  written: YamlNode | 'removed' | undefined,
  view: MeshView,
): Statement[] {
  if (written === undefined || (written !== 'removed' && isSamePlace(label.node, written))) return [];
  const now = label.is === 'known' ? (label.value === '' ? '""' : label.value) : 'a value that a template hides';
  return [statement('replaced', `An overlay changes it to ${now}`, ...cited([label.node], view), '.')];
}

/** A patch may have been parsed more than once: the text is what counts. */
function isSamePlace(a: YamlNode, b: YamlNode): boolean {
  const [one, other] = [locate({ node: a }), locate({ node: b })];
  return one.file === other.file && one.start === other.start && one.end === other.end;
}

/** What holds for those whom a setting would decide about if it were there. */
function without(
  resource: Resource,
  { setting, bearer, field }: SettingPlace,
  view: MeshView,
  views: readonly MeshView[],
): Statement[] {
  const { mesh } = setting;
  if (mesh === undefined || !setting[field].includes(bearer)) return [];
  if (bearer === 'namespace') return membersOf(resource, view, views);
  const joining = joiningOf(resource, mesh, view);
  return joining === undefined ? [] : [statement(mesh, ...joiningParts(joining, resource, view), '.')];
}

const READ_ON: Readonly<Record<Bearer, string>> = {
  namespace: 'Namespaces',
  pod: 'pods',
  service: 'Services',
  owner: 'what owns pods',
};

function misplaced(resource: Resource, { setting, bearer, field }: SettingPlace): Statement[] | undefined {
  if (setting[field].includes(bearer)) return undefined;
  const other = field === 'labels' ? 'annotations' : 'labels';
  if (setting[other].includes(bearer)) {
    return [statement('misplaced', `Does nothing: ${setting.reader} reads it among ${other}, not among ${field}.`)];
  }
  const bearers = list([...new Set([...setting.labels, ...setting.annotations])].map((where) => READ_ON[where]));
  const template = podTemplatePath(resource) ?? [];
  const readsPods = [...setting.labels, ...setting.annotations].includes('pod');
  const instead = bearer === 'owner' && readsPods ? `; these pods take theirs from ${template.join('.')}.metadata` : '';
  return [statement('misplaced', `Does nothing here: ${setting.reader} reads it only on ${bearers}${instead}.`)];
}

function effect(resource: Resource, place: SettingPlace, label: Label, view: MeshView, views: readonly MeshView[]): Statement[] {
  const { mesh, onlyValue, reader } = place.setting;
  if (mesh === undefined) return waypointLabelStatements(resource, view);
  if (onlyValue !== undefined && label.is === 'known' && label.value !== onlyValue)
    return [statement('inert', `Does nothing: the only value that ${reader} acts on is ${onlyValue}.`)];
  return place.bearer === 'pod' ? podEffect(resource, mesh, label, view) : namespaceEffect(resource, mesh, label, view, views);
}

function podEffect(workload: Resource, mesh: Mesh, label: Label, view: MeshView): Statement[] {
  const joining = joiningOf(workload, mesh, view);
  if (joining === undefined) return [];
  const decides = label.is !== 'absent' && joining.evidence.some((node) => originOf(node) === originOf(label.node));
  const parts = joiningParts(joining, workload, view);
  // Of an answer that is open nobody can say that this has no part in it.
  const lead = decides ? '' : joining.joins === 'unknown' ? 'Its effect is not known. ' : 'Decides nothing here. ';
  return [statement(mesh, ...(lead === '' ? [] : [lead]), ...parts, '.')];
}

const NOTHING: Tally = { yes: [], no: [], unknown: [], assumptions: new Set() };

function namespaceEffect(namespace: Resource, mesh: Mesh, label: Label, view: MeshView, views: readonly MeshView[]): Statement[] {
  const workloads = workloadsIn(namespace, view);
  if (workloads.length === 0) return [statement('none', ...emptiness(namespace, view, views))];
  const tally = label.is === 'absent' ? NOTHING : tallyOf(label.node, mesh, view);
  const decided = new Set([...tally.yes, ...tally.no, ...tally.unknown]);
  const others = workloads.filter((workload) => !decided.has(workload));
  const statements = tallyStatements(tally, mesh, view);
  if (decided.size === 0) {
    const whom = `the ${count(workloads.length, 'workload')} of this Namespace`;
    const isOpen = others.some((workload) => joiningOf(workload, mesh, view)?.joins === 'unknown');
    statements.push(statement('none', isOpen ? `Its effect on ${whom} is not known.` : `Decides nothing for ${whom}.`));
  }
  return [...statements, ...otherwise(others, mesh, view)];
}

/** Reasons that are told of workloads whose own labels, or another label of the Namespace, count instead. */
const EXCEPTIONS = 3;

function otherwise(workloads: readonly Resource[], mesh: Mesh, view: MeshView): Statement[] {
  const others = workloads.flatMap((workload) => {
    const joining = joiningOf(workload, mesh, view);
    if (joining === undefined) return [];
    const lead = joining.joins === 'unknown' ? 'Perhaps not for ' : 'Not for ';
    return [{ workload, lead, why: joiningParts(joining, workload, view) }];
  });
  const alike = [...groupBy(others, ({ why }) => fingerprint(why)).values()];
  const statements = alike.slice(0, EXCEPTIONS).map((group) => {
    const whom = resourceList(
      group.map(({ workload }) => workload),
      view,
    );
    return statement('except', group[0].lead, ...whom, '. ', ...group[0].why, '.');
  });
  const more = alike.slice(EXCEPTIONS).reduce((sum, group) => sum + group.length, 0);
  return more > 0 ? [...statements, statement('except more', `Nor for ${count(more, 'more workload')}.`)] : statements;
}

function joiningOf(workload: Resource, mesh: Mesh, view: MeshView): Joining | undefined {
  const membership = view.membership(workload);
  return membership && joiningIn(membership, mesh);
}
