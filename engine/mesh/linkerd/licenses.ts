import { baseNameOf, directoryOf } from '../../environments/paths';
import type { Resource } from '../../resources/resource';
import { entriesOf, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { Place, YamlNode } from '../../yaml/tree';
import { HELM_SUBJECTS, helmReferencesOf } from '../helm-references';
import { treeOfFile } from '../helm/values';
import type { MeshView } from '../view';
import { isInValuesFile } from './references';
import { licenseLiteral } from './license-literal';
import { chartTakesLicense, isEnterpriseKind } from './release-channel';
import { enterpriseGroup, licenseSecret } from './release-table';

/** The kinds of subjects in which a licence key of Buoyant's may stand. */
export const LICENSE_SUBJECTS: readonly string[] = [
  ...HELM_SUBJECTS,
  'file:values.yaml',
  'Secret',
  `ControlPlane.${enterpriseGroup}`,
];

/**
 * Every place in which a subject holds a licence key of Buoyant Enterprise for Linkerd that whoever reads the text can use: values of
 * charts that take one, the operator's ControlPlane, and the Secret that both look for by default. `license` is a key of many charts, so
 * that it counts only where something beside it says Linkerd.
 */
export function licensesIn(subject: Resource, view: MeshView): readonly Place[] {
  if (subject.kind === 'file:values.yaml') return valuesFile(subject, view);
  if (subject.kind === 'Secret') return secret(subject);
  if (isEnterpriseKind(subject.group, subject.header.kind)) return operator(subject);
  return [...helm(subject, view), ...(subject.kind === 'file:kustomization.yaml' ? generatedSecret(subject) : [])];
}

/** Keys that only Linkerd's own charts have. Source: charts/linkerd-control-plane/values.yaml of github.com/linkerd/linkerd2, edge-26.8.3. */
const LINKERD_KEYS: readonly string[] = [
  'linkerdVersion',
  'identityTrustAnchorsPEM',
  'identityTrustDomain',
  'controllerImageVersion',
  'policyController',
  'proxyInjector',
  'profileValidator',
];

/** What is known to take a licence: the values as a whole, or the blocks of subcharts, by their keys. */
interface Takers {
  readonly whole: boolean;
  readonly blocks: ReadonlySet<string>;
}

function licensesOfTree(tree: YamlNode | undefined, { whole, blocks }: Takers): YamlNode[] {
  const found: YamlNode[] = [];
  const look = (level: YamlNode | undefined, takes: boolean): void => {
    if (level?.type !== 'map') return;
    const license = level.get('license');
    if (!isLiteral(license)) return;
    if (takes || LINKERD_KEYS.some((key) => level.get(key) !== undefined)) found.push(license);
  };
  look(tree, whole);
  for (const { key, value } of entriesOf(tree)) {
    const name = String(key.value);
    look(value, chartTakesLicense(name) || blocks.has(name));
  }
  return found;
}

function isLiteral(node: YamlNode | undefined): node is YamlNode {
  return node?.type === 'scalar' && licenseLiteral(node.value);
}

const NOTHING_KNOWN: Takers = { whole: false, blocks: new Set() };

function helm(subject: Resource, view: MeshView): Place[] {
  return helmReferencesOf(subject, view).flatMap(({ chart, values, parameters }) => {
    const whole = chart !== undefined && chartTakesLicense(baseNameOf(chart.text));
    const takers = { whole, blocks: NOTHING_KNOWN.blocks };
    const trees = values.flatMap((tree) => {
      const found = licensesOfTree(tree, takers);
      if (!isInValuesFile(tree, subject)) return found;
      // The value file reports what it shows by itself, or with the Chart.yaml beside it.
      if (subject.kind === 'file:Chart.yaml' || subject.kind === 'file:requirements.yaml') return [];
      const shown = new Set(licensesOfTree(tree, NOTHING_KNOWN));
      return found.filter((node) => !shown.has(node));
    });
    const set = parameters.flatMap(({ name, value }) => {
      const [last, above] = name.split('.').reverse();
      const takes = above === undefined ? whole : chartTakesLicense(above);
      return last === 'license' && takes && isLiteral(value) ? [value] : [];
    });
    return [...trees, ...set].map((node) => ({ node }));
  });
}

function valuesFile(subject: Resource, view: MeshView): Place[] {
  const directory = directoryOf(subject.file);
  const beside = (name: string): YamlNode | undefined => treeOfFile(view, directory === '' ? name : `${directory}/${name}`);
  const chart = beside('Chart.yaml');
  const dependencies = [chart, beside('requirements.yaml')].flatMap((file) => itemsOf(lookup(file, 'dependencies')));
  const blocks = dependencies.flatMap((dependency) => {
    const name = stringOf(lookup(dependency, 'name'));
    return name !== undefined && chartTakesLicense(name) ? [stringOf(lookup(dependency, 'alias')) ?? name] : [];
  });
  const whole = chartTakesLicense(stringOf(lookup(chart, 'name')) ?? '');
  return licensesOfTree(subject.root, { whole, blocks: new Set(blocks) }).map((node) => ({ node }));
}

/** The newer place of the key, and the one of the releases of 2024. */
const CONTROL_PLANE_PATHS: readonly (readonly string[])[] = [
  ['spec', 'components', 'linkerd', 'controlPlaneConfig', 'license'],
  ['spec', 'components', 'linkerd', 'license'],
];

function operator(subject: Resource): Place[] {
  return CONTROL_PLANE_PATHS.map((path) => subject.at(...path))
    .filter(isLiteral)
    .map((node) => ({ node }));
}

function secret(subject: Resource): Place[] {
  if (subject.name !== licenseSecret.name) return [];
  const plain = subject.at('stringData', licenseSecret.key);
  const encoded = subject.at('data', licenseSecret.key);
  return [...(isLiteral(plain) ? [plain] : []), ...(isEncodedLiteral(encoded) ? [encoded] : [])].map((node) => ({ node }));
}

/** Base64 hides nothing; what does not decode is encrypted, or refused by the API server. */
function isEncodedLiteral(node: YamlNode | undefined): node is YamlNode {
  const text = stringOf(node);
  // Checked as it stands first: some placeholders happen to decode.
  if (!licenseLiteral(text) || text === undefined) return false;
  try {
    return licenseLiteral(atob(text.trim()));
  } catch {
    return false;
  }
}

/** `literals: [license=…]` of a kustomization that generates the Secret: the value alone, behind the `=`. */
function generatedSecret(subject: Resource): Place[] {
  const generators = itemsOf(subject.at('secretGenerator')).filter(
    (item) => stringOf(lookup(item, 'name')) === licenseSecret.name,
  );
  const prefix = `${licenseSecret.key}=`;
  return generators
    .flatMap((generator) => itemsOf(lookup(generator, 'literals')))
    .flatMap((node) => {
      const text = stringOf(node);
      if (text?.startsWith(prefix) !== true || !licenseLiteral(text.slice(prefix.length))) return [];
      const written = node.source.slice(node.start, node.end);
      const from = written.indexOf(prefix) + prefix.length;
      return [{ node, from, to: written.length - (/["']$/.test(written) ? 1 : 0) }];
    });
}
