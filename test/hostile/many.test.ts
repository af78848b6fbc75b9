import { describe, expect, it } from 'vitest';
import type { Finding, Rule } from '../../engine/findings/rule';
import { RELATED_LIMIT } from '../../engine/findings/rule';
import { rules } from '../../rules';
import { workspaceOf } from '../support/lint';

const meta = (name: string): string => `metadata:\n  name: ${name}\n  namespace: shop\n`;
const NAMESPACE =
  'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n  labels: { istio-injection: enabled }\n  annotations: { linkerd.io/inject: enabled }\n';
const deployment = (name: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\n${meta(name)}spec:\n  template:\n    metadata:\n      labels: { app: cart }\n    spec:\n      containers:\n        - name: app\n          image: example.com/app:1\n`;
const service = (name: string): string =>
  `apiVersion: v1\nkind: Service\n${meta(name)}spec:\n  selector: { app: cart }\n  ports: [{ port: 80 }]\n`;
const strict = (name: string): string =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\n${meta(name)}spec:\n  selector: { matchLabels: { app: cart } }\n  mtls: { mode: STRICT }\n`;
const virtualService = (name: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: VirtualService\n${meta(name)}spec:\n  hosts: [cart]\n  http: [{ route: [{ destination: { host: cart } }] }]\n`;

const MANY = 400;

/** Resources that have to do with each other, all with all. */
const CROWDS: Readonly<Record<string, (i: number) => string>> = {
  'workloads of one name': () => deployment('cart'),
  'Namespaces of one name': () => NAMESPACE,
  'workloads and Services that select all of them': (i) => (i % 8 > 0 ? deployment(`d${i}`) : service(`s${i}`)),
  'policies for the same workloads': (i) => (i % 2 > 0 ? deployment(`d${i}`) : strict(`p${i}`)),
  'routes of one host': (i) => virtualService(`v${i}`),
};

/** Counts the places that the findings of all rules name, before any are left out. */
function counting(): { readonly counted: readonly Rule[]; readonly related: () => number; readonly found: () => number } {
  let [related, found] = [0, 0];
  const note = (finding: Finding): Finding => {
    found++;
    related += finding.related?.length ?? 0;
    return finding;
  };
  const counted = rules.map((rule): Rule => ({ ...rule, check: (subject, view) => Array.from(rule.check(subject, view), note) }));
  return { counted, related: () => related, found: () => found };
}

describe.each(Object.entries(CROWDS))('many %s', (_, make) => {
  it('make findings that do not each name all the others', () => {
    const { counted, related, found } = counting();
    const text = [NAMESPACE, ...Array.from({ length: MANY }, (__, i) => make(i))].join('---\n');
    const workspace = workspaceOf({ 'a.yaml': text }, counted);
    workspace.findings();
    expect(workspace.faults()).toEqual([]);
    // A single finding may name them all, which costs no more than they do.
    expect(related()).toBeLessThanOrEqual(RELATED_LIMIT * found() + 3 * MANY);
  });
});
