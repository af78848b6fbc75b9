import type { YamlNode } from '../../../../yaml/tree';
import { placeOf } from '../problem';
import { at, entries, items, keyText, text, texts } from '../read';
import type { Value } from '../read';
import { hostFault, isDnsLabel } from '../values/host';
import { headerNameFault, isClaim } from '../values/header';
import { checkDnsLabel, checkExpression, checkLabels, checkPort, shown } from './common';
import type { Problems } from './common';

/**
 * A match of an HTTP route.
 * @param atGateway whether the rules may hold for a gateway; undefined when a template decides
 */
export function* checkHttpMatch(match: YamlNode, atGateway: boolean): Problems {
  for (const field of ['headers', 'withoutHeaders']) {
    for (const entry of entries(at(match, field))) {
      const name = keyText(entry);
      if (isClaim(name)) {
        if (!atGateway) {
          yield {
            place: { node: entry.key },
            what: 'claims of a JWT are matched in a VirtualService that is for no gateway',
            todo: 'name the gateway in gateways: sidecars cannot route by claims',
          };
        }
      } else {
        const fault = headerNameFault(name);
        if (fault !== undefined)
          yield { place: { node: entry.key }, what: `the header ${shown(name)} ${fault}`, todo: 'write the name of a header' };
      }
      // In withoutHeaders "*" stands for any value.
      if (field === 'headers' || text(at(entry.value, 'regex')) !== '*') yield* checkExpression(at(entry.value, 'regex'));
    }
  }
  for (const entry of entries(at(match, 'queryParams'))) yield* checkExpression(at(entry.value, 'regex'));
  for (const field of ['uri', 'scheme', 'method', 'authority']) {
    yield* checkExpression(at(match, field, 'regex'));
    const prefix = at(match, field, 'prefix');
    if (field !== 'uri' && text(prefix) === '' && prefix !== undefined) {
      yield { place: placeOf(prefix), what: `the prefix of ${field} is empty`, todo: 'write it, or leave the match out' };
    }
  }
  yield* checkMatchBase(match);
}

/** What matches of HTTP, TLS and TCP share. */
export function* checkMatchBase(match: YamlNode): Problems {
  const port = at(match, 'port');
  yield* checkPort(port);
  yield* checkLabels(at(match, 'sourceLabels'));
  yield* checkGatewayNames(at(match, 'gateways'));
  const namespace = at(match, 'sourceNamespace');
  if (text(namespace) !== '') yield* checkDnsLabel(namespace, 'the namespace');
}

/** Names of gateways, as `namespace/name`, `name`, or `mesh`. */
export function* checkGatewayNames(list: Value): Problems {
  for (const { node, value } of texts(list)) {
    const slash = value.indexOf('/');
    if (slash < 0) {
      yield* checkPlainName(node, value);
      continue;
    }
    const [namespace, name] = [value.slice(0, slash), value.slice(slash + 1)];
    if (isDnsLabel(namespace) && isDnsLabel(name)) continue;
    const part = !isDnsLabel(namespace) ? `the namespace ${shown(namespace)}` : `the name ${shown(name)}`;
    yield { place: placeOf(node), what: `${part} of the gateway is no DNS label`, todo: 'write it as namespace/name' };
  }
}

function* checkPlainName(node: YamlNode, value: string): Problems {
  const fault = hostFault(value);
  if (fault !== undefined) {
    yield { place: placeOf(node), what: `the gateway ${shown(value)} ${fault}`, todo: 'write it as namespace/name' };
    return;
  }
  const [name = '', namespace] = value.split('.');
  if (namespace === undefined || namespace === '') return;
  yield {
    place: placeOf(node),
    what: `the gateway ${shown(value)} is named in the old form with a dot`,
    effect: `Istio reads it as ${namespace}/${name}, and asks to write it so`,
    todo: `write ${namespace}/${name}`,
    instead: `${namespace}/${name}`,
  };
}

/** Whether any match of a route compares by other than a prefix of the path. */
export function matchesOtherThanPrefix(route: YamlNode): YamlNode | undefined {
  return items(at(route, 'match')).find((match) => {
    const uri = at(match, 'uri');
    return (
      match.type === 'map' &&
      (uri === undefined ? !match.open : uri.type === 'map' && !uri.open && at(uri, 'prefix') === undefined)
    );
  });
}
