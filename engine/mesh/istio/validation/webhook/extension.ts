import type { Resource } from '../../../../resources/resource';
import { checkAnnotations, checkPolicyTargets } from './common';
import type { Problems } from './common';

/** What istiod's webhook says of a WasmPlugin or a TrafficExtension: all but targets is the API server's to check. */
export function* checkExtension(resource: Resource): Problems {
  yield* checkAnnotations(resource);
  yield* checkPolicyTargets(resource.at('spec'));
}
