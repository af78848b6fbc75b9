import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../../../test/support/lint';
import { isHttp, servicePorts } from './port-protocol';

const CHART = { 'chart/Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n' };

function portOf(port: string): ReturnType<typeof servicePorts>[number] {
  const service = `apiVersion: v1\nkind: Service\nmetadata:\n  name: a\nspec:\n  ports:\n    - ${port}\n`;
  const workspace = workspaceOf({ ...CHART, 'chart/templates/a.yaml': service }, []);
  const view = workspace.view(workspace.environmentNames()[0] ?? '');
  const [found] = (view?.ofKind('Service') ?? []).flatMap(servicePorts);
  if (found === undefined) throw new Error('the port is not there');
  return found;
}

// istio/istio pkg/config/kube/conversion.go ConvertProtocol and pkg/config/protocol/instance.go, 1.32 development.
describe('the protocol of a port', () => {
  it.each([
    ['{ port: 80, name: http }', 'HTTP'],
    ['{ port: 80, name: HTTP-web }', 'HTTP'],
    ['{ port: 80, name: http2-web }', 'HTTP/2'],
    ['{ port: 80, name: http_proxy }', 'HTTP_PROXY'],
    ['{ port: 80, name: https-api }', 'HTTPS'],
    ['{ port: 80, name: tls }', 'TLS'],
    ['{ port: 80, name: tcp-raw }', 'TCP'],
    ['{ port: 80, name: grpc-api }', 'gRPC'],
    ['{ port: 80, name: grpc-web }', 'gRPC-Web'],
    ['{ port: 80, name: grpc-web-api }', 'gRPC-Web'],
    ['{ port: 80, name: grpc-webby }', 'gRPC-Web'],
    ['{ port: 80, name: mongo }', 'Mongo'],
    ['{ port: 80, name: redis-cache }', 'Redis'],
    ['{ port: 80, name: mysql }', 'MySQL'],
    // A hyphen, and nothing else, ends the protocol.
    ['{ port: 80, name: httpweb }', 'absent'],
    ['{ port: 80, name: web-http }', 'absent'],
    ['{ port: 80 }', 'absent'],
    ['{ port: 80, name: "" }', 'absent'],
    // UDP is UDP, whatever it is called.
    ['{ port: 53, name: http, protocol: UDP }', 'UDP'],
    ['{ port: 80, name: http, protocol: TCP }', 'HTTP'],
    // Server speaks first.
    ['{ port: 3306 }', 'TCP'],
    ['{ port: 25, name: smtp }', 'TCP'],
    ['{ port: 27017, name: http }', 'HTTP'],
    ['{ port: 5432, name: postgres }', 'absent'],
    // appProtocol before the name, and as Kubernetes has it.
    ['{ port: 80, name: tcp, appProtocol: http }', 'HTTP'],
    ['{ port: 80, name: http, appProtocol: example.com/custom }', 'absent'],
    ['{ port: 80, name: a, appProtocol: kubernetes.io/h2c }', 'HTTP/2'],
    ['{ port: 80, name: a, appProtocol: kubernetes.io/ws }', 'HTTP'],
    ['{ port: 80, name: a, appProtocol: kubernetes.io/wss }', 'HTTPS'],
    ['{ port: 80, name: http, appProtocol: }', 'HTTP'],
    // Templates.
    ['{ port: 80, name: {{ .Values.name }} }', 'unknown'],
    ['{ port: 80, name: http, appProtocol: {{ .Values.protocol }} }', 'unknown'],
    ['{ port: 80, name: http, protocol: {{ .Values.protocol }} }', 'unknown'],
    ['{ port: {{ .Values.port }}, name: http }', 'HTTP'],
    ['{ port: {{ .Values.port }}, name: web }', 'unknown'],
  ])('%s is %s', (port, expected) => {
    const { protocol } = portOf(port);
    expect(protocol.is === 'known' ? protocol.value : protocol.is).toBe(expected);
  });

  it('is read as HTTP where it is HTTP inside', () => {
    expect(['HTTP', 'HTTP/2', 'gRPC', 'gRPC-Web', 'HTTP_PROXY'].every(isHttp)).toBe(true);
    expect(['HTTPS', 'TLS', 'TCP', 'Mongo', 'UDP'].some(isHttp)).toBe(false);
  });
});

describe('where a port leads to', () => {
  it.each([
    ['{ port: 80 }', '80', 'TCP'],
    ['{ port: 80, targetPort: 8080, protocol: UDP }', '8080', 'UDP'],
    ['{ port: 80, targetPort: http }', 'http', 'TCP'],
    ['{ port: 80, targetPort: 0 }', '80', 'TCP'],
    ['{ port: 80, targetPort: }', '80', 'TCP'],
    ['{ port: 80, targetPort: {{ .Values.port }} }', undefined, 'TCP'],
    ['{ port: {{ .Values.port }} }', undefined, 'TCP'],
    ['{ port: 80, protocol: {{ .Values.protocol }} }', '80', undefined],
  ])('%s', (port, target, transport) => {
    const found = portOf(port);
    expect([found.target, found.transport]).toEqual([target, transport]);
  });
});
