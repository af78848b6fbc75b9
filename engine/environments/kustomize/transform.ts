import type { MapNode } from '../../yaml/tree';
import { withMetadata } from './pairs';

export { TransformMemo } from './memo';

/** What something other than a kustomization sets in an object's own labels or annotations; in its templates it sets nothing. */
export function withPairs(root: MapNode, field: 'labels' | 'annotations', pairs: MapNode, inTemplates: boolean): MapNode {
  return inTemplates ? root : withMetadata(root, field, pairs);
}
