import { describe, expect, it } from 'vitest';
import { collector } from '../../test/support/collector';
import { ManifestDocument } from '../yaml/document';
import { Manifest } from '../yaml/manifest';
import { stringOf } from '../yaml/tree';
import { isParsed, readResources } from './read';
import type { Resource } from './resource';

const service = (name: string, port = 80): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  port: ${port}\n`;
const role = (name: string, verb = 'get'): string =>
  `apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata:\n  name: ${name}\nrules:\n- verbs: [${verb}]\n`;

/** A file whose resources are read again after each change, as the repository does. */
class File {
  readonly manifest: Manifest;
  private held = new Map<object, readonly Resource[]>();

  constructor(text: string, path = 'a.yaml') {
    this.manifest = new Manifest(path, text, path.startsWith('templates/'));
  }

  read(text = this.manifest.text): Resource[] {
    this.manifest.update(text);
    const held = new Map(this.manifest.documents.map((document) => [document, readResources(document, this.held.get(document))]));
    this.held = held;
    return [...held.values()].flat();
  }
}

const titles = (resources: readonly Resource[]): string[] => resources.map(({ title }) => title);

describe('readResources', () => {
  it('gives each document’s resource', () => {
    const text = [service('a'), '# nothing\n', role('b'), 'just: text\n', service('c')].join('---\n');
    expect(titles(new File(text).read())).toEqual(['Service a', 'Role b', 'Service c']);
  });

  it('flattens Lists, also in Lists, and leaves out what is no object', () => {
    const list = (kind: string, items: unknown): unknown => ({ apiVersion: 'v1', kind, items });
    const one = (name: string): unknown => ({ apiVersion: 'v1', kind: 'Service', metadata: { name } });
    const text = JSON.stringify(list('List', [one('a'), list('ServiceList', [one('b'), null, 5, { kind: 'x' }]), one('c')]));
    expect(titles(new File(text).read())).toEqual(['Service a', 'Service b', 'Service c']);
    expect(titles(new File('apiVersion: v1\nkind: List\nitems: []\n').read())).toEqual([]);
    // A kind that only ends so is an object like any other.
    expect(titles(new File('apiVersion: example.com/v1\nkind: AllowList\nmetadata: {name: a}\n').read())).toEqual([
      'AllowList a',
    ]);
  });

  it('does not go down endlessly', () => {
    const nested = `${'{"apiVersion": "v1", "kind": "List", "items": ['.repeat(50)}${']}'.repeat(50)}`;
    expect(new File(nested).read()).toHaveLength(1);
  });

  it('does not parse what no rule reads', () => {
    const broken = `${role('b')}broken: [\n`;
    const [resource] = new File(broken).read();
    expect(resource?.title).toBe('Role b');
    const [document] = new Manifest('a.yaml', broken, false).documents;
    expect(document && isParsed(document)).toBe(false);
    const [parsed] = new Manifest('a.yaml', service('a'), false).documents;
    expect(parsed && isParsed(parsed)).toBe(true);
  });

  it('parses it when something inside is asked for', () => {
    const [resource] = new File(role('b')).read();
    expect(stringOf(resource?.at('metadata', 'name'))).toBe('b');
  });

  it('takes no filler of a masked template for a name', () => {
    const text = role('{{ .x }}-admin').replace('metadata:', 'metadata: # c');
    const [resource] = new File(text, 'templates/a.yaml').read();
    expect([resource?.title, resource?.key]).toEqual(['Role (templated name)', undefined]);
    const inserted = role('b').replace('  name: b\n', '  name: b\n  {{- include "namespace" . | nindent 2 }}\n');
    expect(new File(inserted, 'templates/a.yaml').read()[0]?.header.namespace).toEqual({ is: 'unknown' });
  });
});

describe('a resource stays the same object', () => {
  it.each<[what: string, before: string, after: string, kept: boolean[]]>([
    ['when its text moves', service('a'), `# above\n\n${service('a')}`, [true]],
    [
      'when only white space and comments change',
      service('a'),
      service('a').replace('spec:', 'spec: # c').replace('  name', '    name'),
      [true],
    ],
    [
      'when another document changes',
      `${service('a')}---\n${service('b')}`,
      `${service('a')}---\n${service('b', 81)}`,
      [true, false],
    ],
    ['when a document comes before it', service('a'), `${service('new')}---\n${service('a')}`, [false, true]],
    ['when a document before it goes', `${service('a')}---\n${service('b')}`, service('b'), [true]],
    ['when its header alone is read and stays', role('a'), role('a', 'list'), [true]],
    ['not when its value changes', service('a'), service('a', 81), [false]],
    ['not when its name changes', role('a'), role('b'), [false]],
    ['not when its kind changes', role('a'), role('a').replace('Role', 'RoleBinding'), [false]],
  ])('%s', (_, before, after, kept) => {
    const file = new File(before);
    const held = new Set(file.read());
    expect(file.read(after).map((resource) => held.has(resource))).toEqual(kept);
  });

  it('in a List too', () => {
    const items = (port: number): string =>
      `apiVersion: v1\nkind: List\nitems:\n- ${service('a').trim().replaceAll('\n', '\n  ')}\n- ${service('b', port).trim().replaceAll('\n', '\n  ')}\n`;
    const file = new File(items(80));
    const [a, b] = file.read();
    expect(file.read(`# c\n${items(80)}`)).toEqual([a, b]);
    const [sameA, otherB] = file.read(items(81));
    expect([sameA === a, otherB === b]).toEqual([true, false]);
  });

  it('unless what was read of it has changed, though it need not have been', () => {
    const file = new File(role('a'));
    const [before] = file.read();
    expect(before?.at('rules')).toBeDefined();
    expect(file.read(`# c\n${role('a')}`)[0]).toBe(before);
    const [after] = file.read(role('a', 'list'));
    expect(after).not.toBe(before);
  });

  it('nor when its text comes to need parsing for its header', () => {
    const file = new File(role('a'));
    const [before] = file.read();
    expect(before?.at('rules')).toBeDefined();
    const [after] = file.read(role('a').replace('rules:', '"rules":').replace('get', 'list'));
    expect(after).not.toBe(before);
  });

  it('nor when its text comes to say what is looked for in every resource of its kind', () => {
    const secret = (label: string): string =>
      `apiVersion: v1\nkind: Secret\nmetadata:\n  name: a\n  labels:\n    ${label}: "true"\n`;
    const file = new File(secret('team'));
    const [before] = file.read();
    expect(before?.isSkimmed).toBe(true);
    const [after] = file.read(secret('istio/multiCluster'));
    expect(after?.isSkimmed).toBe(false);
    expect(stringOf(after?.at('metadata', 'labels', 'istio/multiCluster'))).toBe('true');
  });

  it('and its tree is that of the text as it is', () => {
    const file = new File(service('a'));
    const [before] = file.read();
    const name = before?.at('metadata', 'name');
    file.read(`# above\n${service('a')}`);
    expect(before?.at('metadata', 'name')).toBe(name);
    expect(name && file.manifest.text.slice(name.source.locate(name.start, name.end)[0])).toMatch(/^a\n/);
  });
});

it('a resource that took the place of another holds on to nothing of it', async () => {
  const collect = collector();
  const document = new ManifestDocument('a.yaml');
  let before: readonly Resource[] = [];
  const readAgain = (name: string): void => {
    document.place(0, 0, `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`, undefined);
    before = readResources(document, before);
  };
  readAgain('first');
  const first = new WeakRef(before[0] ?? document);
  readAgain('second');
  expect(before[0]?.name).toBe('second');
  await collect();
  expect(first.deref()).toBeUndefined();
});
