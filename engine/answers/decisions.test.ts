import { describe, expect, it } from 'vitest';
import { deployment, documents, service } from '../../test/support/facts';
import { workspaceOf } from '../../test/support/lint';
import type { Files } from '../../test/support/lint';
import { askDecision, askDecisions } from './decisions';
import { askReport } from './report';
import { askSummary } from './summary';

const shop = (folder: string, services: number, more: Files = {}): Record<string, string> => ({
  [`${folder}/kustomization.yaml`]: `resources: [${['app.yaml', ...Object.keys(more)].join(', ')}]\n`,
  [`${folder}/app.yaml`]: documents(
    ...Array.from({ length: services }, (_, i) => documents(deployment(`s${i}`), service(`s${i}`))),
  ),
  ...Object.fromEntries(Object.entries(more).map(([name, text]) => [`${folder}/${name}`, text])),
});

describe('the decisions', () => {
  const files = { ...shop('dev', 3), ...shop('prod', 12), ...shop('test', 12) };

  it('lead with the environment that the report leads with, and say of each what the report says', () => {
    const workspace = workspaceOf(files, []);
    const { leading, others } = askDecisions(workspace);
    const { verdict, verdicts } = askReport(workspace);
    expect(leading?.environment).toBe('prod');
    expect([leading, ...others].map((one) => one?.environment)).toEqual([verdict, ...verdicts].map((one) => one?.environment));
    for (const [i, decision] of [leading, ...others].entries()) {
      const { choice, target, confidence, summary, reasons, unanswered, facts, flips } = decision ?? {};
      expect([verdict, ...verdicts][i]).toMatchObject({ choice, target, confidence, summary, reasons, unanswered, facts, flips });
    }
  });

  it('are found by name', () => {
    const workspace = workspaceOf(files, []);
    const { leading, others } = askDecisions(workspace);
    for (const one of [leading, ...others]) expect(askDecision(workspace, one?.environment ?? '')).toEqual(one);
    expect(askDecision(workspace, 'dev')).toMatchObject({ environment: 'dev', facts: { services: 3 } });
    expect(askDecision(workspace, 'none')).toBeUndefined();
  });

  it('are none where there is no environment', () => {
    expect(askDecisions(workspaceOf({}, []))).toEqual({ leading: undefined, others: [] });
  });

  it('are the same after edits as from a fresh start', () => {
    const workspace = workspaceOf(files, []);
    askDecisions(workspace);
    const istio =
      'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: default\n  labels: {istio-injection: enabled}\n---\napiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: s1}\nspec: {hosts: [s1], http: [{fault: {abort: {httpStatus: 500}}}]}\n';
    const edited = { ...files, ...shop('prod', 11, { 'istio.yaml': istio }) };
    for (const [path, text] of Object.entries(edited)) workspace.set(path, text);
    expect(askDecisions(workspace)).toEqual(askDecisions(workspaceOf(edited, [])));
    expect(askDecision(workspace, 'prod')?.losses.map(({ option }) => option)).toEqual(['none', 'linkerd', 'cilium']);
  });

  it('know of a trial in another environment', () => {
    const meshed = 'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: default\n  annotations: {linkerd.io/inject: enabled}\n';
    const trial = { ...shop('dev', 31, { 'ns.yaml': meshed }), ...shop('prod', 31) };
    const workspace = workspaceOf(trial, []);
    expect(askDecision(workspace, 'prod')?.wayIn.next).toContain('Go on with Linkerd in dev');
    expect(askDecision(workspace, 'dev')?.wayIn).toMatchObject({ stage: 'proof-of-concept' });
  });

  it('tell versions, what protects traffic, and licences beside the counts', () => {
    const control =
      'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: mesh}\nspec:\n  source: {repoURL: https://helm.linkerd.io/edge, chart: linkerd-control-plane, targetRevision: 2026.8.3}\n';
    const namespace = 'apiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n';
    const workspace = workspaceOf({ 'a.yaml': documents(control, namespace, deployment('cart'), service('cart')) }, []);
    const { leading } = askDecisions(workspace);
    const texts = leading?.context.map(({ text }) => text) ?? [];
    expect(texts).toContain('Linkerd is named in version 2026.8.3.');
    const { mtls = [], licences = [] } = askSummary(workspace, '.') ?? {};
    expect([mtls.length, licences.length]).toEqual([1, 1]);
    for (const { text } of [...mtls, ...licences]) expect(texts).toContain(text);
  });

  it('stand on lines that are there', () => {
    const { leading } = askDecisions(workspaceOf(files, []));
    const evidence = [...(leading?.context ?? []), ...(leading?.reasons ?? []), ...(leading?.wayIn.order ?? [])].flatMap(
      (one) => one.evidence,
    );
    expect(evidence.length).toBeGreaterThan(20);
    for (const { file, range } of evidence) {
      const lines = (files as Files)[file]?.split('\n') ?? [];
      expect(lines[range.start.line - 1]?.length, `${file}:${range.start.line}`).toBeGreaterThanOrEqual(range.start.column);
    }
  });

  it('are made of whatever shape manifests have', () => {
    const odd = documents(
      deployment('cart', { pod: '          env: text\n          args: {a: b}\n' }),
      service('cart'),
      'apiVersion: networking.k8s.io/v1\nkind: NetworkPolicy\nmetadata: {name: a}\nspec: {podSelector: [], ingress: {from: 1}}\n',
      'apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: a}\nspec: {rules: [null, 3, {http: []}], defaultBackend: x}\n',
      'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: a}\nspec: {trafficPolicy: [{tls: 1}], subsets: {a: 1}}\n',
      'apiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: {name: a}\nspec: [1]\nspecs: {a: 1}\n',
      'apiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: a}\nspec: {strategy: 3}\n',
      'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: cart}\nspec: {scaleTargetRef: {kind: Deployment, name: cart}, minReplicas: x, maxReplicas: -3}\n',
    );
    expect(() => askDecisions(workspaceOf({ 'a.yaml': odd }, []))).not.toThrow();
  });
});
