import { describe, expect, it } from 'vitest';
import { askDecisions } from '../engine/answers/decisions';
import { deployment } from '../test/support/facts';
import { workspaceOf } from '../test/support/lint';
import type { Files } from '../test/support/lint';
import { decisionSummary } from './decision-summary';
import type { SummaryDecision } from './protocol';

const service = (name: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  selector:\n    app: ${name}\n  ports:\n    - port: 80\n`;
const pair = (name: string): string => `${deployment(name, { namespace: 'shop' })}---\n${service(name)}`;

function decisionFor(files: Files): SummaryDecision {
  const { leading } = askDecisions(workspaceOf(files, []));
  if (leading === undefined) throw new Error('nothing is decided');
  return decisionSummary(leading, ({ file, range }) => ({
    uri: `file:///r/${file}`,
    label: `${file}:${range.start.line}`,
    range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
  }));
}

const shop = { 'cart.yaml': pair('cart'), 'web.yaml': pair('web') };

describe('a decision in words', () => {
  it('says of each option what it costs, and marks the one that is chosen', () => {
    const { costs } = decisionFor(shop);
    expect(costs.basis).toBe('Reckoned for 2 pods.');
    expect(costs.options.map(({ name, chosen }) => [name, chosen])).toEqual([
      ['No mesh', true],
      ['Linkerd', false],
      ['Istio with sidecars', false],
      ['Istio ambient', false],
      ['Cilium', false],
    ]);
    // Guides B and E have 10 to 20 MB for each of Linkerd's proxies, guide E 10 to 25 thousandths of a core.
    expect(costs.options[1]).toMatchObject({
      memory: { low: 20, high: 40, text: '20 to 40 MB', guides: ['B', 'E'] },
      cpu: { low: 20, high: 50, text: '20 to 50 m', guides: ['E'] },
      latency: { text: '1 to 2 ms' },
    });
    expect(costs.options[4]?.controlPlane).toBeNull();
  });

  it('reckons for one pod where no file shows how many there are', () => {
    const daemon = pair('cart').replace('kind: Deployment', 'kind: DaemonSet');
    const { costs } = decisionFor({ 'cart.yaml': daemon });
    expect(costs.options[1]?.memory).toMatchObject({ low: 10, high: 20, text: '10 to 20 MB a pod' });
  });

  it('has five guides, each with what it would have to be told, and their sources', () => {
    const { guides, sources, unanswered } = decisionFor(shop);
    expect(guides.map(({ id }) => id)).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(sources.map(({ id }) => id)).toEqual(['A', 'B', 'C', 'D', 'E']);
    for (const { verdict, asks } of guides) expect(asks.length > 0).toBe(verdict === 'cannot tell');
    // The column says it already.
    for (const { sentence } of guides) expect(sentence).not.toMatch(/cannot tell/i);
    expect(unanswered).toHaveLength(8);
  });

  it('says how sure it is, and what that is made of', () => {
    const { confidence, guides } = decisionFor({ ...shop, '.mesh-lint.yaml': 'team:\n  engineers: 3\n  platformTeam: false\n' });
    const deciding = guides.filter(({ verdict }) => verdict !== 'cannot tell' && verdict !== 'no verdict');
    const agreeing = deciding.filter(({ verdict }) => verdict === 'no mesh');
    // With every question open half of it would be lost: the default of decision.thresholds.unansweredWeight.
    const expected = Math.round((agreeing.length / deciding.length) * (1 - (0.5 * 6) / 8) * 100);
    expect(confidence?.value).toBe(expected / 100);
    expect(confidence?.text).toBe(
      `${expected} % sure: ${agreeing.length} of ${deciding.length} guides that decide agree, 6 of 8 questions are open.`,
    );
  });

  it('has no confidence where nothing of the team is there to decide on', () => {
    const account = 'apiVersion: v1\nkind: ServiceAccount\nmetadata:\n  name: cart\n  namespace: shop\n';
    const { confidence, sentence } = decisionFor({ 'account.yaml': account });
    expect(sentence).toMatch(/^Nothing to decide: /);
    expect(confidence).toBeNull();
  });

  it('names workloads in their order with who calls them', () => {
    const pod = '          env: [{name: CART_ADDR, value: "cart:80"}]\n';
    const calls = `${deployment('web', { namespace: 'shop', pod })}---\n${service('web')}`;
    const team = 'team:\n  mtlsMandated: true\n  multicluster: true\n';
    const { wayIn } = decisionFor({ ...shop, 'web.yaml': calls, '.mesh-lint.yaml': team });
    expect(wayIn.order.map(({ text }) => text)).toEqual([
      'Deployment shop/web: nobody is seen to call it',
      'Deployment shop/cart: 1 seen to call it',
    ]);
    expect(wayIn.order[0]?.evidence[0]?.label).toBe('web.yaml:4');
  });
});
