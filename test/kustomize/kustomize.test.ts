import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { builderOver, compare } from './compare';
import type { Printed } from './compare';

const home = import.meta.dirname;
const roots = readdirSync(join(home, 'roots'));

/** What our builds leave open: values of Secrets, and what only a version of kustomize or its working directory decides. */
const OPEN: Readonly<Record<string, readonly string[]>> = {
  'build-metadata': [
    'v1 Service /z.metadata.annotations.config.kubernetes.io/origin',
    'v1 Service /z.metadata.labels.app.kubernetes.io/managed-by',
  ],
  generators: ['v1 Secret /token.data.tls.key'],
  'generators-plugins': ['v1 Secret /inline-secret.data.a'],
};

/** The directory of a root that is built: itself, or the overlay in it. */
function builtIn(folder: string): string {
  return existsSync(join(folder, 'overlay')) ? 'overlay' : '';
}

function recorded(name: string): Printed[] {
  const text = readFileSync(join(home, 'recorded', `${name}.yaml`), 'utf8');
  const documents = parseAllDocuments(text, { version: '1.1' });
  return documents.flatMap((document) =>
    'errors' in document && document.contents !== null ? [document.toJS() as Printed] : [],
  );
}

describe('the same as kustomize makes of it', () => {
  it('for all roots, each recorded', () => {
    expect(roots.length).toBeGreaterThanOrEqual(60);
    expect(
      readdirSync(join(home, 'recorded'))
        .filter((file) => file.endsWith('.yaml'))
        .sort(),
    ).toEqual(roots.map((name) => `${name}.yaml`).sort());
  });

  it.each(roots)('%s', (name) => {
    const folder = join(home, 'roots', name);
    const { resources, problems, partial } = builderOver(folder).builder.build(builtIn(folder));
    expect(problems.map(({ message }) => message)).toEqual([]);
    expect(partial).toEqual([]);
    expect(compare(resources, recorded(name))).toEqual({ different: [], open: OPEN[name] ?? [] });
  });
});
