import type { EnvironmentPlan } from '../../engine/environments/environment';
import type { Resource } from '../../engine/resources/resource';
import { locate } from '../../engine/yaml/tree';
import type { YamlNode } from '../../engine/yaml/tree';
import { workspaceOf } from './lint';
import type { Files } from './lint';

/** Environments by name, with the titles of what they hold, sorted. */
export function environmentsOf(files: Files): Record<string, string[]> {
  const workspace = workspaceOf(files, []);
  return Object.fromEntries(
    workspace.views().map((view) => {
      const { plan, resources } = view.environment();
      return [plan.name, resources.map(({ title }) => title).sort()];
    }),
  );
}

/** What an environment holds; nothing when there is none of that name. */
export function resourcesOf(files: Files, environment: string): readonly Resource[] {
  return workspaceOf(files, []).view(environment)?.environment().resources ?? [];
}

/** The one resource of a title in an environment. */
export function resourceOf(files: Files, environment: string, title: string): Resource {
  const found = resourcesOf(files, environment).filter((resource) => resource.title === title);
  const [only, ...others] = found;
  if (only === undefined || others.length > 0) throw new Error(`${found.length} times ${title} in ${environment}`);
  return only;
}

/** Why an environment is partial. */
export function partialOf(files: Files, environment: string): readonly string[] {
  return workspaceOf(files, []).view(environment)?.environment().partial ?? ['(no such environment)'];
}

export function planOf(files: Files, environment: string): EnvironmentPlan | undefined {
  return workspaceOf(files, []).view(environment)?.environment().plan;
}

/** `file: text` of a node's place. */
export function textAt(files: Files, node: YamlNode | undefined): string {
  if (node === undefined) return '(nothing)';
  const { file, start, end } = locate({ node });
  return `${file}: ${(files[file] ?? '').slice(start, end)}`;
}

export const service = (name: string, namespace?: string): string =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\n${namespace === undefined ? '' : `  namespace: ${namespace}\n`}`;

export const namespace = (name: string): string => `apiVersion: v1\nkind: Namespace\nmetadata:\n  name: ${name}\n`;

/** A Deployment whose pod template has a label or an annotation of each key that is given. */
export const deployment = (name: string, annotations: Readonly<Record<string, string>> = {}): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\nspec:\n  template:\n    metadata:\n      labels:\n        app: ${name}\n${
    Object.keys(annotations).length === 0
      ? ''
      : `      annotations:\n${Object.entries(annotations)
          .map(([key, value]) => `        ${key}: ${value}\n`)
          .join('')}`
  }    spec:\n      containers:\n        - name: app\n          image: app:1\n`;
