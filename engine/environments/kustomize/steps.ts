import { Accumulation } from './accumulation';
import type { Accumulated } from './accumulation';
import type { Build, KustomizeBuilder } from './build';
import type { Kustomization } from './kustomization';

/** The one way to what builds: a program may load all of it when the first of these is called. */
export { finished } from './finish';
export { inlineDocuments } from './inline';

/** @param base what there is before the kustomization's own resources */
export function accumulated(builder: KustomizeBuilder, kustomization: Kustomization, base?: Build): Accumulated {
  return new Accumulation(builder, kustomization, base).run();
}
