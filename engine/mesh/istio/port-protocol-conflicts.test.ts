import { describe, expect, it } from 'vitest';
import { ask } from '../../../test/support/ask';
import { portConflicts } from './port-protocol-conflicts';

const workload = (containerPorts = '[]', name = 'web'): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: ${name}, namespace: shop }\nspec:\n  template:\n    metadata: { labels: { app: web, tier: front } }\n    spec:\n      containers: [{ name: app, ports: ${containerPorts} }]\n`;
const service = (name: string, ports: string, selector = '{ app: web }', namespace = 'shop'): string =>
  `apiVersion: v1\nkind: Service\nmetadata: { name: ${name}, namespace: ${namespace} }\nspec: { selector: ${selector}, ports: [${ports}] }\n`;

/** `target: service:port/service:port`, with an exclamation mark where the protocols differ. */
function conflicts(documents: readonly string[], files: Readonly<Record<string, string>> = {}): string[] {
  return ask({ 'a.yaml': documents.join('---\n'), ...files }, (view) =>
    view.index
      .workloads()
      .flatMap((each) => portConflicts(each, view))
      .map(({ target, one, other, differInProtocol }) => {
        const sides = [one, other].map(({ service: { name }, port }) => `${name ?? ''}:${String(port)}`);
        return `${target}: ${sides.join('/')}${differInProtocol ? '!' : ''}`;
      }),
  );
}

const HTTP = '{ port: 80, name: http, targetPort: 8080 }';
const TCP = '{ port: 80, name: tcp, targetPort: 8080 }';

describe('portConflicts', () => {
  it.each([
    ['one port, two protocols', [service('a', HTTP), service('b', TCP)], ['8080: a:80/b:80!']],
    ['one port, one sort of protocol', [service('a', HTTP), service('b', HTTP.replace('http', 'grpc'))], []],
    ['a protocol that nothing names', [service('a', TCP), service('b', '{ port: 80, name: web, targetPort: 8080 }')], []],
    ['two ports, one protocol', [service('a', HTTP), service('b', HTTP.replace('80', '81'))], ['8080: a:80/b:81']],
    ['two ports, two protocols', [service('a', HTTP), service('b', TCP.replace('80', '81'))], ['8080: a:80/b:81!']],
    ['two ports of one Service', [service('a', `${HTTP}, ${HTTP.replace('80', '81')}`)], []],
    ['two ports of one Service, two protocols', [service('a', `${HTTP}, ${TCP.replace('80', '81')}`)], ['8080: a:80/a:81!']],
    ['different ports of the pods', [service('a', HTTP), service('b', TCP.replace('8080', '9090'))], []],
    ['UDP beside TCP', [service('a', TCP), service('b', '{ port: 80, name: http, targetPort: 8080, protocol: UDP }')], []],
    ['other pods', [service('a', HTTP), service('b', TCP, '{ app: api }')], []],
    ['more labels than the pods have', [service('a', HTTP), service('b', TCP, '{ app: web, tier: back }')], []],
    ['all labels of the pods', [service('a', HTTP), service('b', TCP, '{ app: web, tier: front }')], ['8080: a:80/b:80!']],
    ['no selector', [service('a', HTTP), service('b', TCP, '{}')], []],
    ['another namespace', [service('a', HTTP), service('b', TCP, '{ app: web }', 'pay')], []],
    ['a variable in the selector', [service('a', HTTP), service('b', TCP, '{ app: web, tier: "${TIER}" }')], []],
  ])('%s', (_title, services, expected) => {
    expect(conflicts([workload(), ...services])).toEqual(expected);
  });

  it('sees through names of ports', () => {
    const named = service('b', '{ port: 80, name: tcp, targetPort: web }');
    expect(conflicts([workload('[{ name: web, containerPort: 8080 }]'), service('a', HTTP), named])).toEqual([
      '8080: a:80/b:80!',
    ]);
    expect(conflicts([workload(), service('a', HTTP), named])).toEqual([]);
  });

  it('does not compare alternatives that define one Service', () => {
    const files = { 'b.yaml': service('a', TCP), 'c.yaml': service('a', HTTP.replace('80', '81')) };
    expect(conflicts([workload(), service('a', HTTP)], files)).toEqual([]);
  });

  it('names one conflict of each sort for a port', () => {
    const services = ['a', 'b', 'c', 'd'].map((name, i) =>
      service(name, [HTTP, TCP, HTTP.replace('80', '81'), HTTP.replace('80', '82')][i] ?? ''),
    );
    expect(conflicts([workload(), ...services])).toEqual(['8080: a:80/b:80!', '8080: b:80/c:81!']);
  });
});
