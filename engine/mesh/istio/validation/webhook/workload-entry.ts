import type { Resource } from '../../../../resources/resource';
import type { YamlNode } from '../../../../yaml/tree';
import { placeOf, placeOfKey } from '../problem';
import { at, entries, filled, given, isEmptyList, items, keyText, missing, text, unset } from '../read';
import type { Value } from '../read';
import { isDnsLabel, isHost } from '../values/host';
import { isIp } from '../values/ip';
import { checkAnnotations, checkLabels, checkNotNegative, checkPort, shown } from './common';
import type { Problems } from './common';

const SOCKET = 'unix://';

/** What stands for a workload: a WorkloadEntry, an endpoint, or the template of a WorkloadGroup. Sockets are CEL's to check. */
export function* checkWorkload(workload: Value, isTemplate = false): Problems {
  if (!given(workload)) return;
  const address = at(workload, 'address');
  const written = text(address);
  if (
    address !== undefined &&
    written !== undefined &&
    written !== '' &&
    !written.startsWith(SOCKET) &&
    !isIp(written) &&
    !isHost(written)
  ) {
    yield {
      place: placeOf(address),
      what: `${shown(written)} is no address`,
      todo: 'write an IP address, or the name of a host',
    };
  }
  if (!isTemplate && address !== undefined && written === '' && unset(at(workload, 'network'))) {
    yield { place: placeOf(address), what: 'the address is empty', todo: 'write an IP address, or the name of a host' };
  }
  if (!isTemplate && unset(address) && filled(at(workload, 'network'))) {
    yield {
      place: placeOfKey(workload, 'network'),
      what: 'the workload has a network and no address',
      effect: "traffic for it goes to the network's gateway, which must know where it is",
      todo: 'set the address, if there is one',
    };
  }
  for (const entry of entries(at(workload, 'ports'))) {
    const name = keyText(entry);
    if (!isDnsLabel(name))
      yield {
        place: { node: entry.key },
        what: `${shown(name)} is no name of a port`,
        todo: 'use letters, digits and hyphens inside',
      };
    yield* checkPort(entry.value);
  }
  yield* checkLabels(at(workload, 'labels'));
}

/** What istiod's webhook says of a WorkloadEntry. */
export function* checkWorkloadEntry(resource: Resource): Problems {
  yield* checkAnnotations(resource);
  yield* checkWorkload(resource.at('spec'));
}

/** What istiod's webhook says of a WorkloadGroup. */
export function* checkWorkloadGroup(resource: Resource): Problems {
  yield* checkAnnotations(resource);
  const spec = resource.at('spec');
  yield* checkLabels(at(spec, 'metadata', 'labels'));
  yield* checkWorkload(at(spec, 'template'), true);
  yield* checkProbe(at(spec, 'probe'));
}

const METHODS = ['httpGet', 'tcpSocket', 'exec', 'grpc'];

function* checkProbe(probe: Value): Problems {
  if (!given(probe)) return;
  yield* checkNotNegative(
    ...['timeoutSeconds', 'periodSeconds', 'successThreshold', 'failureThreshold', 'initialDelaySeconds'].map((field) =>
      at(probe, field),
    ),
  );
  if (METHODS.every((method) => missing(at(probe, method)))) {
    yield { place: placeOf(probe), what: 'the probe does not say how to ask', todo: `set one of ${METHODS.join(', ')}` };
  }
  yield* checkHttpProbe(at(probe, 'httpGet'));
  yield* checkPort(at(probe, 'tcpSocket', 'port'));
  const exec = at(probe, 'exec');
  if (given(exec) && isEmptyList(at(exec, 'command'))) {
    yield { place: placeOfKey(exec, 'command'), what: 'the probe has no command', todo: 'write the command and its arguments' };
  }
}

function* checkHttpProbe(probe: Value): Problems {
  yield* checkPort(at(probe, 'port'));
  for (const header of items(at(probe, 'httpHeaders'))) yield* checkProbeHeader(header);
}

function* checkProbeHeader(header: YamlNode): Problems {
  const name = at(header, 'name');
  const written = text(name);
  if (unset(name) && header.type === 'map' && !header.open) {
    yield { place: placeOfKey(header, 'name'), what: 'the header has no name', todo: 'name it' };
  } else if (name !== undefined && written !== undefined && !/^[-A-Za-z0-9]+$/.test(written)) {
    yield {
      place: placeOf(name),
      what: `${shown(written)} is no name of a header here`,
      todo: 'use letters, digits and hyphens',
    };
  }
}
