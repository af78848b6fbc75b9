import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { workspaceOf } from '../support/lint';
import type { Files } from '../support/lint';
import { FORMATS, show } from './outputs';
import { MARK, PAYLOADS } from './payloads';

const root = join(import.meta.dirname, '../..');

const namespace = (name: string, more = ''): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n${more}`;
const meshed = (name: string): string => namespace(name, '  labels: { istio-injection: enabled }\n');

interface Made {
  readonly name?: string;
  readonly where?: string;
  readonly labels?: string;
  readonly annotations?: string;
  readonly image?: string;
  readonly port?: string;
}

function deployment({
  name = 'cart',
  where = 'shop',
  labels = 'app: cart',
  annotations = 'a: b',
  image = 'shop/cart:1',
  port = 'http',
}: Made): string {
  return (
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n  namespace: ${where}\n  annotations: { ${annotations} }\nspec:\n  template:\n    metadata:\n` +
    `      labels: { ${labels} }\n      annotations: { ${annotations} }\n    spec:\n      containers:\n        - name: app\n          image: ${image}\n          ports: [{ name: ${port}, containerPort: 8080 }]\n`
  );
}

const service = (name: string, more = ''): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n  namespace: shop\nspec:\n  selector: { app: cart }\n  ports: [{ port: 80, targetPort: http }]\n${more}`;

const strict = (name: string, where: string, more = ''): string =>
  `apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata:\n  name: ${name}\n  namespace: ${where}\nspec:\n  mtls: { mode: STRICT }\n${more}`;

const joined = (...documents: readonly string[]): string => documents.join('---\n');

/** Where a name or a value can stand. Each makes a repository that says something about it. */
const PLACES: Readonly<Record<string, (text: string) => Files>> = {
  'the name of a workload': (text) => ({ 'a.yaml': joined(meshed('shop'), deployment({ name: text, annotations: 'linkerd.io/inject: enabled' }), service('cart')) }),
  'the name of a Service': (text) => ({ 'a.yaml': joined(meshed('shop'), deployment({}), service(text), service(text)) }),
  'the name of a Namespace': (text) => ({ 'a.yaml': joined(meshed(text), deployment({ where: text }), meshed(text)) }),
  'the namespace of a workload': (text) => ({ 'a.yaml': joined(meshed('shop'), deployment({ where: text }), deployment({ where: text })) }),
  'the name of a policy': (text) => ({ 'a.yaml': joined(meshed('shop'), namespace('old'), deployment({}), deployment({ where: 'old' }), strict(text, 'istio-system'), strict(text, 'shop')) }),
  'the key of a label': (text) => ({ 'a.yaml': joined(namespace('shop', `  labels: { ${text}: x, istio-injection: enabled }\n`), deployment({ labels: `app: cart, ${text}: a` }), strict('a', 'shop', `  selector: { matchLabels: { ${text}: a } }\n`)) }),
  'the value of a label': (text) => ({ 'a.yaml': joined(namespace('shop', `  labels: { istio-injection: ${text}, istio.io/rev: ${text}, istio.io/dataplane-mode: ${text} }\n`), deployment({ labels: `sidecar.istio.io/inject: ${text}` })) }),
  'the value of an annotation': (text) => ({ 'a.yaml': joined(namespace('shop', `  annotations: { linkerd.io/inject: ${text} }\n`), deployment({ annotations: `linkerd.io/inject: ${text}, mesh-lint/ignore: ${text}` })) }),
  'the name of an image': (text) => ({ 'a.yaml': deployment({ image: text, name: 'linkerd-destination', where: 'linkerd' }), 'b.yaml': deployment({ name: 'istiod', where: 'istio-system', image: JSON.stringify(`istio/pilot:${JSON.parse(text) as string}`) }) }),
  'the name of a port': (text) => ({ 'a.yaml': joined(meshed('shop'), deployment({ port: text }), service('cart').replace('http', text), strict('a', 'shop', `  portLevelMtls: { ${text}: { mode: STRICT } }\n`)) }),
  'a host': (text) => ({ 'a.yaml': joined(meshed('shop'), deployment({}), service('cart'), `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: { name: a, namespace: shop }\nspec:\n  hosts: [${text}]\n  http: [{ route: [{ destination: { host: ${text} } }] }]\n`, `apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: { name: a, namespace: shop }\nspec: { host: ${text}, trafficPolicy: { tls: { mode: ${text} } } }\n`) }),
  'a mode': (text) => ({ 'a.yaml': joined(meshed('shop'), deployment({}), strict('a', 'shop').replace('STRICT', text)) }),
  'a kind': (text) => ({ 'a.yaml': joined(meshed('shop'), deployment({}).replace('Deployment', text), `apiVersion: networking.istio.io/v1\nkind: ${text}\nmetadata: { name: a }\n`) }),
  'the name of a file': (text) => ({ [`${fileName(text)}.yaml`]: joined(meshed('shop'), deployment({ annotations: 'linkerd.io/inject: enabled' }), deployment({}), 'a: [') }),
  'the name of a folder': (text) => ({ [`${fileName(text)}/a.yaml`]: joined(meshed('shop'), deployment({})), 'other/a.yaml': joined(namespace('shop'), deployment({})) }),
  'the name of an environment': (text) => ({ '.mesh-lint.yaml': `environments:\n  ${text}: { root: a }\n  b: { root: a }\n`, 'a/a.yaml': joined(meshed('shop'), deployment({ labels: 'app: cart, sidecar.istio.io/inject: "no"' }), service('cart')) }),
  'a path in a kustomization': (text) => ({ 'kustomization.yaml': `resources: [${text}, a.yaml]\npatches: [{ path: ${text} }]\ncomponents: [${text}]\n`, 'a.yaml': deployment({}) }),
  'what a kustomization sets': (text) => ({ 'kustomization.yaml': `resources: [a.yaml]\nnamespace: ${text}\ncommonLabels: { sidecar.istio.io/inject: ${text} }\nimages: [{ name: shop/cart, newTag: ${text} }]\n`, 'a.yaml': joined(namespace('x'), deployment({})) }),
  'an inline patch': (text) => ({ 'kustomization.yaml': `resources: [a.yaml]\npatches:\n- target: { kind: Deployment }\n  patch: ${JSON.stringify(`[{ op: replace, path: /none/${JSON.parse(text) as string}, value: x }]`)}\n- patch: ${JSON.stringify(`kind: Pod\nmetadata: { name: ${text} }`)}\n`, 'a.yaml': deployment({}) }),
  'the key of a setting': (text) => ({ '.mesh-lint.yaml': `${text}: 1\nrules: { ${text}: off, istio: ${text} }\nteam: { ${text}: 1 }\n`, 'a.yaml': deployment({}) }),
  'the value of a setting': (text) => ({ '.mesh-lint.yaml': `istio: { version: ${text}, autoInject: ${text} }\nignore: ${text}\nteam: { needs: [${text}] }\n`, 'a.yaml': deployment({}) }),
  'a key that stands twice': (text) => ({ 'a.yaml': `${namespace('shop')}  labels: { ${text}: a, ${text}: b }\n` }),
  'an anchor that is not there': (text) => ({ 'a.yaml': `${namespace('shop')}  labels: *${MARK}${plain(text)}\n` }),
  'a suppression': (text) => ({ 'a.yaml': `# mesh-lint-disable ${MARK}${plain(text)} -- ${plain(text)}\n${deployment({})}` }),
  'a revision': (text) => ({ 'a.yaml': joined(namespace('shop', `  labels: { istio.io/rev: ${text} }\n`), deployment({}), deployment({ name: 'istiod', where: 'istio-system', labels: `app: istiod, istio.io/rev: ${text}` })) }),
  'the version of a chart': (text) => ({ 'Chart.yaml': `apiVersion: v2\nname: ${text}\nversion: 0.1.0\ndependencies:\n- { name: linkerd-control-plane, version: ${text}, repository: ${text} }\n- { name: istiod, version: ${text}, repository: "https://istio-release.storage.googleapis.com/charts" }\n`, 'a.yaml': deployment({}) }),
  'an owner': (text) => ({ CODEOWNERS: `* @${plain(text)}\n/a.yaml @other\n`, 'a.yaml': deployment({}) }),
}; // prettier-ignore

