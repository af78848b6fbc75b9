import { scopeOf } from '../mesh/istio/strict-servers';
import type { PolicyScope } from '../mesh/istio/strict-servers';
import type { EffectiveMode } from '../mesh/istio/peer-authentication';
import type { MeshView } from '../mesh/view';
import { sameNamespace } from '../resources/resource';
import type { Resource } from '../resources/resource';
import { podTemplateOf } from '../resources/workload';
import { entriesOf, isSet, lookup, stringOf } from '../yaml/tree';
import type { YamlNode } from '../yaml/tree';
import { istioMembership, setterLink } from './mtls';
import { count, joined, resourceLink, resourceList, statement } from './statement';
import type { Explanation, Part, Statement } from './statement';

const MEANING: ReadonlyMap<string, string> = new Map([
  ['STRICT', 'STRICT: callers without mTLS are refused.'],
  ['PERMISSIVE', 'PERMISSIVE: both mTLS and plaintext are accepted.'],
  ['DISABLE', 'DISABLE: only plaintext is accepted.'],
  ['UNSET', 'UNSET: the mode is inherited from the level above.'],
]);

/**
 * What a PeerAuthentication does: its level, the workloads whose mode it sets, and those for which another policy or the lack of a proxy
 * takes it away.
 *
 * @param port explains the mode of this port of `portLevelMtls`; undefined for the policy as such
 */
export function explainPeerAuthentication(policy: Resource, view: MeshView, port?: number): Explanation {
  const scope = scopeOf(policy, view);
  const statements = [...meaning(policy, port), levelStatement(policy, scope, view)];
  if (scope !== undefined) statements.push(...effectStatements(policy, scope, view, port));
  return { about: port === undefined ? '' : `Port ${port} of `, subject: policy.title, statements };
}

function meaning(policy: Resource, port: number | undefined): Statement[] {
  const node = modeNode(policy, port);
  if (node === undefined)
    return port === undefined ? [statement('mode', 'It sets no mode and inherits that of the level above.')] : [];
  const mode = stringOf(node);
  if (mode === undefined) return [statement('mode', 'A template hides the mode.')];
  return [statement('mode', MEANING.get(mode) ?? `${mode} is not a mode of PeerAuthentication.`)];
}

function modeNode(policy: Resource, port: number | undefined): YamlNode | undefined {
  const node = port === undefined ? policy.at('spec', 'mtls', 'mode') : policy.at('spec', 'portLevelMtls', String(port), 'mode');
  return isSet(node) ? node : undefined;
}

function levelStatement(policy: Resource, scope: PolicyScope | undefined, view: MeshView): Statement {
  switch (scope?.level) {
    case 'mesh': {
      const assumed = scope.rootAssumed ? `, assuming that ${scope.root} is the root namespace` : '';
      return statement('level', `For the mesh: it stands in the root namespace without a selector${assumed}.`);
    }
    case 'namespace':
      return statement(
        'level',
        `For ${scope.namespace === undefined ? 'the namespace it is applied to' : `namespace ${scope.namespace}`}: it has no selector.`,
      );
    case 'workload':
      return statement('level', 'For the workloads of its namespace that its selector matches.');
    case undefined:
      return statement(
        'level',
        isVoid(policy, view)
          ? 'Istio ignores it: it stands in the root namespace and has a selector.'
          : 'A template hides whom it is for.',
      );
  }
}

function isVoid(policy: Resource, view: MeshView): boolean {
  const root = view.rootNamespace();
  if (root.is === 'unknown' || policy.header.namespace.is === 'unknown') return false;
  const matchLabels = policy.at('spec', 'selector', 'matchLabels');
  return matchLabels !== undefined && matchLabels.type !== 'unknown';
}

interface Governed {
  readonly set: Resource[];
  readonly maySet: Resource[];
  readonly overridden: { readonly workload: Resource; readonly mode: EffectiveMode<Resource> }[];
  readonly outside: Resource[];
}

