import { afterAll, beforeAll, expect, test } from 'vitest';
import { IS_TOLD } from '../support/language-client';
import { serverWithMoreRules } from './server-with-more-rules';
import { BUILD_MILLISECONDS, CART, ENABLED, MISPLACED, namespace, session } from './session';

const { start, folder } = session();
let server: Awaited<ReturnType<typeof serverWithMoreRules>>;
beforeAll(async () => {
  server = await serverWithMoreRules();
}, BUILD_MILLISECONDS);
afterAll(() => server.remove());

test('a rule that throws takes nothing but itself away, and is logged once', async () => {
  const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED), 'more.yaml': namespace() });
  const client = await start({ module: server.module, folders: [shop.uri] });
  const [cart, name] = [shop.uriOf('cart.yaml'), shop.uriOf('namespace.yaml')];
  const messages: unknown[] = [];
  client.connection.onNotification('window/showMessage', (params: unknown) => {
    messages.push(params);
  });
  const stream = client.stream();
  await stream.until(() => stream.codes(cart)?.length === 1, 'the finding of another rule');
  const faults = (): string[] => client.logged.filter((message) => message.includes('manifest/faulty'));
  await client.until(() => faults().length > 0, 'the fault');
  expect(faults()[0]).toMatch(
    /^the rule manifest\/faulty failed on Namespace shop in .+\.yaml: Error: no good at Namespace shop\n +at /,
  );

  await client.open(name, namespace());
  await stream.until(() => stream.codes(cart)?.length === 0, 'what an edit takes away');
  for (const [i, text] of ['# a\n', '# b\n', '  labels:\n    a: b\n'].entries()) {
    await client.edit(name, namespace(i === 2 ? `${ENABLED}${text}` : text));
    expect(await client.codes(name)).toEqual([]);
  }
  await stream.until(() => stream.codes(cart)?.length === 1, 'what an edit brings back');
  expect(await client.codes(cart)).toEqual([MISPLACED]);
  expect(faults()).toHaveLength(1);
  // It is a fault of ours, and nobody's manifest is to blame.
  const shown = stream.items.flatMap((item) => (item.kind === 'full' ? item.items : []));
  expect(new Set(shown.map(({ code }) => code))).toEqual(new Set([MISPLACED]));
  expect(messages).toEqual([]);
});

test('a rule that throws harms a client that is told as little', async () => {
  const shop = folder({ 'cart.yaml': CART, 'namespace.yaml': namespace(ENABLED) });
  const client = await start({ module: server.module, folders: [shop.uri], capabilities: IS_TOLD });
  const cart = shop.uriOf('cart.yaml');
  await client.until(() => client.lastPublished(cart)?.diagnostics.length === 1, 'the finding of another rule');
  await client.until(() => client.logged.some((message) => message.includes('manifest/faulty')), 'the fault');
  expect(client.published.map(({ uri }) => uri)).toEqual([cart]);
});

test('all safe fixes of a file at once, also those that others make possible', async () => {
  const shop = folder({});
  const client = await start({ module: server.module, folders: [shop.uri] });
  const uri = shop.uriOf('namespace.yaml');
  const labels = (...pairs: string[]): string => namespace(`  labels:\n${pairs.map((pair) => `    ${pair}\n`).join('')}`);
  // Columns behind an emoji and a combining mark.
  const text = `${labels('done: "yes"', 'step: one')}---\n${namespace('  labels: { "a\u0301😀": x, step: two }\n')}`;
  await client.open(uri, text);
  const everywhere = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const [all, ...others] = await client.actions(uri, everywhere, [], ['source.fixAll.meshLint']);
  expect(others).toEqual([]);
  await client.apply(all?.edit);
  expect(client.textOf(uri)).toBe(
    text.replace('    done: "yes"\n', '').replace('step: one', 'step: three').replace('step: two', 'step: three'),
  );
  expect(await client.codes(uri)).not.toContain('manifest/steps');
  expect(await client.actions(uri, everywhere, [], ['source.fixAll.meshLint'])).toEqual([]);
});

test('fix all leaves the folder as it is until the client applies it', async () => {
  const shop = folder({ 'cart.yaml': CART });
  const client = await start({ module: server.module, folders: [shop.uri] });
  const [uri, cart] = [shop.uriOf('namespace.yaml'), shop.uriOf('cart.yaml')];
  const text = namespace(`${ENABLED}  labels:\n    step: one\n`);
  await client.open(uri, text);
  const before = await client.diagnostics(uri);
  const range = before[0]!.range;
  const [again, first] = await Promise.all([
    client.actions(uri, range, [], ['source.fixAll.meshLint']),
    client.actions(uri, range, before),
  ]);
  expect(await client.diagnostics(uri)).toEqual(before);
  expect(await client.codes(cart)).toEqual([MISPLACED]);
  // What was offered before and is offered after is for the text as it is.
  const fix = (await client.actions(uri, range, before)).find(({ title }) => title === 'Go on');
  expect(fix).toEqual(first.find(({ title }) => title === 'Go on'));
  await client.apply(fix?.edit);
  expect(client.textOf(uri)).toBe(text.replace('one', 'two'));
  expect(again[0]?.title).toBe('Fix all safe Mesh Lint findings');
});
