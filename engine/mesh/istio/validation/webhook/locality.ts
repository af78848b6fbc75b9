import type { YamlNode } from '../../../../yaml/tree';
import { placeOf, placeOfKey } from '../problem';
import type { Problem } from '../problem';
import { at, entries, given, isWhole, items, keyText, missing, number, text, texts } from '../read';
import type { Value } from '../read';
import { shown } from './common';
import type { Problems } from './common';

/** Labels of the topology, by which failover follows regions and zones. */
const TOPOLOGY = ['topology.kubernetes.io/region', 'topology.kubernetes.io/zone', 'topology.istio.io/subzone'];

/** How localities share the load. */
export function* checkLocality(balancer: YamlNode, outlierDetection: Value): Problems {
  const [locality, zones] = [at(balancer, 'localityLbSetting'), at(balancer, 'zoneAwareLbSetting')];
  if (given(locality) && given(zones)) {
    yield {
      place: placeOfKey(balancer, 'zoneAwareLbSetting'),
      what: 'the load is shared by localities and by zones at once',
      todo: 'keep one of the two',
      related: [{ place: placeOfKey(balancer, 'localityLbSetting'), message: '"localityLbSetting" is set here' }],
    };
  }
  for (const setting of [locality, zones]) {
    if (!given(setting)) continue;
    yield* checkDistribution(setting);
    yield* checkFailover(setting, outlierDetection);
  }
}

function* checkDistribution(setting: YamlNode): Problems {
  const distribute = items(at(setting, 'distribute'));
  const failover = items(at(setting, 'failover'));
  if (distribute.length > 0 && failover.length > 0) {
    yield {
      place: placeOfKey(setting, 'failover'),
      what: '"distribute" and "failover" are set together',
      todo: 'keep one of them',
      related: [{ place: placeOfKey(setting, 'distribute'), message: '"distribute" is set here' }],
    };
  }
  const sources: Place[] = [];
  for (const share of distribute) {
    const from = at(share, 'from');
    if (from !== undefined && text(from) !== undefined) sources.push({ locality: text(from) ?? '', node: from });
    const to = at(share, 'to');
    yield* checkShares(to);
    yield* checkOverlap(entries(to).map((entry) => ({ locality: keyText(entry), node: entry.key })));
  }
  yield* checkOverlap(sources);
}

function* checkShares(to: Value): Problems {
  let sum = 0;
  for (const entry of entries(to)) {
    const weight = number(entry.value);
    if (weight === undefined) return;
    sum += weight;
    if (weight >= 1 && weight <= 100) continue;
    yield { place: placeOf(entry.value), what: `${weight} is no share in per cent`, todo: 'write 1 to 100' };
    return;
  }
  if (to?.type !== 'map' || !isWhole(to) || sum === 100) return;
  yield { place: placeOf(to), what: `the shares add up to ${sum} per cent`, todo: 'make them add up to 100' };
}

interface Place {
  readonly locality: string;
  readonly node: YamlNode;
}

/** Localities such as `us-east/zone1/*`: a wildcard at their end at most, and none within another. */
function* checkOverlap(places: readonly Place[]): Problems {
  /** Whole ones, and the parts before a wildcard. */
  const whole = new Map<string, YamlNode>();
  const wild = new Map<string, YamlNode>();
  /** Everything that a wildcard might cover. */
  const below = new Map<string, YamlNode>();
  for (const { locality, node } of places) {
    const star = locality.indexOf('*');
    if (locality === '' || (star >= 0 && star !== locality.length - 1)) {
      const what = locality === '' ? 'the locality is empty' : `the locality ${shown(locality)} has a wildcard before its end`;
      yield { place: placeOf(node), what, todo: 'write region/zone/subzone, of which the last may be "*"' };
      continue;
    }
    const parts = (star < 0 ? locality : locality.slice(0, -1).replace(/\/$/, '')).split('/').filter((part) => part !== '');
    const above = parts.map((_, i) => parts.slice(0, i).join('/'));
    const own = parts.join('/');
    const covering = above.map((prefix) => wild.get(prefix)).find((one) => one !== undefined) ?? wild.get(own) ?? whole.get(own);
    const first = covering ?? (star < 0 ? undefined : below.get(own));
    if (first !== undefined) yield overlap(locality, node, first);
    (star < 0 ? whole : wild).set(own, node);
    for (const prefix of [...above, own]) if (!below.has(prefix)) below.set(prefix, node);
  }
}

const overlap = (locality: string, node: YamlNode, first: YamlNode): Problem => ({
  place: placeOf(node),
  what: `the locality ${shown(locality)} overlaps another one here`,
  todo: 'make them differ',
  related: [{ place: placeOf(first), message: 'It overlaps this one' }],
});

function* checkFailover(setting: YamlNode, outlierDetection: Value): Problems {
  const failover = items(at(setting, 'failover'));
  const priority = texts(at(setting, 'failoverPriority'));
  const topology = priority.find(({ value }) => TOPOLOGY.some((label) => value === label || value.startsWith(`${label}=`)));
  if (failover.length > 0 && topology !== undefined) {
    yield {
      place: placeOf(topology.node),
      what: `"failover" says where regions fail over to, and ${shown(topology.value)} would say it as well`,
      todo: 'keep one of the two',
    };
  }
  for (const rule of failover) {
    const [from, to] = [at(rule, 'from'), at(rule, 'to')];
    for (const region of [from, to]) {
      const name = text(region);
      if (region === undefined || name === undefined || !/[/*]/.test(name)) continue;
      yield {
        place: placeOf(region),
        what: `${shown(name)} is no region: it has a "${name.includes('/') ? '/' : '*'}"`,
        todo: 'write the region alone',
      };
    }
    if (to !== undefined && text(from) !== undefined && text(from) === text(to)) {
      yield { place: placeOf(to), what: `the region ${shown(text(to) ?? '')} fails over to itself`, todo: 'name another region' };
    }
  }
  if (failover.length > 0 && missing(outlierDetection)) {
    yield {
      place: placeOfKey(setting, 'failover'),
      what: 'failover is configured without "outlierDetection"',
      effect: 'no proxy finds out that endpoints fail, so that nothing ever fails over',
      todo: 'set outlierDetection beside loadBalancer',
    };
  }
}
