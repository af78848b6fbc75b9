import type { Resource } from '../../../../resources/resource';
import { checkAnnotations, checkSelector } from './common';
import type { Problems } from './common';

/** What istiod's webhook says of a ProxyConfig. */
export function* checkProxyConfig(resource: Resource): Problems {
  yield* checkAnnotations(resource);
  yield* checkSelector(resource.at('spec', 'selector'), 'matchLabels');
}
