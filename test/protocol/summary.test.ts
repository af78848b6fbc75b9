import { describe, expect, test } from 'vitest';
import { ANSWERS_REQUEST } from '../../server/protocol';
import type { AnswersEdit, Summary } from '../../server/protocol';
import type { LanguageClient } from '../support/language-client';
import { joined, marked, namespace, peerAuthentication, STRICT, workload } from '../support/mesh-samples';
import { CART, MISPLACED, session } from './session';

const { start, folder } = session();

function ask(client: LanguageClient, params: unknown = {}): Promise<Summary | null> {
  return client.request('meshLint/summary', params);
}

/** The summary once everything is read. */
async function summaryOf(client: LanguageClient, params: unknown = {}): Promise<Summary> {
  for (;;) {
    const summary = await ask(client, params);
    if (summary === null) throw new Error('no such folder');
    if (summary.state !== 'indexing') return summary;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const SHOP = {
  'shop.yaml': joined(marked('shop', 'labels', 'istio-injection: enabled'), workload('web', { in: 'shop' })),
  'mtls.yaml': peerAuthentication('default', 'shop', STRICT),
  'cart.yaml': CART,
  'namespace.yaml': namespace('tools'),
};

test('a summary says what there is, every claim with its places', async () => {
  const shop = folder(SHOP);
  const client = await start({ folders: [shop.uri] });
  const summary = await summaryOf(client);
  expect(summary).toMatchObject({ folder: shop.uri, state: 'ready' });
  expect(summary.decision?.reasons.length).toBeGreaterThan(0);
  expect(summary.membership.map(({ standing, count }) => [standing, count])).toEqual([['istio-sidecar', 2]]);
  expect(summary.mtls.length).toBeGreaterThan(0);
  const found = summary.findings.flatMap(({ findings }) => findings);
  expect(summary.findings.reduce((sum, { count }) => sum + count, 0)).toBe(found.length);
  const { context = [], wayIn } = summary.decision ?? {};
  const order = wayIn?.order ?? [];
  expect(context.find(({ text }) => text === '2 workloads.')?.evidence.length).toBe(2);
  for (const { text, evidence } of [...summary.mtls, ...found, ...order]) {
    expect(evidence.length, text).toBeGreaterThan(0);
    for (const { uri, label, range } of evidence) {
      expect(uri.startsWith(`${shop.uri}/`)).toBe(true);
      expect(label).toBe(`${uri.slice(shop.uri.length + 1)}:${range.start.line + 1}`);
    }
  }
});

test('a client is told once that its summary is out of date', async () => {
  const shop = folder(SHOP);
  const client = await start({ folders: [shop.uri] });
  const changed: unknown[] = [];
  client.connection.onNotification('meshLint/summaryChanged', (params: unknown) => {
    changed.push(params);
  });
  await summaryOf(client);
  await client.until(() => client.registered.size > 0, 'the start');
  changed.length = 0;
  await summaryOf(client);
  const uri = shop.uriOf('shop.yaml');
  await client.open(uri, SHOP['shop.yaml']);
  for (const value of ['disabled', 'enabled', 'disabled']) {
    await client.edit(uri, SHOP['shop.yaml'].replace('enabled', value));
    await client.codes(uri);
  }
  await client.until(() => changed.length > 0, 'the notification');
  expect(changed).toEqual([{ folder: shop.uri }]);
  expect((await summaryOf(client)).membership.map(({ standing }) => standing)).toEqual(['none']);
  await client.edit(uri, SHOP['shop.yaml']);
  await client.until(() => changed.length === 2, 'the notification about the new one');
});

test('folders and environments are asked about by name', async () => {
  const overlays = Object.fromEntries(
    ['dev', 'prod'].flatMap((name) => [
      [`${name}/kustomization.yaml`, `namespace: ${name}\nresources: [../base, ns.yaml]\n`],
      [`${name}/ns.yaml`, name === 'prod' ? marked(name, 'labels', 'istio-injection: enabled') : namespace(name)],
    ]),
  );
  const [one, other, empty] = [
    folder(SHOP),
    folder({ 'base/kustomization.yaml': 'resources: [d.yaml]\n', 'base/d.yaml': workload('cart'), ...overlays }),
    folder({}),
  ];
  const client = await start({ folders: [one.uri, other.uri, empty.uri] });
  expect((await summaryOf(client)).folder).toBe(one.uri);
  expect(await summaryOf(client, { folder: other.uri })).toMatchObject({
    folder: other.uri,
    environment: 'prod',
    environments: ['dev', 'prod'],
  });
  expect(await summaryOf(client, { folder: `${other.uri}/`, environment: 'dev' })).toMatchObject({ environment: 'dev' });
  expect(await summaryOf(client, { folder: other.uri, environment: 'none' })).toMatchObject({ environment: 'prod' });
  expect(await summaryOf(client, { folder: empty.uri })).toMatchObject({ state: 'empty', environment: null, decision: null });
  for (const folderUri of ['file:///no/such', 'untitled:x', '']) expect(await ask(client, { folder: folderUri })).toBeNull();
  for (const params of [null, 7, [], { folder: 7 }, { environment: {} }])
    expect(await ask(client, params)).toMatchObject({ folder: one.uri });
});

test('a folder that is still being read has a summary without claims, and is told of when it is read', async () => {
  const files = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`w-${i}.yaml`, workload(`w${i}`, { in: 'shop' })]));
  const shop = folder({ ...files, 'cart.yaml': CART });
  const client = await start({ folders: [shop.uri] });
  let changed = 0;
  client.connection.onNotification('meshLint/summaryChanged', () => {
    changed++;
  });
  const first = await ask(client);
  expect(first).toEqual({
    folder: shop.uri,
    state: 'indexing',
    environment: null,
    environments: [],
    scope: [],
    decision: null,
    meshes: [],
    membership: [],
    mtls: [],
    findings: [],
    licences: [],
  });
  await client.until(() => changed === 1, 'the notification');
  const read = await ask(client);
  expect(read?.state).toBe('ready');
  expect(read?.membership.reduce((sum, { count }) => sum + count, 0)).toBe(401);
  expect(await client.codes(shop.uriOf('cart.yaml'))).toEqual([MISPLACED]);
});

