import type { Resource } from '../../../../resources/resource';
import { checkAnnotations, checkSelector } from './common';
import type { Problems } from './common';

/** What istiod's webhook says of a PeerAuthentication; its ports are the API server's to check. */
export function* checkPeerAuthentication(resource: Resource): Problems {
  yield* checkAnnotations(resource);
  yield* checkSelector(resource.at('spec', 'selector'), 'matchLabels');
}
