import { list, object, oneOf, text, texts, word } from './schema';
import type { KindSchema, Schema } from './schema';
import { selector, targetDefinitions, targetRef, targetRefs } from './shared/targets';

const PATTERN = 'Exact, or with one `*` at its start or end; `*` alone asks that there is one.';

const source: Schema = object(
  'Who calls: all that is set must hold.',
  {
    principals: texts(
      `Identities from the caller's mesh certificate, as \`cluster.local/ns/shop/sa/cart\`. Needs mutual TLS. ${PATTERN}`,
    ),
    notPrincipals: texts('Identities that the caller must not have.'),
    requestPrincipals: texts(`Identities from a JWT, as \`issuer/subject\`. Needs a RequestAuthentication. ${PATTERN}`),
    notRequestPrincipals: texts('Identities from a JWT that the request must not have.'),
    namespaces: texts(`Namespaces of the caller. Needs mutual TLS. ${PATTERN}`),
    notNamespaces: texts('Namespaces that the caller must not be in.'),
    serviceAccounts: texts(
      "Service accounts of the caller, as `name` in the policy's namespace or `namespace/name`. Needs mutual TLS.",
      { maxItems: 16 },
      { maxLength: 320 },
    ),
    notServiceAccounts: texts('Service accounts that the caller must not have.', { maxItems: 16 }, { maxLength: 320 }),
    trustDomains: texts(`Trust domains of the caller's certificate. Needs mutual TLS. ${PATTERN}`),
    notTrustDomains: texts('Trust domains that the caller must not be of.'),
    ipBlocks: texts('Addresses that the connection comes from, as IP or CIDR.'),
    notIpBlocks: texts('Addresses that the connection must not come from.'),
    remoteIpBlocks: texts('Addresses of the original client, as IP or CIDR: from X-Forwarded-For or the PROXY protocol.'),
    notRemoteIpBlocks: texts('Addresses that the original client must not have.'),
  },
  { 'x-anchor': 'Source' },
);

const operation: Schema = object(
  'What is asked for: all that is set must hold. All but ports is HTTP.',
  {
    hosts: texts(`Hosts that the request names. ${PATTERN}`),
    notHosts: texts('Hosts that the request must not name.'),
    ports: texts('Ports, as strings.'),
    notPorts: texts('Ports that the request must not come in on.'),
    methods: texts(`Methods. For gRPC always POST. ${PATTERN}`),
    notMethods: texts('Methods that the request must not use.'),
    paths: texts(
      `Paths. \`{*}\` stands for one segment, \`{**}\` for any number of them. For gRPC \`/package.Service/Method\`. ${PATTERN}`,
    ),
    notPaths: texts('Paths that the request must not have.'),
  },
  { 'x-anchor': 'Operation' },
);

export const authorizationPolicy: KindSchema = {
  kind: 'AuthorizationPolicy',
  group: 'security.istio.io',
  versions: ['v1', 'v1beta1'],
  docs: 'https://istio.io/latest/docs/reference/config/security/authorization-policy/',
  description: 'Says who may do what with a workload.',
  specRequired: false,
  definitions: targetDefinitions,
  spec: object(
    'The workloads and the rules. An empty one denies everything to the workloads of its namespace.',
    {
      selector: selector('The pods that are protected. Unset, all of the namespace; in the root namespace, of the mesh.'),
      targetRef,
      targetRefs,
      action: word(
        'What happens to requests that a rule fits: let in, with all others refused (ALLOW), refused (DENY), marked for audit logs (AUDIT), or left to an authorizer of your own (CUSTOM).',
        ['ALLOW', 'DENY', 'AUDIT', 'CUSTOM'],
        { default: 'ALLOW', 'x-anchor': 'AuthorizationPolicy-Action' },
      ),
      provider: object(
        'The authorizer that CUSTOM asks.',
        { name: text("Its name among the mesh configuration's extension providers.") },
        { 'x-anchor': 'AuthorizationPolicy-ExtensionProvider' },
      ),
      rules: list(
        'The rules; any of them suffices. None: with ALLOW nothing is let in.',
        object(
          'One rule: `from`, `to` and `when` must all hold. An empty one fits every request.',
          {
            from: list(
              'Who calls; any of the entries suffices.',
              object('One caller.', { source }, { 'x-anchor': 'Rule-From' }),
              {
                maxItems: 512,
              },
            ),
            to: list(
              'What is asked for; any of the entries suffices.',
              object('One request.', { operation }, { 'x-anchor': 'Rule-To' }),
            ),
            when: list(
              'Further conditions; all must hold.',
              object(
                'One condition.',
                {
                  key: text('The attribute, such as `request.headers[User-Agent]`, `source.ip` or `request.auth.claims[iss]`.'),
                  values: texts('Values of which it must have one.'),
                  notValues: texts('Values of which it must have none.'),
                },
                { required: ['key'], 'x-anchor': 'Condition' },
              ),
            ),
          },
          { 'x-anchor': 'Rule' },
        ),
        { maxItems: 512 },
      ),
    },
    { ...oneOf('provider'), 'x-anchor': 'AuthorizationPolicy' },
  ),
};
