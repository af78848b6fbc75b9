import { beforeEach, expect, it, vi } from 'vitest';
import type { Summary } from '../../server/protocol';
import { FakeElement, FakeSelect } from '../../test/support/fake-elements';
import { isFromPage } from '../messages';
import type { ToPage } from '../messages';

const FOLDER = 'file:///shop';
const summary = (environment: string, environments: readonly string[]): Summary => ({
  folder: FOLDER,
  state: 'ready',
  environment,
  environments: [...environments],
  scope: [],
  decision: null,
  meshes: [],
  membership: [],
  mtls: [],
  findings: [],
  licences: [],
});

let page: FakeElement;
let posted: unknown[];
let tellPage: (message: ToPage) => void;

/** The page's script as the editor runs it: once, in a page of its own. */
beforeEach(async () => {
  vi.resetModules();
  page = new FakeElement('div');
  posted = [];
  const announcement = new FakeElement('p');
  vi.stubGlobal('acquireVsCodeApi', () => ({
    postMessage: (message: unknown) => posted.push(message),
    getState: () => undefined,
    setState: () => undefined,
  }));
  vi.stubGlobal('document', { getElementById: (id: string) => (id === 'summary' ? page : announcement) });
  vi.stubGlobal('window', {
    addEventListener: (type: string, listener: (event: { data: unknown }) => void) => {
      expect(type).toBe('message');
      tellPage = (data) => {
        listener({ data });
      };
    },
  });
  vi.stubGlobal('HTMLSelectElement', FakeSelect);
  await import('./summary');
});

const show = (environment: string, ...environments: readonly string[]): void => {
  tellPage({ type: 'summary', summary: summary(environment, environments), folders: [{ uri: FOLDER, name: 'shop' }] });
};
const pickers = (): FakeSelect[] => page.querySelectorAll('select').filter((one) => one instanceof FakeSelect);
const optionsOf = (picker: FakeSelect | undefined): (string | null)[] =>
  (picker?.querySelectorAll('option') ?? []).map((option) => option.getAttribute('value'));

/** What somebody does who opens the list and takes another one. */
function pick(picker: FakeSelect | undefined, value: string): void {
  if (picker === undefined) throw new Error('there is nothing to pick from');
  picker.value = value;
  page.tell('change', picker);
}

it('offers the environments of the folder, with the one that is shown chosen', () => {
  show('prod', 'dev', 'prod');
  const [picker, ...others] = pickers();
  expect(others).toEqual([]);
  expect(optionsOf(picker)).toEqual(['dev', 'prod']);
  expect(picker?.value).toBe('prod');
});

it('asks for the environment that somebody picks, and for nothing else', () => {
  show('prod', 'dev', 'prod');
  expect(posted.splice(0)).toEqual([{ type: 'ready' }]);
  pick(pickers()[0], 'dev');
  expect(posted).toEqual([{ type: 'environment', name: 'dev' }]);
  expect(posted.every(isFromPage)).toBe(true);
});

it('keeps the list, and so the focus on it, when the answer comes', () => {
  show('prod', 'dev', 'prod');
  const [before] = pickers();
  pick(before, 'dev');
  show('dev', 'dev', 'prod');
  expect(pickers()[0]).toBe(before);
  expect(before?.value).toBe('dev');
  // The server may know better: an environment that is gone.
  show('prod', 'prod', 'staging');
  expect(pickers()[0]).toBe(before);
  expect([optionsOf(before), before?.value]).toEqual([['prod', 'staging'], 'prod']);
});

it('has no list where there is no choice', () => {
  show('.', '.');
  expect(pickers()).toEqual([]);
});

it('shows names literally', () => {
  const name = '<img src=x onerror=alert(1)>';
  show(name, 'dev', name);
  expect(page.querySelectorAll('img')).toEqual([]);
  const [picker] = pickers();
  expect(picker?.textContent).toContain('<img src=x');
  expect(picker?.value).toBe(name);
});
