import { matchesSelector } from '../../resources/label-selector';
import type { Answer } from '../../resources/labels';
import { absent, known, unknown } from '../../tristate';
import type { Tristate } from '../../tristate';
import { isSet, itemsOf, lookup, stringOf } from '../../yaml/tree';
import type { YamlNode } from '../../yaml/tree';
import type { MeshView } from '../view';
import { installationValues, isWritten } from './istiod-values';

const PATH = ['excludeNamespaces'];

/**
 * The namespaces that Istio's CNI agent keeps out of ambient mode: value `excludeNamespaces` of the chart `cni`, in an IstioOperator below
 * `values.cni` (istio/istio manifests/charts/istio-cni/values.yaml, 1.32 development). A memoised query.
 *
 * @returns `unknown` where no installation sets them, several differ or a template hides them: then the chart's default is assumed
 */
export function excludedNamespaces(view: MeshView): readonly string[] | 'unknown' {
  const query = view.extension('istio.excludedNamespaces', (graph) =>
    graph.computed('istio.excludedNamespaces', () => find(view)),
  );
  return query.get();
}

function find(view: MeshView): readonly string[] | 'unknown' {
  const lists = installationValues(view, 'cni', ...PATH).filter((node) => isSet(node) && isWritten(node, ...PATH));
  const [first, ...others] = lists.map((list) => {
    const names = itemsOf(list).map(stringOf);
    return list.type !== 'sequence' || list.open || names.includes(undefined)
      ? undefined
      : names.filter((name) => name !== undefined);
  });
  const areAlike = others.every((other) => other !== undefined && other.join() === first?.join());
  return first === undefined || !areAlike ? 'unknown' : first;
}

const SELECTORS = ['ambient', 'enablementSelectors'];

/** The lists of enablement selectors that installations of Istio's CNI agent set in place of the chart's own. A memoised query. */
export function enablementSelectors(view: MeshView): readonly YamlNode[] {
  const query = view.extension('istio.enablementSelectors', (graph) =>
    graph.computed('istio.enablementSelectors', () =>
      installationValues(view, 'cni', ...SELECTORS).filter((node) => isSet(node) && isWritten(node, ...SELECTORS)),
    ),
  );
  return query.get();
}

/**
 * Whether one of the selectors of a list matches a pod and its Namespace (istio/istio cni/pkg/util/enablement_selector.go Matches, 1.32
 * development). A selector that is not set matches everything. Where several installations set a list, they may differ.
 *
 * @returns absent where there is no list
 */
export function enables(
  lists: readonly YamlNode[],
  podLabel: (key: string) => Tristate<string>,
  namespaceLabel: (key: string) => Tristate<string>,
): Tristate<boolean> {
  const [answer, ...others] = new Set(
    lists.map((list): Answer => {
      if (list.type !== 'sequence' || list.open) return 'unknown';
      const answers = list.items.map((item) => {
        const both = [matches(lookup(item, 'podSelector'), podLabel), matches(lookup(item, 'namespaceSelector'), namespaceLabel)];
        return both.includes('no') ? 'no' : both.includes('unknown') ? 'unknown' : 'yes';
      });
      return answers.includes('yes') ? 'yes' : answers.includes('unknown') ? 'unknown' : 'no';
    }),
  );
  if (answer === undefined) return absent;
  return others.length > 0 || answer === 'unknown' ? unknown : known(answer === 'yes');
}

function matches(selector: YamlNode | undefined, label: (key: string) => Tristate<string>): Answer {
  return isSet(selector) ? matchesSelector(selector, label) : 'yes';
}
