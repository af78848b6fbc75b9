import type { ReportedDeployer, ReportedEnvironment } from '../engine/findings/report';
import { visible } from '../engine/visible';
import type { Paint } from './colour';
import { counted } from './format-pretty';

/** A block an environment: what it is made of, who brings it, and what is not known of it. Whatever comes from manifests is made visible. */
export function formatEnvironments(environments: readonly ReportedEnvironment[], paint: Paint): string {
  if (environments.length === 0) return 'no environment: no file here holds a Kubernetes resource\n';
  return `${environments.map((environment) => blockOf(environment, paint).join('\n')).join('\n\n')}\n`;
}

function blockOf({ name, kind, root, files, resources, partial, broughtBy }: ReportedEnvironment, paint: Paint): string[] {
  const where = root === '' || root === '.' ? kind : `${kind} in ${visible(root)}`;
  return [
    `${paint('bold', visible(name))} (${where}): ${counted(files, 'file')}, ${counted(resources, 'resource')}`,
    ...broughtBy.map((by) => `  brought by ${titleOf(by)} (${visible(by.file)})`),
    ...partial.map((reason) => `  ${paint('yellow', 'partial:')} ${visible(reason)}`),
  ];
}

function titleOf({ kind, namespace, name }: ReportedDeployer): string {
  const called = name === '' ? '(templated name)' : name;
  return visible(`${kind} ${namespace === null ? '' : `${namespace}/`}${called}`);
}
