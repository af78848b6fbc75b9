import { countFacts } from '../../engine/decision/count-facts';
import type { DecisionFacts } from '../../engine/decision/facts';
import { locate } from '../../engine/yaml/tree';
import type { Place } from '../../engine/yaml/tree';
import type { Files } from './lint';
import { workspaceOf } from './lint';

/** The facts counted from an environment of these files; `.` is a plain folder. */
export function factsOf(files: Files, environment = '.'): DecisionFacts<Place> {
  const workspace = workspaceOf(files, []);
  const view = workspace.view(environment);
  if (view === undefined) throw new Error(`no environment ${environment} among ${workspace.environmentNames().join(', ')}`);
  return countFacts(view);
}

/** `file:line text` of each piece of evidence. */
export function cited(files: Files, evidence: readonly Place[]): string[] {
  return evidence.map((place) => {
    const { file, start, end } = locate(place);
    const text = files[file] ?? '';
    return `${file}:${text.slice(0, start).split('\n').length} ${text.slice(start, end)}`;
  });
}

/** A Service that selects `app`. */
export function service(name: string, app = name, more = ''): string {
  return `apiVersion: v1\nkind: Service\nmetadata:\n  name: ${name}\nspec:\n  selector:\n    app: ${app}\n${more}`;
}

/** A Deployment whose pods bear `app`; `more` stands in its spec, `pod` in its pod spec, at their columns. */
export function deployment(name: string, { more = '', pod = '', namespace = '' } = {}): string {
  const where = namespace === '' ? '' : `  namespace: ${namespace}\n`;
  return (
    `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${name}\n${where}spec:\n${more}  template:\n    metadata:\n` +
    `      labels:\n        app: ${name}\n    spec:\n      containers:\n        - name: app\n          image: example/app:1\n${pod}`
  );
}

/** Documents of one file. */
export function documents(...all: readonly string[]): string {
  return all.join('---\n');
}
