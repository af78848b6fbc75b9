import { matchesSelector } from '../../resources/label-selector';
import { sameNamespaceName } from '../../resources/resource';
import type { Answer } from '../../resources/labels';
import type { Resource } from '../../resources/resource';
import { unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { isSet, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { MeshView } from '../view';

/** Label that the API server gives each Namespace: its name. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

/**
 * Whether a listener of a Gateway lets what is in a namespace attach to it: `allowedRoutes.namespaces`, which is `Same` where nothing says
 * otherwise (CRD Gateway of the Gateway API, standard channel, defaults of its schema). Unknown where a template, or a Namespace that no file
 * defines, decides.
 */
export function admitsNamespace(listener: YamlNode, gateway: Resource, namespace: Tristate<string>, view: MeshView): Answer {
  const allowed = lookup(listener, 'allowedRoutes', 'namespaces');
  const from = lookup(allowed, 'from');
  switch (isSet(from) ? stringOf(from) : 'Same') {
    case 'All':
      return 'yes';
    case 'Same':
      return sameNamespaceName(gateway.header.namespace, namespace);
    case 'Selector':
      return isSelected(lookup(allowed, 'selector'), namespace, view);
    default:
      return 'unknown';
  }
}

function isSelected(selector: YamlNode | undefined, namespace: Tristate<string>, view: MeshView): Answer {
  // No selector selects nothing, an empty one everything.
  if (!isSet(selector)) return 'no';
  return matchesSelector(selector, (key) => {
    if (namespace.is !== 'known') return unknown;
    return key === NAME_LABEL ? namespace : view.namespaceLabel(namespace.value, key).value;
  });
}
