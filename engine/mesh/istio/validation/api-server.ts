import { istioKind } from '../../../../schemas/istio';
import { validatorOf } from '../../../../schemas/istio/validators';
import type { Resource } from '../../../resources/resource';
import type { YamlNode } from '../../../yaml/tree';
import type { MeshView } from '../../view';
import { celFaults } from './cel/evaluate';
import { plainDocument } from './plain-document';
import { schemaFaults } from './schema-faults';
import type { Fault } from './schema-faults';

/** What the API server makes of a resource of one of Istio's kinds. */
export interface Verdict {
  readonly faults: readonly Fault[];
  /** Aliases make more of the document than any resource has: nothing more is to be asked of it. */
  readonly isTooLarge: boolean;
}

const NOTHING: Verdict = { faults: [], isTooLarge: false };

/**
 * What the API server has against a resource: its kind's schema and CEL rules. A memoised query: several rules share it. Nothing for
 * resources that are none of Istio's.
 */
export function apiServerVerdict(view: MeshView, resource: Resource): Verdict {
  const query = view.extension('istio.apiServerVerdict', (graph) => graph.family('istio.apiServerVerdict', judge));
  return query(resource);
}

function judge(resource: Resource): Verdict {
  const kind = istioKind(resource.kind);
  const validate = validatorOf(resource.header.kind);
  const { root } = resource;
  if (kind === undefined || validate === undefined || root === undefined) return NOTHING;
  const document = plainDocument(root);
  if (document === undefined) return { faults: [], isTooLarge: true };
  const faults = schemaFaults(kind, validate, root, document.value);
  // A rule is not evaluated where the schema has failed; and one fault is enough for one place.
  const places = new Set(faults.map(({ place }) => place.node));
  for (const fault of celFaults(kind.kind, root)) {
    if (places.has(fault.place.node)) continue;
    places.add(fault.place.node);
    faults.push(fault);
  }
  return { faults, isTooLarge: false };
}

/** The nodes that the API server's faults stand on. */
export function faultyNodes({ faults }: Verdict): ReadonlySet<YamlNode> {
  return new Set(faults.map(({ place }) => place.node));
}
