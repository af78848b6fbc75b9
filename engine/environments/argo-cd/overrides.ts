import { booleanOf, entriesOf, isSet, itemsOf, stringOf } from '../../yaml/tree';
import type { MapNode, SequenceNode, YamlNode } from '../../yaml/tree';
import type { Delivery } from '../gitops/delivery';
import { madeMap, madeText } from '../gitops/written';
import { madeSequence } from '../kustomize/derive';
import type { Overrides } from '../kustomize/edited';
import { lacking } from '../lacking';

/** What an Application may say as kustomize itself does (argo-cd pkg/apis/application/v1alpha1/types.go ApplicationSourceKustomize; 3.5). */
const SAME_FIELDS: readonly string[] = ['namespace', 'namePrefix', 'nameSuffix', 'patches', 'components', 'replicas'];
/** Fields that change nothing of what the objects say, or only how those above are taken. */
const WITHOUT_EFFECT = new Set([
  'version',
  'kubeVersion',
  'apiVersions',
  'forceCommonLabels',
  'forceCommonAnnotations',
  'labelWithoutSelector',
  'labelIncludeTemplates',
  'ignoreMissingComponents',
]);
const UNDERSTOOD = new Set([...SAME_FIELDS, ...WITHOUT_EFFECT, 'images', 'commonLabels', 'commonAnnotations']);

type Layered = Pick<Delivery, 'layer' | 'partial'>;

const layers = new WeakMap<YamlNode, Map<string, Layered>>();

/** An Application's `kustomize` block as a kustomization: Argo CD has `kustomize edit` write it into the one in the path. */
export function kustomizeLayer(block: YamlNode | undefined, directory: string): Layered {
  if (block?.type === 'unknown')
    return { layer: undefined, partial: [lacking('kustomize options that are filled in elsewhere', block.source.file)] };
  if (block?.type !== 'map' || block.entries.length === 0) return { layer: undefined, partial: [] };
  let byDirectory = layers.get(block);
  if (byDirectory === undefined) layers.set(block, (byDirectory = new Map<string, Layered>()));
  let made = byDirectory.get(directory);
  if (made === undefined) byDirectory.set(directory, (made = makeLayer(block, directory)));
  return made;
}

function makeLayer(block: MapNode, directory: string): Layered {
  const file = block.source.file;
  const partial = entriesOf(block)
    .map(({ key }) => String(key.value))
    .filter((field) => !UNDERSTOOD.has(field))
    .map((field) => lacking('fields that are not read', `kustomize.${field} in ${file}`));
  const root = madeMap(block, [
    ...SAME_FIELDS.map((field) => [field, block.get(field)] as const),
    ['images', imagesOf(block.get('images'))],
    ...labelFields(block),
    ['commonAnnotations', isEnvsubst(block, 'commonAnnotationsEnvsubst') ? undefined : block.get('commonAnnotations')],
  ]);
  if (isEnvsubst(block, 'commonAnnotationsEnvsubst'))
    partial.push(lacking('fields that are not read', `kustomize.commonAnnotations in ${file}`));
  const skipsMissing = booleanOf(block.get('ignoreMissingComponents')) === true;
  const layer: Overrides = { directory, file, root, isComponent: false, images: 'replace', skipsMissing };
  return { layer: root.entries.length === 0 ? undefined : layer, partial };
}

function isEnvsubst(block: MapNode, flag: string): boolean {
  return booleanOf(block.get(flag)) === true;
}

/** With `labelWithoutSelector` the labels are put on metadata, and on pod templates only if that is asked for. */
function labelFields(block: MapNode): readonly (readonly [string, YamlNode | undefined])[] {
  const pairs = block.get('commonLabels');
  if (!isSet(pairs) || booleanOf(block.get('labelWithoutSelector')) !== true) return [['commonLabels', pairs]];
  const entry = madeMap(pairs, [
    ['pairs', pairs],
    ['includeTemplates', block.get('labelIncludeTemplates')],
  ]);
  return [['labels', madeSequence(pairs, [entry])]];
}

/** `[old=]name[:tag][@digest]`, a text an image, where kustomize wants maps. */
function imagesOf(images: YamlNode | undefined): SequenceNode | undefined {
  const entries = itemsOf(images).flatMap((item) => {
    const written = stringOf(item);
    const equals = written?.indexOf('=') ?? -1;
    const image = /^([^@]*?)(?::([^:/@]+))?(?:@(.+))?$/.exec(written?.slice(equals + 1) ?? '');
    if (written === undefined || image?.[1] === undefined || image[1] === '') return [];
    const text = (value: string | undefined): YamlNode | undefined => (value === undefined ? undefined : madeText(item, value));
    const [, name = '', tag, digest] = image;
    return madeMap(item, [
      ['name', madeText(item, equals < 0 ? name : written.slice(0, equals))],
      ['newName', equals < 0 ? undefined : madeText(item, name)],
      ['newTag', text(tag)],
      ['digest', text(digest)],
    ]);
  });
  return images === undefined || entries.length === 0 ? undefined : madeSequence(images, entries);
}
