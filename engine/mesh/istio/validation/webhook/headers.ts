import type { YamlNode } from '../../../../yaml/tree';
import { placeOf } from '../problem';
import { at, entries, filled, keyText, text, texts } from '../read';
import type { Value } from '../read';
import { hasOpenCommand, headerNameFault, isAuthority, isInternal } from '../values/header';
import { shown } from './common';
import type { Problems } from './common';

/** `headers` of a route or of one of its destinations. */
export function* checkHeaders(headers: Value): Problems {
  yield* checkOperations(at(headers, 'request'), true);
  yield* checkOperations(at(headers, 'response'), false);
}

function* checkOperations(operations: Value, isRequest: boolean): Problems {
  for (const kind of ['set', 'add']) {
    for (const entry of entries(at(operations, kind))) {
      const name = keyText(entry);
      yield* checkName(name, entry.key, isRequest && isAuthority(name));
      if (hasOpenCommand(text(entry.value) ?? '')) {
        yield {
          place: placeOf(entry.value),
          what: `the value ${shown(text(entry.value) ?? '')} begins a command of Envoy with "%" and does not end it`,
          todo: 'write "%%" for a per cent sign',
        };
      }
    }
  }
  for (const { node, value } of texts(at(operations, 'remove'))) yield* checkName(value, node, false);
}

function* checkName(name: string, node: YamlNode, authorityAllowed: boolean): Problems {
  const fault = headerNameFault(name);
  if (fault !== undefined) {
    yield { place: placeOf(node), what: `the header ${shown(name)} ${fault}`, todo: 'write the name of a header' };
  } else if (isInternal(name) && !authorityAllowed) {
    yield {
      place: placeOf(node),
      what: `the header ${shown(name)} cannot be changed like this`,
      todo: 'use rewrite to change path or host',
    };
  }
}

/** A list of names of headers, as CORS has them. */
export function* checkHeaderNames(list: Value): Problems {
  for (const { node, value } of texts(list)) {
    const fault = headerNameFault(value);
    if (fault !== undefined)
      yield { place: placeOf(node), what: `the header ${shown(value)} ${fault}`, todo: 'write the name of a header' };
  }
}

/** The host of a request may be changed once: by the rewrite, or as a header. */
export function* checkAuthorityOnce(route: YamlNode): Problems {
  const request = at(route, 'headers', 'request');
  const rewritten = at(route, 'rewrite', 'authority');
  const places = [
    ...(filled(rewritten) ? [rewritten] : []),
    ...['set', 'add'].flatMap((kind) =>
      entries(at(request, kind)).flatMap((entry) => (isAuthority(keyText(entry)) ? [entry.key] : [])),
    ),
  ];
  const [first, second] = places;
  if (first === undefined || second === undefined) return;
  yield {
    place: placeOf(second),
    what: 'the host of the request is changed twice',
    todo: 'change it in one place',
    related: [{ place: placeOf(first), message: 'It is changed here as well' }],
  };
}
