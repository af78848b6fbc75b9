import { afterAll, afterEach, beforeAll } from 'vitest';
import { Folder, LanguageClient } from '../support/language-client';
import type { StartOptions } from '../support/language-client';
import { serverBundle } from '../support/server-bundle';

export const namespace = (metadata = ''): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: shop\n${metadata}`;
export const ENABLED = '  annotations:\n    linkerd.io/inject: enabled\n';

/** A Deployment whose opt-out Linkerd does not read: a finding where its Namespace opts in. */
export const CART = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  namespace: shop
  annotations:
    linkerd.io/inject: disabled
spec:
  template:
    spec:
      containers:
        - name: cart
          image: shop/cart:1.4
`;
export const MISPLACED = 'linkerd/misplaced-inject';

/** A Pod with a value that means `disabled`, and does what it means: its fix is safe. */
export const pod = (name: string, value = '"no"'): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: shop
  annotations:
    linkerd.io/inject: ${value}
spec:
  containers:
    - name: main
      image: shop/main:1.4
`;

/** A bundle may have to be built first, on a machine that has other things to do. */
export const BUILD_MILLISECONDS = 120_000;

export interface Session {
  /** A server of its own, ended after the test. */
  readonly start: (options?: Partial<StartOptions>) => Promise<LanguageClient>;
  readonly folder: (files: Readonly<Record<string, string>>) => Folder;
}

/** What a file of tests needs: the bundle once, and servers and folders that go with each test. */
export function session(): Session {
  let bundle: Awaited<ReturnType<typeof serverBundle>>;
  let clients: LanguageClient[] = [];
  let folders: Folder[] = [];
  beforeAll(async () => {
    bundle = await serverBundle();
  }, BUILD_MILLISECONDS);
  afterAll(() => bundle.remove());
  afterEach(() => {
    for (const client of clients) client.kill();
    for (const folder of folders) folder.remove();
    clients = [];
    folders = [];
  });
  return {
    start: async (options = {}) => {
      const client = await LanguageClient.start({ module: bundle.module, ...options });
      clients.push(client);
      return client;
    },
    folder: (files) => {
      const folder = new Folder(files);
      folders.push(folder);
      return folder;
    },
  };
}
