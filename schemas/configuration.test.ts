import Ajv from 'ajv';
import { describe, expect, it } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../engine/decision/thresholds';
import { configurationSchema } from './configuration';
import validate from './generated/configuration';
import { placeOf } from './validator';

const full = {
  environments: {
    'shop/overlays/prod': {
      include: ['overlays/prod/**'],
      exclude: ['**/*.example.yaml'],
      root: 'overlays/prod',
      complete: true,
      production: true,
    },
    staging: {},
  },
  rules: { 'coexistence/double-injection': 'error', istio: 'off', linkerd: 'hint', cilium: 'info', adoption: 'warning' },
  ignore: ['vendor/', '*.tpl.yaml'],
  istio: {
    version: '1.30',
    rootNamespace: 'istio-system',
    trustDomain: 'cluster.local',
    revisions: ['default', '1-30-1'],
    enableNamespacesByDefault: false,
    autoInject: 'enabled',
    enableAutoMtls: true,
  },
  linkerd: {
    version: 'edge-25.8.4',
    channel: 'edge',
    controlPlaneNamespace: 'linkerd',
    trustDomain: 'cluster.local',
    identityTokenProjection: true,
  },
  cilium: { version: 'v1.18.2' },
  team: {
    engineers: 12,
    servicesInAYear: 0,
    platformTeam: true,
    envoyExpertise: false,
    mtlsMandated: true,
    multicluster: false,
    libraryResilience: false,
    startingFresh: true,
    needs: ['mtls', 'routing', 'authorization', 'observability', 'multicluster', 'extension'],
    features: [
      'fault-injection',
      'mirroring',
      'header-routing',
      'claim-routing',
      'jwt',
      'l7-authorization',
      'rate-limiting',
      'wasm',
      'envoy-filter',
    ],
  },
  decision: {
    thresholds: {
      smallServices: 10,
      mediumServices: 30,
      largeServices: 100,
      hugeServices: 200,
      minimumEngineers: 5,
      singleTeam: 1,
      singleCluster: 1,
      advancedFeatures: 2.5,
      unansweredWeight: 0,
    },
  },
};

/** Where the errors stand, each once; `!` marks a fault in the key itself. */
function faults(value: unknown): string[] {
  validate(value);
  const places = (validate.errors ?? []).map(placeOf).map(({ path, key }) => `${path.join(' › ')}${key ? '!' : ''}`);
  return [...new Set(places)];
}

/** A configuration that holds one value, at a path like `istio.version`. */
function only(path: string, value: unknown): unknown {
  return path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
}