/** Places that nothing speaks of yet: whoever makes a rule that does will see this list fail, and shorten it. */
const SILENT: readonly string[] = ['the name of an image', 'a kind', 'an owner'];

/** A name that a disk allows. */
function fileName(text: string): string {
  return (JSON.parse(text) as string).replace(/[/\0]/g, '∕').slice(0, 120);
}

/** On one line, and without what ends a comment or an anchor. */
function plain(text: string): string {
  return (JSON.parse(text) as string).replace(/[\s,[\]{}]+/g, '');
}

it('every format of the command is looked at', () => {
  const formats = readdirSync(join(root, 'cli')).filter((name) => /^format-(?!.*\.test\.ts$).*\.ts$/.test(name));
  expect(formats.map((name) => name.replace(/\.ts$/, '')).sort()).toEqual(Object.keys(FORMATS).sort());
});

describe.each(Object.entries(PLACES))('%s', (place, repository) => {
  it('is shown', () => {
    const files = repository(JSON.stringify(MARK));
    expect(show(workspaceOf(files), files).text.includes(MARK)).toBe(!SILENT.includes(place));
  });

  it.each(Object.entries(PAYLOADS))('is nothing but text when it is %s', (_, payload) => {
    const files = repository(JSON.stringify(payload));
    const workspace = workspaceOf(files);
    expect(show(workspace, files).faults).toEqual([]);
    expect(workspace.faults()).toEqual([]);
  });
});