function effectStatements(policy: Resource, scope: PolicyScope, view: MeshView, port: number | undefined): Statement[] {
  const { set, maySet, overridden, outside } = governed(policy, scope, view, port);
  const statements: Statement[] = [];
  const mode = stringOf(modeNode(policy, port));
  const noun = port === undefined ? (mode ?? 'the mode') : `${mode ?? 'the mode'} at port ${port}`;
  if (set.length > 0)
    statements.push(statement('sets', `Sets ${noun} for ${count(set.length, 'workload')}: `, ...resourceList(set, view), '.'));
  if (maySet.length > 0)
    statements.push(
      statement('may set', `May set the mode of ${count(maySet.length, 'workload')}: `, ...resourceList(maySet, view), '.'),
    );
  statements.push(...overriddenStatements(overridden, port));
  if (outside.length > 0) {
    statements.push(
      statement(
        'outside',
        `Has no effect on ${count(outside.length, 'workload')} outside Istio's mesh: `,
        ...resourceList(outside, view),
        '.',
      ),
    );
  }
  if (statements.length === 0) statements.push(statement('sets', 'It applies to no workload here.'));
  if (port === undefined) statements.push(...otherPorts(set, policy, view), ...portStatements(policy, scope));
  return statements;
}

function governed(policy: Resource, scope: PolicyScope, view: MeshView, port: number | undefined): Governed {
  const found: Governed = { set: [], maySet: [], overridden: [], outside: [] };
  for (const workload of view.index.workloads()) {
    const membership = view.membership(workload);
    if (membership === undefined || !isInScope(policy, scope, workload)) continue;
    if (istioMembership(membership) === 'no') {
      found.outside.push(workload);
      continue;
    }
    const modes = view.mtls(workload);
    const mode = port === undefined ? modes.workload : (modes.ports.get(port) ?? modes.otherPorts);
    const isSetter = mode.setBy.some((setter) => setter.policy === policy && (setter.level === 'port') === (port !== undefined));
    if (!isSetter) found.overridden.push({ workload, mode });
    else if (mode.mode === 'unknown') found.maySet.push(workload);
    else found.set.push(workload);
  }
  // A policy without a mode of its own takes none over either.
  return modeNode(policy, port) === undefined ? { ...found, overridden: [] } : found;
}

function isInScope(policy: Resource, scope: PolicyScope, workload: Resource): boolean {
  if (scope.level === 'mesh') return true;
  if (sameNamespace(policy, workload) === 'no') return false;
  return scope.level === 'namespace' || podTemplateOf(workload)?.labels.matches(scope.selector) !== 'no';
}

const EXCEPTIONS = 5;

function overriddenStatements(overridden: Governed['overridden'], port: number | undefined): Statement[] {
  const statements = overridden.slice(0, EXCEPTIONS).map(({ workload, mode }) => {
    const by: Part[] = mode.setBy.length === 0 ? [] : [' by ', ...joined(mode.setBy, (setter) => setterLink(setter, port))];
    const parts: Part[] = ['Not for ', resourceLink(workload), `, whose mode ${mode.mode} is set`, ...by, '.'];
    return statement(`not for ${workload.kind} ${workload.name ?? ''}`, ...parts);
  });
  const more = overridden.length - EXCEPTIONS;
  return more > 0 ? [...statements, statement('not for more', `Nor for ${count(more, 'more workload')}.`)] : statements;
}

/** Ports at which a more specific policy takes the mode away. */
function otherPorts(workloads: readonly Resource[], policy: Resource, view: MeshView): Statement[] {
  return workloads.slice(0, EXCEPTIONS).flatMap((workload) => {
    const modes = view.mtls(workload);
    return [...modes.ports].flatMap(([port, mode]) => {
      const setters = mode.setBy.filter((setter) => setter.policy !== policy);
      if (mode.mode === modes.workload.mode || setters.length === 0) return [];
      const by = joined(setters, (setter) => setterLink(setter, port));
      const parts: Part[] = [
        `Not at port ${port} of `,
        resourceLink(workload),
        `, whose mode ${mode.mode} is set by `,
        ...by,
        '.',
      ];
      return [statement(`not at ${port} of ${workload.kind} ${workload.name ?? ''}`, ...parts)];
    });
  });
}

function portStatements(policy: Resource, scope: PolicyScope): Statement[] {
  const ports = entriesOf(policy.at('spec', 'portLevelMtls'));
  if (ports.length === 0) return [];
  if (scope.level !== 'workload') return [statement('ports', 'Istio ignores its portLevelMtls, which needs a selector.')];
  const modes = ports.map(({ key, value }) => `${String(key.value)}: ${stringOf(lookup(value, 'mode')) ?? 'hidden'}`);
  return [statement('ports', 'Modes of single ports: ', ...joined(modes, (text) => text), '.')];
}
