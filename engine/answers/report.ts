import { deployersOf } from '../environments/environment';
import type { Environment } from '../environments/environment';
import { toldTogether } from '../environments/lacking';
import type { Report, ReportedDeployer, ReportedEnvironment } from '../findings/report';
import type { Resource } from '../resources/resource';
import { UNSET_NAMESPACE } from '../resources/resource';
import type { Workspace } from '../workspace';
import { askVerdicts } from './verdicts';

/**
 * Everything as `--format json` prints it. How many files were skipped and how long it took are the host's to add.
 * @param options `only`: findings of these files alone
 */
export function askReport(workspace: Workspace, options: { readonly only?: readonly string[] } = {}): Report {
  const only = options.only === undefined ? undefined : new Set(options.only);
  const findings = workspace.findings().map(({ reported }) => reported);
  const verdicts = askVerdicts(workspace);
  const { repository } = workspace;
  const paths = repository.paths();
  const manifests = paths.flatMap((path) => repository.peekManifest(path) ?? []);
  return {
    version: 1,
    findings: only === undefined ? findings : findings.filter(({ file }) => only.has(file)),
    environments: workspace.views().map((view) => reportEnvironment(view.environment())),
    verdict: verdicts.leading ?? null,
    verdicts: verdicts.others,
    stats: {
      files: paths.length,
      skipped: 0,
      documents: manifests.reduce((sum, manifest) => sum + manifest.documents.length, 0),
      resources: paths.reduce((sum, path) => sum + repository.resources(path).length, 0),
      milliseconds: 0,
    },
  };
}

function reportEnvironment({ plan, resources, files, partial }: Environment): ReportedEnvironment {
  const { name, kind, root } = plan;
  const broughtBy = deployersOf(plan).map(reportDeployer);
  return { name, kind, root, files: files.length, resources: resources.length, partial: toldTogether(partial), broughtBy };
}

function reportDeployer({ header, name, namespace, file }: Resource): ReportedDeployer {
  const { apiVersion, kind } = header;
  return { apiVersion, kind, namespace: namespace ?? UNSET_NAMESPACE, name: name ?? '', file };
}