describe('answers about the team', () => {
  const CONFIGURATION = '.mesh-lint.yaml';
  const ANSWERS = { engineers: 14, platformTeam: false };

  const answersEdit = (client: LanguageClient, uri: string, answers: unknown = ANSWERS): Promise<AnswersEdit | null> =>
    client.request(ANSWERS_REQUEST, { folder: uri, answers });

  /** What a client makes of a text by the edits, which do not overlap. */
  function edited(text: string, answer: AnswersEdit | null): string {
    if (answer?.kind !== 'edit') throw new Error(`no edit: ${JSON.stringify(answer)}`);
    const offset = ({ line, character }: { line: number; character: number }): number =>
      text.split('\n').slice(0, line).join('\n').length + (line === 0 ? 0 : 1) + character;
    return [...answer.edits]
      .reverse()
      .reduce(
        (before, { range, newText }) => before.slice(0, offset(range.start)) + newText + before.slice(offset(range.end)),
        text,
      );
  }

  test('come as an edit that keeps comments and what is there, and change nothing by themselves', async () => {
    const text = '# ours\nteam:\n  # asked in May\n  servicesInAYear: 20 # at most\n\nrules:\n  istio: info\n';
    const shop = folder({ ...SHOP, [CONFIGURATION]: text });
    const client = await start({ folders: [shop.uri] });
    const before = await summaryOf(client);
    expect(before.decision?.unanswered).not.toContain('servicesInAYear');
    expect(before.decision?.unanswered).toContain('engineers');
    const answer = await answersEdit(client, shop.uri);
    expect(answer).toMatchObject({ uri: shop.uriOf(CONFIGURATION), create: false, version: null });
    expect((await summaryOf(client)).decision).toEqual(before.decision);

    const after = edited(text, answer);
    expect(after).toBe(
      '# ours\nteam:\n  # asked in May\n  servicesInAYear: 20 # at most\n  engineers: 14\n  platformTeam: false\n\nrules:\n  istio: info\n',
    );
    await client.open(shop.uriOf(CONFIGURATION), after);
    const { unanswered = [], confidence } = (await summaryOf(client)).decision ?? {};
    expect(unanswered).toHaveLength((before.decision?.unanswered.length ?? 0) - 2);
    expect(confidence?.value).toBeGreaterThan(before.decision?.confidence?.value ?? 1);
  });

  test('go into what is open and not saved, bound to its version', async () => {
    const shop = folder({ ...SHOP, [CONFIGURATION]: 'rules: {}\n' });
    const uri = shop.uriOf(CONFIGURATION);
    const client = await start({ folders: [shop.uri] });
    await summaryOf(client);
    await client.open(uri, 'rules: {}\n');
    const open = 'team:\n  engineers: 3\n';
    await client.edit(uri, open);
    const answer = await answersEdit(client, shop.uri);
    expect(answer).toMatchObject({ kind: 'edit', version: 2 });
    expect(edited(open, answer)).toBe('team:\n  engineers: 14\n  platformTeam: false\n');
  });

  test('make the file where there is none', async () => {
    const shop = folder(SHOP);
    const client = await start({ folders: [shop.uri] });
    await summaryOf(client);
    const answer = await answersEdit(client, shop.uri);
    expect(answer).toMatchObject({ uri: shop.uriOf(CONFIGURATION), create: true, version: null });
    expect(edited('', answer)).toBe('team:\n  engineers: 14\n  platformTeam: false\n');
  });

  test.each([
    ['does not read as YAML', 'team: [1\nrules: }\n', /does not read as YAML/],
    ['has something else for a team', 'team: [ann]\n', /by hand/],
  ])('are refused where the file %s', async (_, text, reason) => {
    const shop = folder({ ...SHOP, [CONFIGURATION]: text });
    const client = await start({ folders: [shop.uri] });
    await summaryOf(client);
    const answer = await answersEdit(client, shop.uri);
    expect(answer).toEqual({ kind: 'refused', uri: shop.uriOf(CONFIGURATION), reason: expect.stringMatching(reason) as string });
  });

  test('that are none are an error, and a folder that is not here has no edit', async () => {
    const shop = folder(SHOP);
    const client = await start({ folders: [shop.uri] });
    await summaryOf(client);
    expect(await answersEdit(client, 'file:///no/such')).toBeNull();
    expect(await client.request(ANSWERS_REQUEST, null)).toBeNull();
    for (const answers of [
      {},
      null,
      [],
      { engineers: -1 },
      { engineers: 1.5 },
      { engineers: true },
      { mtlsMandated: 1 },
      { a: 1 },
    ]) {
      await expect(answersEdit(client, shop.uri, answers)).rejects.toThrow('These are no answers.');
    }
    expect(client.logged).toEqual([]);
  });
});
