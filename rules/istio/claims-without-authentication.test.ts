import { describe, expect, it } from 'vitest';
import { coveredText, workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { rule } from './claims-without-authentication';

/** Severity, text and codes of what is found. */
function told(files: Files): string[] {
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings();
  expect(workspace.faults()).toEqual([]);
  return found.map((finding) =>
    [finding.reported.severity, coveredText(files, finding), ...finding.reported.equivalents].join(' '),
  );
}

const gateway =
  'apiVersion: networking.istio.io/v1\nkind: Gateway\nmetadata: { name: public, namespace: ingress }\nspec: { selector: { istio: public } }\n---\napiVersion: v1\nkind: Pod\nmetadata: { name: public, namespace: ingress, labels: { istio: public, app: gateway } }\nspec: { containers: [] }\n';
const virtualService = (match: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: web, namespace: shop }\nspec: { hosts: [a.com], gateways: [ingress/public, mesh], http: [{ match: [${match}] }] }\n`;
const authentication = (namespace: string, spec: string): string =>
  `apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: { name: ra${namespace === '' ? '' : `, namespace: ${namespace}`} }\nspec: ${spec}\n`;
const CLAIM = '{ headers: { "@request.auth.claims.group": { exact: a } } }';
const FOUND = ['warning "@request.auth.claims.group" IST0149'];

/** facts 1.4, virtualservice.JWTClaimRoute: policies of the root namespace, and of that of the gateway's pods. */
describe('a match on a claim', () => {
  it.each<readonly [string, string, readonly string[]]>([
    ['without any', '', FOUND],
    ['with one for the pods', authentication('ingress', '{ selector: { matchLabels: { istio: public } } }'), []],
    ['with one for all pods of the namespace', authentication('ingress', '{}'), []],
    ['with one for the mesh', authentication('istio-system', '{}'), []],
    [
      'with one of the root namespace for the pods',
      authentication('istio-system', '{ selector: { matchLabels: { app: gateway } } }'),
      [],
    ],
    ['with one for other pods', authentication('ingress', '{ selector: { matchLabels: { app: cart } } }'), FOUND],
    ['with one of another namespace', authentication('shop', '{}'), FOUND],
    ['with one that sets no namespace', authentication('', '{}'), []],
    ['with one for a target', authentication('ingress', '{ targetRefs: [{ kind: Gateway, name: x }] }'), []],
    [
      'with one whose selector a template writes',
      authentication('ingress', '{ selector: { matchLabels: { istio: "{{ x }}" } } }'),
      [],
    ],
  ])('%s', (_title, policies, expected) => {
    expect(told({ 'a.yaml': gateway, 'b.yaml': virtualService(CLAIM), 'c.yaml': policies })).toEqual(expected);
  });

  it('counts where a header must not be there as well', () => {
    const match = '{ withoutHeaders: { "@request.auth.claims[group]": { exact: a } } }';
    expect(told({ 'a.yaml': gateway, 'b.yaml': virtualService(match) })).toEqual([
      'warning "@request.auth.claims[group]" IST0149',
    ]);
  });

  it('is nothing to tell of where no file shows the gateway or its pods', () => {
    expect(told({ 'b.yaml': virtualService(CLAIM) })).toEqual([]);
    expect(told({ 'a.yaml': gateway.split('---')[0] ?? '', 'b.yaml': virtualService(CLAIM) })).toEqual([]);
  });

  it('is another matter than one on a header', () => {
    expect(told({ 'a.yaml': gateway, 'b.yaml': virtualService('{ headers: { group: { exact: a } } }') })).toEqual([]);
  });
});
