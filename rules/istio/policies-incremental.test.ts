import * as fc from 'fast-check';
import { expect, it } from 'vitest';
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

/** Rules that relate resources of several files say, after any edits, what they say of the same files at a fresh start. */
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

const PIECES = RULES.flatMap(({ examples }) => [...examples.bad, ...examples.good])
  .flatMap(({ files }) => Object.values(files))
  .flatMap((text) => text.split(/^---\n/m));
const PATHS = ['a.yaml', 'b.yaml', 'one/a.yaml', 'one/kustomization.yaml', 'two/a.yaml', 'two/kustomization.yaml'];
const KUSTOMIZATION = 'namespace: shop\nresources:\n  - a.yaml\n';

const piece = fc.nat(PIECES.length - 1);
const edit = fc.record({ path: fc.constantFrom(...PATHS), pieces: fc.array(piece, { maxLength: 4 }) });

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

it('an edit leads where a fresh start does', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 2, maxLength: 8 }), (edits) => {
      const files = new Map<string, string>();
      const workspace = workspaceOf({}, RULES);
      for (const { path, pieces } of edits) {
        const text = path.endsWith('kustomization.yaml') ? KUSTOMIZATION : pieces.map((i) => PIECES[i] ?? '').join('---\n');
        if (pieces.length === 0) files.delete(path);
        else files.set(path, text);
        put(workspace, path, files.get(path));
        // What a kustomization names is read in any case.
        for (const [other, content] of files) put(workspace, other, content);
        expect(reportOf(workspace)).toEqual(reportOf(workspaceOf(Object.fromEntries([...files].sort()), RULES)));
        expect(workspace.faults()).toEqual([]);
      }
    }),
    { numRuns: 100 },
  );
});
