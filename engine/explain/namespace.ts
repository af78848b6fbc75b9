import { ENROLMENT_LABEL } from '../mesh/cilium/enrolment-label';
import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { elsewhere, here } from './file';
import { membershipSummary } from './membership';
import { setterLink } from './mtls';
import { PEER_AUTHENTICATION } from '../mesh/mtls';
import { scopeOf } from '../mesh/istio/strict-servers';
import { shareNamespace } from './same-namespace';
import { cited, count, groupBy, joined, resourceList, statement } from './statement';
import type { Explanation, Part, Statement } from './statement';

const SETTINGS = [
  ['labels', 'istio-injection'],
  ['labels', 'istio.io/rev'],
  ['labels', 'istio.io/dataplane-mode'],
  ['labels', 'istio.io/use-waypoint'],
  ['annotations', 'linkerd.io/inject'],
  ['labels', 'config.linkerd.io/admission-webhooks'],
  ['labels', ENROLMENT_LABEL],
] as const;

/**
 * What a Namespace says about meshes, and how the workloads in it join them.
 * @param views those of all environments: another one may have the workloads
 */
export function explainNamespace(namespace: Resource, view: MeshView, views: readonly MeshView[]): Explanation {
  return {
    about: '',
    subject: namespace.title,
    statements: [settings(namespace, view), ...membersOf(namespace, view, views), ...policies(namespace, view)],
  };
}

function settings(namespace: Resource, view: MeshView): Statement {
  const shown = SETTINGS.flatMap(([field, key]) => {
    const label = namespace[field].get(key);
    if (label.is === 'absent') return [];
    return [
      {
        text: label.is === 'known' ? `${key}=${label.value === '' ? '""' : label.value}` : `${key} (value hidden by a template)`,
        node: label.node,
      },
    ];
  });
  if (shown.length === 0) return statement('settings', 'None of its labels and annotations asks for a mesh or keeps one out.');
  return statement(
    'settings',
    'Has ',
    ...joined(shown, ({ text }) => text),
    ...cited(
      shown.map(({ node }) => node),
      view,
    ),
    '.',
  );
}

/** How the workloads of a Namespace join meshes; where there are none, which other environment has some. */
export function membersOf(namespace: Resource, view: MeshView, views: readonly MeshView[]): Statement[] {
  const members = workloadsIn(namespace, view).flatMap((workload) => {
    const membership = view.membership(workload);
    return membership === undefined ? [] : [{ workload, summary: membershipSummary(membership) }];
  });
  if (members.length === 0) return [statement('workloads', ...emptiness(namespace, view, views))];
  return [...groupBy(members, ({ summary }) => summary)].map(([summary, alike]) => {
    const workloads = alike.map(({ workload }) => workload);
    const lead = `${count(alike.length, 'workload')}, ${summary}: `;
    return statement(`workloads ${summary}`, lead, ...resourceList(workloads, view), '.');
  });
}

/** The workloads that are surely in a Namespace. */
export function workloadsIn(namespace: Resource, view: MeshView): readonly Resource[] {
  if (namespace.name !== undefined) return view.index.workloadsIn(namespace.name);
  return view.index.workloads().filter((workload) => shareNamespace(namespace, workload, view) === 'yes');
}

/** That an environment has no workload in a Namespace, with where there are some. One sentence or several, with their full stops. */
export function emptiness(namespace: Resource, view: MeshView, views: readonly MeshView[]): Part[] {
  const { name } = namespace;
  if (name === undefined) return [`No workload ${here(views)} is known to be in it.`];
  const unset = view.index.workloads().filter(({ header }) => header.namespace.is === 'absent').length;
  const open =
    unset === 0 ? [] : [` ${count(unset, 'workload')} ${unset === 1 ? 'sets' : 'set'} no namespace and may be applied to it.`];
  const others = elsewhere(
    view,
    views,
    'workloads in a Namespace of this name',
    (other) => other.index.workloadsIn(name).length > 0,
  );
  return [`No workload ${here(views)} is in ${namespace.title}.`, ...open, ...others];
}

/** The PeerAuthentications for the Namespace as a whole. */
function policies(namespace: Resource, view: MeshView): Statement[] {
  if (namespace.name === undefined) return [];
  const own = view.index
    .inNamespace(PEER_AUTHENTICATION, namespace.name)
    .filter((policy) => scopeOf(policy, view)?.level === 'namespace');
  if (own.length === 0) return [];
  const links = joined(own, (policy) => setterLink({ policy, level: 'namespace' }));
  return [statement('mtls', 'mTLS of the namespace is set by ', ...links, '.')];
}
