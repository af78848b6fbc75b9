/** Small manifests for tests of what is said about resources; each ends with a line break and can be joined by `---`. */

export function namespace(name: string, more = ''): string {
  return `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n${more}`;
}

/** A Namespace with one label or annotation, on line 6. */
export function marked(name: string, field: 'labels' | 'annotations', pair: string): string {
  return namespace(name, `  ${field}:\n    ${pair}\n`);
}

/** A Deployment with port `http` 8080. `label` and `annotation` stand on its pods, `spec` in the pod spec. */
export function workload(name: string, { in: where = '', label = '', annotation = '', spec = '' } = {}): string {
  const line = (column: number, text: string): string => (text === '' ? '' : `${' '.repeat(column)}${text}\n`);
  return (
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n${where === '' ? '' : `  namespace: ${where}\n`}` +
    `spec:\n  template:\n    metadata:\n      labels:\n        app: cart\n${line(8, label)}` +
    `${annotation === '' ? '' : `      annotations:\n${line(8, annotation)}`}    spec:\n${line(6, spec)}` +
    '      containers:\n        - name: app\n          image: example/app:1\n          ports: [{ name: http, containerPort: 8080 }]\n'
  );
}

/** A Service of the pods of `workload`, to port `http`. */
export function service(name: string, { in: where = '' } = {}): string {
  return (
    `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n${where === '' ? '' : `  namespace: ${where}\n`}` +
    'spec:\n  selector:\n    app: cart\n  ports:\n    - port: 80\n      targetPort: http\n'
  );
}

/** @param spec two columns deep, from its first line */
export function peerAuthentication(name: string, where: string, spec: string): string {
  return `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: ${name}\n  namespace: ${where}\nspec:\n${spec}`;
}

export const STRICT = '  mtls:\n    mode: STRICT\n';

/** Documents of one file. */
export function joined(...all: readonly string[]): string {
  return all.join('---\n');
}

/** The offset of the first place of a text, one character in. */
export function offsetOf(text: string, needle: string): number {
  const at = text.indexOf(needle);
  if (at < 0) throw new Error(`"${needle}" does not stand in the text`);
  return at + 1;
}
