import { defineRule } from '../../engine/findings/rule';
import type { Finding, Fix } from '../../engine/findings/rule';
import { apiServerVerdict } from '../../engine/mesh/istio/validation/api-server';
import { replaceable } from '../../engine/mesh/istio/validation/problem';
import { pathTree, walkPaths } from '../../engine/mesh/istio/validation/paths';
import type { PathTree, Standing } from '../../engine/mesh/istio/validation/paths';
import { SchemaTree, describedFields } from '../../engine/mesh/istio/validation/schema-lookup';
import { renameKey, replaceScalar } from '../../engine/yaml/edit';
import { locate } from '../../engine/yaml/tree';
import { ISTIO_KINDS, istioKind } from '../../schemas/istio';
import type { KindSchema, Schema } from '../../schemas/istio/schema';
import { WARNED } from './refusal';

/** istioctl's codes: its validation warns of some fields, its analyzer for deprecation of two others. */
const CODES: Readonly<Record<string, readonly string[]>> = {
  mirrorPercent: WARNED,
  mirror_percent: WARNED,
  consecutiveErrors: WARNED,
  minimumRingSize: WARNED,
  percent: ['IST0002'],
  egressProxy: ['IST0002'],
};

const document = (kind: string, spec: string): string =>
  `apiVersion: networking.istio.io/v1\nkind: ${kind}\nmetadata:\n  name: cart\nspec:\n${spec}`;

const route = (rest: string): string =>
  document('VirtualService', `  hosts: [cart]\n  http:\n    - route:\n        - destination:\n            host: cart\n${rest}`);

export const rule = defineRule({
  id: 'istio/deprecated-field',
  severity: 'warning',
  summary: 'A field of a resource of Istio is one that Istio wants nobody to use any more.',
  why:
    'Istio keeps old fields for a while, and warns of some when they are applied. Some can say less than what took their place: `mirrorPercent` ' +
    'knows no fractions. A release that takes one away leaves the resource as it is, without what the field said.',
  todo: 'Write what took its place.',
  kinds: ISTIO_KINDS,
  equivalents: [],
  docs: 'https://istio.io/latest/docs/reference/config/',
  since: '0.1.0',
  tags: ['deprecated'],
  fix: 'moves the value to the field that took its place',
  examples: {
    bad: [
      {
        title: 'Shares in whole per cent',
        files: {
          'cart.yaml': route(
            '      mirror:\n        host: shadow\n      mirrorPercent: 10\n      fault:\n        delay:\n          fixedDelay: 1s\n          percent: 5\n',
          ),
        },
        findings: [
          {
            at: 'cart.yaml:13:7',
            text: 'mirrorPercent',
            message: '"mirrorPercent" is deprecated: a release to come may do without it. Write `mirrorPercentage.value`.',
          },
          {
            at: 'cart.yaml:17:11',
            text: 'percent',
            message: '"percent" is deprecated: a release to come may do without it. Write `percentage.value`.',
          },
        ],
      },
      {
        title: 'The old name of a load balancer, and errors of all sorts in one',
        files: {
          'cart.yaml': document(
            'DestinationRule',
            '  host: cart\n  trafficPolicy:\n    loadBalancer:\n      simple: LEAST_CONN\n    outlierDetection:\n      consecutiveErrors: 7\n',
          ),
        },
        findings: [
          {
            at: 'cart.yaml:9:15',
            text: 'LEAST_CONN',
            message: 'LEAST_CONN is the old name of LEAST_REQUEST: a release to come may do without it. Write LEAST_REQUEST.',
          },
          {
            at: 'cart.yaml:11:7',
            text: 'consecutiveErrors',
            message:
              '"consecutiveErrors" is deprecated: a release to come may do without it. Use `consecutive5xxErrors` or `consecutiveGatewayErrors`.',
          },
        ],
      },
    ],
    good: [
      {
        title: 'What took their place',
        files: {
          'cart.yaml': route(
            '      mirror:\n        host: shadow\n      mirrorPercentage:\n        value: 10\n      fault:\n        delay:\n          fixedDelay: 1s\n          percentage:\n            value: 5\n',
          ),
        },
      },
    ],
  },
  *check(subject, view) {
    const kind = istioKind(subject.kind);
    const { root } = subject;
    if (kind === undefined || root === undefined || apiServerVerdict(view, subject).isTooLarge) return;
    const found: Finding[] = [];
    walkPaths(root, agedFields(kind), (schema, _, standing) => {
      if (standing !== undefined) found.push(...look(schema, standing));
    });
    yield* found;
  },
});

const aged = new Map<KindSchema, PathTree<Schema>>();

/** The fields of a kind that are deprecated, or have words that are. */
function agedFields(kind: KindSchema): PathTree<Schema> {
  let tree = aged.get(kind);
  if (tree === undefined) {
    const fields = [...describedFields(new SchemaTree(kind))];
    tree = pathTree(fields.filter(([, field]) => field.deprecated === true || field['x-renamed'] !== undefined));
    aged.set(kind, tree);
  }
  return tree;
}

function* look(schema: Schema, standing: Standing): Iterable<Finding> {
  const { key, value } = standing.entry;
  if (schema.deprecated === true) {
    const name = String(key.value);
    const fix = moveFix(schema, standing);
    yield {
      place: { node: key },
      message: `"${name}" is deprecated: a release to come may do without it. ${capital(schema['x-instead'] ?? 'remove it')}.`,
      equivalents: CODES[name] ?? [],
      fixes: fix === undefined ? [] : [fix],
    };
  }
  const words = schema['x-renamed'] ?? {};
  const word = value.type === 'scalar' ? String(value.value) : '';
  const renamed = Object.hasOwn(words, word) ? words[word] : undefined;
  if (renamed === undefined) return;
  const node = replaceable(value);
  yield {
    place: { node: value },
    message: `${word} is the old name of ${renamed}: a release to come may do without it. Write ${renamed}.`,
    fixes:
      node === undefined
        ? []
        : [{ title: `Write ${renamed}`, safe: true, preferred: true, edits: () => [replaceScalar(node, renamed)] }],
  };
}

function capital(clause: string): string {
  return clause.charAt(0).toUpperCase() + clause.slice(1);
}

/** The same value in its new place, where that is free: `mirrorPercent: 10` becomes `mirrorPercentage: { value: 10 }`. */
function moveFix(schema: Schema, { entry, map }: Standing): Fix | undefined {
  const [first, inner, ...deeper] = schema['x-moved-to'] ?? [];
  const value = replaceable(entry.value);
  if (first === undefined || deeper.length > 0 || value === undefined || map.get(first) !== undefined) return undefined;
  if (entry.key.madeBy !== undefined || map.open) return undefined;
  if (inner === undefined) {
    return { title: `Write ${first}`, safe: true, preferred: true, edits: () => [renameKey(entry, first)] };
  }
  return {
    title: `Write ${first}.${inner}`,
    safe: true,
    preferred: true,
    edits: () => {
      const edit = renameKey(entry, first);
      const quoted = edit.newText.startsWith('"');
      const text = `${edit.newText}: { ${quoted ? JSON.stringify(inner) : inner}: ${value.source.slice(value.start, value.end)} }`;
      const { file, end } = locate({ node: value });
      return file === edit.file ? [{ ...edit, end, newText: text }] : undefined;
    },
  };
}
