import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import { membershipSummary } from './membership';
import { setterLink } from './mtls';
import { PEER_AUTHENTICATION } from '../mesh/mtls';
import { scopeOf } from '../mesh/istio/strict-servers';
import { cited, count, joined, resourceList, statement } from './statement';
import type { Explanation, Statement } from './statement';

const SETTINGS = [
  ['labels', 'istio-injection'],
  ['labels', 'istio.io/rev'],
  ['labels', 'istio.io/dataplane-mode'],
  ['labels', 'istio.io/use-waypoint'],
  ['annotations', 'linkerd.io/inject'],
  ['labels', 'config.linkerd.io/admission-webhooks'],
] as const;

/** What a Namespace says about meshes, and how the workloads in it join them. */
export function explainNamespace(namespace: Resource, view: MeshView): Explanation {
  return {
    title: namespace.title,
    statements: [settings(namespace, view), ...membersOf(namespace, view), ...policies(namespace, view)],
  };
}

function settings(namespace: Resource, view: MeshView): Statement {
  const shown = SETTINGS.flatMap(([field, key]) => {
    const label = namespace[field].get(key);
    if (label.is === 'absent') return [];
    return [
      { text: label.is === 'known' ? `${key}=${label.value === '' ? '""' : label.value}` : `${key} (hidden)`, node: label.node },
    ];
  });
  if (shown.length === 0) return statement('settings', 'No label or annotation here asks for a mesh or keeps one out.');
  return statement(
    'settings',
    'It has ',
    ...joined(shown, ({ text }) => text),
    ...cited(
      shown.map(({ node }) => node),
      view,
    ),
    '.',
  );
}

/** How the workloads of a Namespace join meshes. */
export function membersOf(namespace: Resource, view: MeshView): Statement[] {
  const groups = new Map<string, Resource[]>();
  for (const workload of namespace.name === undefined ? [] : view.index.workloadsIn(namespace.name)) {
    const membership = view.membership(workload);
    if (membership === undefined) continue;
    const summary = membershipSummary(membership);
    groups.set(summary, [...(groups.get(summary) ?? []), workload]);
  }
  if (groups.size === 0) return [statement('workloads', 'No file here has a workload in it.')];
  return [...groups].map(([summary, members]) =>
    statement(`workloads ${summary}`, `${count(members.length, 'workload')}, ${summary}: `, ...resourceList(members), '.'),
  );
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
