import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';

/** Folders for one run, away from the project: the tests change their files, and the project's own configuration must not reach them. */
export interface Workspaces {
  readonly parent: string;
  /** What VS Code opens for each suite. */
  readonly folders: Readonly<Record<'example' | 'crashes' | 'folders' | 'large' | 'start' | 'ui', string>>;
  /** The command's report on the example, which the editor has to agree with. */
  readonly expected: string;
  /** The same with the one edit that a test makes and does not save: production injects no sidecars. */
  readonly expectedEdited: string;
}

export const MANIFESTS = 3_000;

export function createWorkspaces(root: string): Workspaces {
  // The system may reach its temporary folder through a link; VS Code reports the folder behind it.
  const parent = realpathSync(mkdtempSync(join(tmpdir(), 'mesh-lint-vscode-')));
  const bookshop = (name: string): string => {
    const folder = join(parent, name);
    cpSync(join(root, 'examples/bookshop'), folder, { recursive: true });
    return folder;
  };
  const reportOn = (folder: string): string => {
    const path = `${folder}-expected.json`;
    writeFileSync(path, report(root, folder));
    return path;
  };
  const example = bookshop('example');
  const edited = bookshop('edited');
  const namespace = join(edited, 'overlays/prod/namespace.yaml');
  writeFileSync(namespace, readFileSync(namespace, 'utf8').replace('istio-injection: enabled', 'istio-injection: disabled'));
  return {
    parent,
    expected: reportOn(example),
    expectedEdited: reportOn(edited),
    folders: {
      example,
      crashes: bookshop('crashes'),
      folders: twoFolders(parent),
      large: manyManifests(parent),
      start: bookshop('start'),
      ui: bookshop('bookshop'),
    },
  };
}

/** The findings as the command prints them. Findings make it end with 1; its report is whole all the same. */
function report(root: string, folder: string): string {
  return execFileSync(execPath, [join(root, 'dist/cli.js'), folder, '--format', 'json', '--fail-on', 'never'], {
    encoding: 'utf8',
  });
}

/** A workload in two meshes, in both folders; the second folder's configuration says that it is meant to be. */
function twoFolders(parent: string): string {
  const path = join(parent, 'two.code-workspace');
  const files = {
    'alpha/shop.yaml': namespace('shop', true) + deployment('shop', 'cart', 'enabled'),
    'beta/shop.yaml': namespace('shop', true) + deployment('shop', 'cart', 'enabled'),
    'beta/.mesh-lint.yaml': 'rules:\n  coexistence/double-injection: off\n',
    'two.code-workspace': JSON.stringify({ folders: [{ path: 'alpha' }, { path: 'beta' }], settings: {} }),
  };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(parent, name, '..'), { recursive: true });
    writeFileSync(join(parent, name), text);
  }
  return path;
}

/** Ten files a namespace; namespaces and workloads in files of their own; one workload in two meshes. */
function manyManifests(parent: string): string {
  const folder = join(parent, 'large');
  mkdirSync(folder);
  for (let number = 0; number < MANIFESTS; number++) {
    const name = `team-${Math.floor(number / 10)}`;
    if (number % 10 === 0) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'namespace.yaml'), namespace(name, name === 'team-7'));
    } else {
      const inject = number === 75 ? 'enabled' : undefined;
      writeFileSync(
        join(folder, name, `app-${number}.yaml`),
        deployment(name, `app-${number}`, inject) + service(name, `app-${number}`),
      );
    }
  }
  return folder;
}

export function namespace(name: string, injects: boolean): string {
  return `---
apiVersion: v1
kind: Namespace
metadata:
  name: ${name}
${injects ? '  labels:\n    istio-injection: enabled\n' : ''}`;
}

export function deployment(space: string, name: string, inject?: string): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
  namespace: ${space}
spec:
  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
${inject === undefined ? '' : `      annotations:\n        linkerd.io/inject: ${inject}\n`}    spec:
      containers:
        - name: app
          image: registry.example.com/${name}:1.0.0
          ports:
            - name: http
              containerPort: 8080
`;
}

function service(space: string, name: string): string {
  return `---
apiVersion: v1
kind: Service
metadata:
  name: ${name}
  namespace: ${space}
spec:
  selector:
    app: ${name}
  ports:
    - name: http
      port: 80
      targetPort: http
`;
}
