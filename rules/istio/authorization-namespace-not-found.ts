import { nearestName } from '../../engine/configuration/nearest-name';
import { defineRule } from '../../engine/findings/rule';
import type { Finding } from '../../engine/findings/rule';
import { namespaceNames } from '../../engine/mesh/istio/namespace-names';
import type { NamespaceNames } from '../../engine/mesh/istio/namespace-names';
import { replaceable } from '../../engine/mesh/istio/validation/problem';
import type { MeshView } from '../../engine/mesh/view';
import type { Resource } from '../../engine/resources/resource';
import { replaceScalar } from '../../engine/yaml/edit';
import { itemsOf, lookup, stringOf } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';

const shop = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n';
const policy = (field: string, names: string): string =>
  `apiVersion: security.istio.io/v1\nkind: AuthorizationPolicy\nmetadata:\n  name: cart\n  namespace: shop\nspec:\n  rules:\n    - from:\n        - source:\n            ${field}: ${names}\n`;

export const rule = defineRule({
  id: 'istio/authorization-namespace-not-found',
  severity: 'warning',
  summary: 'An AuthorizationPolicy names a source namespace that does not exist.',
  why:
    'A source is compared with the namespace in the certificate of the caller. A name that no namespace has never matches, and nobody says ' +
    'so: with `namespaces`, an ALLOW policy shuts out whom it was to let in, and a DENY policy lets in whom it was to shut out; with ' +
    '`notNamespaces`, nobody is excepted.',
  todo: 'Write the name of a namespace that exists, or a pattern that matches one: `team-*`, `*-prod`, `*`.',
  kinds: ['AuthorizationPolicy.security.istio.io'],
  equivalents: ['IST0101'],
  docs: 'https://istio.io/latest/docs/reference/config/analysis/ist0101/',
  since: '0.1.0',
  reportsUnknown: true,
  fix: 'writes the name that comes near',
  examples: {
    bad: [
      {
        title: 'A misspelt name',
        files: { 'shop.yaml': shop, 'policy.yaml': policy('namespaces', '[shops]') },
        findings: [
          {
            at: 'policy.yaml:10:26',
            text: 'shops',
            message:
              'AuthorizationPolicy shop/cart names source namespace shops, which no file here shows. Without it, this source never matches. Did you mean shop?',
          },
        ],
      },
      {
        title: 'A pattern for nothing',
        files: { 'shop.yaml': shop, 'policy.yaml': policy('notNamespaces', '["*-test"]') },
        findings: [
          {
            at: 'policy.yaml:10:29',
            text: '"*-test"',
            message:
              'AuthorizationPolicy shop/cart excepts source namespaces *-test, and no file here shows one of such a name. Without it, nobody is excepted. Make sure that it is there.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'Names and patterns of what is there',
        files: { 'shop.yaml': shop, 'policy.yaml': policy('namespaces', '[shop, "sh*", "*op", "*", istio-system]') },
      },
      {
        title: 'A name that a variable holds',
        files: { 'shop.yaml': shop, 'policy.yaml': policy('namespaces', '["${CALLER}"]') },
      },
    ],
  },
  *check(subject, view) {
    for (const rule of itemsOf(subject.at('spec', 'rules'))) {
      for (const from of itemsOf(lookup(rule, 'from'))) {
        for (const field of FIELDS) {
          for (const node of itemsOf(lookup(from, 'source', field))) yield* findings(subject, field, node, view);
        }
      }
    }
  },
});

const FIELDS = ['namespaces', 'notNamespaces'] as const;

function* findings(subject: Resource, field: (typeof FIELDS)[number], node: YamlNode, view: MeshView): Iterable<Finding> {
  const name = stringOf(node);
  if (name === undefined || name === '*' || name === '') return;
  const namespaces = namespaceNames(view);
  if (!isThere(name, namespaces)) yield finding(subject, field, node, name, namespaces);
}

/** As istioctl compares: a star at either end stands for anything, and case does not count. */
function isThere(pattern: string, { names }: NamespaceNames): boolean {
  const wanted = pattern.toLowerCase();
  return names.some((name) => {
    const candidate = name.toLowerCase();
    if (wanted.startsWith('*')) return candidate.endsWith(wanted.slice(1));
    return wanted.endsWith('*') ? candidate.startsWith(wanted.slice(0, -1)) : candidate === wanted;
  });
}

function finding(
  { title }: Resource,
  field: (typeof FIELDS)[number],
  node: YamlNode,
  name: string,
  { names, isWhole }: NamespaceNames,
): Finding {
  const isPattern = name.includes('*');
  const opening = `${title} ${field === 'namespaces' ? 'names' : 'excepts'} source namespace${isPattern ? 's' : ''} ${name}`;
  const result = field === 'namespaces' ? 'this source never matches' : 'nobody is excepted';
  const near = isPattern ? undefined : nearestName(name, names);
  const scalar = near === undefined ? undefined : replaceable(node);
  const missing = isWhole
    ? `${isPattern ? 'and none has such a name' : 'which does not exist'}: ${result}.`
    : `${isPattern ? 'and no file here shows one of such a name' : 'which no file here shows'}. Without it, ${result}.`;
  const otherwise = isWhole ? 'Name one that exists.' : 'Make sure that it is there.';
  return {
    place: { node },
    ...(isWhole ? {} : { severity: 'info' as const }),
    message: `${opening}, ${missing} ${near === undefined ? otherwise : `Did you mean ${near}?`}`,
    fixes:
      near === undefined || scalar === undefined
        ? []
        : [{ title: `Write ${near}`, safe: false, preferred: true, edits: () => [replaceScalar(scalar, near)] }],
  };
}
