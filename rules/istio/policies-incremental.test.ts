import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DocumentedRule } from '../../engine/findings/rule';
import type { Workspace } from '../../engine/workspace';
import { workspaceOf } from '../../test/support/lint';
import { rule as accessLog } from './access-log-without-provider';
import { rule as namespaceNotFound } from './authorization-namespace-not-found';
import { rule as certificateOnSeveral } from './certificate-on-several-gateways';
import { rule as conflictingGateways } from './conflicting-gateways';
import { rule as gatewayApi } from './gateway-api-too-old';
import { rule as portNotOnService } from './gateway-port-not-on-service';
import { rule as secretNotFound } from './gateway-secret-not-found';
import { rule as secretUnusable } from './gateway-secret-unusable';
import { rule as gatewayWithoutWorkload } from './gateway-without-workload';
import { rule as jwks } from './jwks-fetch-unrestricted';
import { rule as overlappingSelectors } from './overlapping-selectors';
import { rule as policyWithoutWorkload } from './policy-without-workload';
import { rule as selectorOnGateway } from './selector-on-kubernetes-gateway';
import { rule as protocolConflict } from './service-entry-protocol-conflict';
import { rule as withoutAddress } from './service-entry-without-address';
import { rule as severalDefaults } from './several-namespace-defaults';
import { rule as sidecarInAmbient } from './sidecar-in-ambient';

/** Rules that relate resources of several files, each on documents of its own examples. */
const RULES = [
  accessLog,
  namespaceNotFound,
  certificateOnSeveral,
  conflictingGateways,
  gatewayApi,
  portNotOnService,
  secretNotFound,
  secretUnusable,
  gatewayWithoutWorkload,
  jwks,
  overlappingSelectors,
  policyWithoutWorkload,
  selectorOnGateway,
  protocolConflict,
  withoutAddress,
  severalDefaults,
  sidecarInAmbient,
];

const PATHS = ['a.yaml', 'b.yaml', 'one/a.yaml', 'one/kustomization.yaml', 'two/a.yaml', 'two/kustomization.yaml'];
const KUSTOMIZATION = 'namespace: shop\nresources:\n  - a.yaml\n';

/** Edits that put documents of a rule's own examples into files, or take files away. */
function editsOf({ examples }: DocumentedRule) {
  const pieces = [...examples.bad, ...examples.good]
    .flatMap(({ files }) => Object.values(files))
    .flatMap((text) => text.split(/^---\n/m));
  const text = fc.array(fc.constantFrom(...pieces), { maxLength: 4 }).map((some) => some.join('---\n'));
  return fc.array(fc.record({ path: fc.constantFrom(...PATHS), text }), { minLength: 2, maxLength: 8 });
}

function put(workspace: Workspace, path: string, text: string | undefined): void {
  if (text === undefined) workspace.remove(path);
  else if (workspace.accepts(path, text)) workspace.set(path, text);
  else workspace.name(path);
}

const reportOf = (workspace: Workspace): string[] =>
  workspace
    .findings()
    .map(({ reported }) => JSON.stringify(reported))
    .sort();

it.each(RULES.map((rule) => [rule.id, rule] as const))('%s says after an edit what it says at a fresh start', (_id, rule) => {
  fc.assert(
    fc.property(editsOf(rule), (edits) => {
      const files = new Map<string, string>();
      const workspace = workspaceOf({}, [rule]);
      for (const { path, text } of edits) {
        if (text === '') files.delete(path);
        else files.set(path, path.endsWith('kustomization.yaml') ? KUSTOMIZATION : text);
        put(workspace, path, files.get(path));
        // What a kustomization names is read in any case.
        for (const [other, content] of files) put(workspace, other, content);
        expect(reportOf(workspace)).toEqual(reportOf(workspaceOf(Object.fromEntries([...files].sort()), [rule])));
        expect(workspace.faults()).toEqual([]);
      }
    }),
    { numRuns: 60 },
  );
});

it('what made a Secret is gone with its text', () => {
  const [edge = '', gateway = ''] = Object.values(secretNotFound.examples.bad[0].files);
  const { 'certificate.yaml': certificate = '' } = secretNotFound.examples.good.at(-1)?.files ?? {};
  const workspace = workspaceOf({ 'a.yaml': `${gateway}---\n${edge}` }, RULES);
  const said = reportOf(workspace).filter((finding) => finding.includes(secretNotFound.id));
  expect(said).toHaveLength(1);
  for (const text of [certificate, `${gateway}---\n${edge}`]) {
    put(workspace, 'a.yaml', text);
    workspace.findings();
  }
  expect(reportOf(workspace).filter((finding) => finding.includes(secretNotFound.id))).toEqual(said);
});

it('a file that comes back with a workload is known by every environment', () => {
  const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n';
  const [cart = '', policy = ''] = Object.values(policyWithoutWorkload.examples.good[0].files);
  const workload = cart.slice(cart.indexOf('---\n') + '---\n'.length);
  const files = {
    'one/kustomization.yaml': KUSTOMIZATION,
    'one/a.yaml': '# nothing yet\n',
    'two/kustomization.yaml': KUSTOMIZATION,
    'two/a.yaml': `${namespace}---\n${policy}`,
  };
  const workspace = workspaceOf(files, [policyWithoutWorkload]);
  expect(reportOf(workspace)).toHaveLength(1);
  // Nobody asks in between.
  workspace.remove('one/a.yaml');
  put(workspace, 'one/a.yaml', `${namespace}---\n${workload}`);
  expect(reportOf(workspace)).toEqual([]);
});