describe('the validator of the configuration', () => {
  it('accepts a file that uses every key, and an empty one', () => {
    expect(faults(full)).toEqual([]);
    expect(faults({})).toEqual([]);
  });

  it.each(['1.30', '1.30.1', '1.31.0-beta.0', 'v1.18.2', '2.18'])('accepts %s as a version of all three', (version) => {
    expect(faults({ istio: { version }, linkerd: { version }, cilium: { version } })).toEqual([]);
  });

  it.each(['edge-25.8.4', 'stable-2.14.10', 'enterprise-2.18.3-1'])('accepts %s as a version of Linkerd alone', (version) => {
    expect(faults({ linkerd: { version } })).toEqual([]);
    expect(faults({ istio: { version } })).toEqual(['istio › version']);
  });

  const bad: Record<string, readonly unknown[]> = {
    boolean: ['true', 1, null],
    text: ['', 1, ['a'], null],
    texts: ['a', [1], [''], ['a', 'a'], { a: 'b' }, null],
    count: [-1, 1.5, '3', true, null],
    positive: [0, -1, '3', null],
    share: [-0.1, 1.1, '0.5', null],
    version: ['latest', '1', '1.x', 1.3, '', ' 1.30', null],
    section: ['a', 1, [], null],
  };
  const keys: Record<string, string> = {
    environments: 'section',
    'environments.prod': 'section',
    'environments.prod.include': 'texts',
    'environments.prod.exclude': 'texts',
    'environments.prod.root': 'text',
    'environments.prod.complete': 'boolean',
    'environments.prod.production': 'boolean',
    rules: 'section',
    ignore: 'texts',
    istio: 'section',
    'istio.version': 'version',
    'istio.rootNamespace': 'text',
    'istio.trustDomain': 'text',
    'istio.revisions': 'texts',
    'istio.enableNamespacesByDefault': 'boolean',
    'istio.enableAutoMtls': 'boolean',
    linkerd: 'section',
    'linkerd.version': 'version',
    'linkerd.controlPlaneNamespace': 'text',
    'linkerd.trustDomain': 'text',
    'linkerd.identityTokenProjection': 'boolean',
    cilium: 'section',
    'cilium.version': 'version',
    team: 'section',
    'team.engineers': 'count',
    'team.servicesInAYear': 'count',
    'team.platformTeam': 'boolean',
    'team.envoyExpertise': 'boolean',
    'team.mtlsMandated': 'boolean',
    'team.multicluster': 'boolean',
    'team.libraryResilience': 'boolean',
    'team.startingFresh': 'boolean',
    'team.needs': 'texts',
    'team.features': 'texts',
    decision: 'section',
    'decision.thresholds': 'section',
    'decision.thresholds.smallServices': 'positive',
    'decision.thresholds.mediumServices': 'positive',
    'decision.thresholds.largeServices': 'positive',
    'decision.thresholds.hugeServices': 'positive',
    'decision.thresholds.minimumEngineers': 'positive',
    'decision.thresholds.singleTeam': 'positive',
    'decision.thresholds.singleCluster': 'positive',
    'decision.thresholds.advancedFeatures': 'positive',
    'decision.thresholds.unansweredWeight': 'share',
  };

  it.each(Object.entries(keys))('refuses what is no value of %s', (path, type) => {
    const place = path.replaceAll('.', ' › ');
    for (const value of bad[type] ?? []) {
      const found = faults(only(path, value));
      expect(found, JSON.stringify(value)).not.toEqual([]);
      // An item at fault is pointed at, not its list.
      for (const at of found)
        expect(at === place || at.startsWith(`${place} › `), `${JSON.stringify(value)} at ${at}`).toBe(true);
    }
  });

  it.each([
    ['rules', { 'istio/unknown-host': 'fatal', linkerd: true }, ['rules › istio/unknown-host', 'rules › linkerd']],
    ['istio.autoInject', true, ['istio › autoInject']],
    ['istio.autoInject', 'on', ['istio › autoInject']],
    ['linkerd.channel', 'nightly', ['linkerd › channel']],
    ['team.needs', ['mtls', 'speed'], ['team › needs › 1']],
    ['team.features', ['wasm', 'mtls', 'lua'], ['team › features › 1', 'team › features › 2']],
  ])('points into %s: %j', (path, value, places) => {
    expect(faults(only(path, value))).toEqual(places);
  });

  it.each(['', 'environments.prod', 'istio', 'linkerd', 'cilium', 'team', 'decision', 'decision.thresholds'])(
    'refuses a key it does not know in "%s", at the key',
    (path) => {
      const parents = path === '' ? [] : path.split('.');
      expect(faults(only([...parents, 'a/b~c'].join('.'), 1))).toEqual([`${[...parents, 'a/b~c'].join(' › ')}!`]);
    },
  );

  it('refuses an environment without a name, at the key', () => {
    expect(faults({ environments: { '': {} } })).toEqual(['environments › !']);
  });

  it('tells every fault of a file', () => {
    expect(faults({ istio: { version: 1.3 }, team: { engineers: 'many', heads: 3 } })).toEqual([
      'istio › version',
      'team › heads!',
      'team › engineers',
    ]);
  });

  it('knows the thresholds that the verdict has', () => {
    expect(Object.keys(full.decision.thresholds).sort()).toEqual(Object.keys(DEFAULT_THRESHOLDS).sort());
    expect(faults({ decision: { thresholds: DEFAULT_THRESHOLDS } })).toEqual([]);
  });

  it('takes any rule id: an unknown one is a warning, not a refusal', () => {
    expect(faults({ rules: { 'nginx/unheard-of': 'off' } })).toEqual([]);
  });
});

describe('the published schema', () => {
  const schema = configurationSchema([
    { id: 'istio/unknown-host', summary: 'A host that no Service has.', severity: 'error' },
    { id: 'coexistence/double-injection', summary: 'Two meshes in one pod.', severity: 'error' },
  ]);

  it('accepts the rules and families there are, and no other', () => {
    const published = new Ajv({ allErrors: true, strict: true }).compile(schema);
    expect(published({ ...full, rules: { istio: 'off', 'coexistence/double-injection': 'hint' } })).toBe(true);
    expect(published({ rules: { 'istio/unknown-hots': 'off' } })).toBe(false);
    const places = (published.errors ?? []).map(placeOf);
    expect(places).toContainEqual({ path: ['rules', 'istio/unknown-hots'], key: true });
    expect(published({ rules: { istio: 'loud' } })).toBe(false);
    expect(published.errors?.[0]?.instancePath).toBe('/rules/istio');
  });

  it('names rules where editors look for completions and hovers', () => {
    expect(schema).toMatchObject({
      $schema: 'http://json-schema.org/draft-07/schema#',
      properties: {
        rules: {
          propertyNames: { enum: ['coexistence', 'istio', 'coexistence/double-injection', 'istio/unknown-host'] },
          properties: { 'istio/unknown-host': { default: 'error', description: 'A host that no Service has.' } },
        },
      },
    });
  });

  it('describes every key and closes every section', () => {
    const faulty: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== 'object' || node === null) return;
      const { type, description, additionalProperties, properties } = node as Record<string, unknown>;
      if (typeof description !== 'string' || !/[.:]$/.test(description)) faulty.push(`${path} has no description`);
      if (type === 'object' && typeof additionalProperties === 'undefined') faulty.push(`${path} is open`);
      for (const [name, inner] of Object.entries(properties ?? {})) walk(inner, `${path}.${name}`);
      if (typeof additionalProperties === 'object') walk(additionalProperties, `${path}.*`);
    };
    walk(schema, '');
    expect(faulty).toEqual([]);
  });
});
