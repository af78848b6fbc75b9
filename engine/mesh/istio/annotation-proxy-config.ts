import { nearestName } from '../../configuration/nearest-name';
import { parseEmbedded } from '../../yaml/embedded';
import { entriesOf } from '../../yaml/tree';
import type { MapEntry, Place, ScalarNode, YamlNode } from '../../yaml/tree';
import type { ValueFault } from './annotation-values';
import { parseDuration } from './validation/values/duration';
import { isHostOrIp } from './validation/values/host';

type FieldType = 'truth' | 'number' | 'port' | 'text' | 'address' | 'duration' | 'map' | 'texts' | 'list' | readonly string[];

/**
 * The fields of MeshConfig's ProxyConfig, which the annotation holds (istio/api mesh/v1alpha1/proxy.proto, v1.31.1), with the checks of
 * istio/istio pkg/config/validation/agent/validation.go ValidateMeshConfigProxyConfig, 1.32 development. `texts` is a map of strings.
 */
const FIELDS: ReadonlyMap<string, FieldType> = new Map<string, FieldType>(
  Object.entries({
    configPath: 'text',
    binaryPath: 'text',
    serviceCluster: 'text',
    tracingServiceName: ['APP_LABEL_AND_NAMESPACE', 'CANONICAL_NAME_ONLY', 'CANONICAL_NAME_AND_NAMESPACE'],
    drainDuration: 'duration',
    discoveryAddress: 'address',
    discoveryRefreshDelay: 'duration',
    zipkinAddress: 'text',
    statsdUdpAddress: 'address',
    envoyMetricsServiceAddress: 'text',
    proxyAdminPort: 'port',
    availabilityZone: 'text',
    controlPlaneAuthPolicy: ['NONE', 'MUTUAL_TLS'],
    customConfigFile: 'text',
    statNameLength: 'number',
    concurrency: 'number',
    proxyBootstrapTemplatePath: 'text',
    interceptionMode: ['REDIRECT', 'TPROXY', 'NONE'],
    tracing: 'map',
    sds: 'map',
    envoyAccessLogService: 'map',
    envoyMetricsService: 'map',
    proxyMetadata: 'texts',
    runtimeValues: 'texts',
    statusPort: 'port',
    extraStatTags: 'list',
    gatewayTopology: 'map',
    terminationDrainDuration: 'duration',
    meshId: 'text',
    readinessProbe: 'map',
    proxyStatsMatcher: 'map',
    holdApplicationUntilProxyStarts: 'truth',
    caCertificatesPem: 'list',
    image: 'map',
    privateKeyProvider: 'map',
    proxyHeaders: 'map',
    fileFlushInterval: 'duration',
    fileFlushMinSizeKb: 'number',
    statsCompression: 'truth',
    connectionSettings: 'map',
  } satisfies Record<string, FieldType>),
);
const NAMES = [...FIELDS.keys()];

/**
 * What is wrong with the settings in the annotation `proxy.istio.io/config`: text that is no YAML, a field of another type, one that does
 * not exist. Values inside of the larger fields are not looked at, except for maps of strings.
 */
export function proxySettingsFaults(node: ScalarNode): readonly ValueFault[] {
  const embedded = parseEmbedded(node);
  const whole = wholeText(node);
  if (embedded === undefined) return [];
  if (embedded.problem !== undefined) {
    return [{ place: whole, what: `holds no YAML: ${embedded.problem.message}`, todo: 'correct the syntax' }];
  }
  const { root } = embedded;
  if (root === undefined || root.type === 'unknown' || (root.type === 'scalar' && root.value === null)) return [];
  if (root.type !== 'map')
    return [{ place: whole, what: 'holds no settings', todo: 'write fields of ProxyConfig, as "name: value"' }];
  return root.entries.flatMap((entry) => fieldFaults(entry));
}

/** A block that runs over several lines is marked by its key. */
function wholeText(node: ScalarNode): Place {
  return { node: node.style === 'literal' || node.style === 'folded' ? (node.key ?? node) : node };
}

function fieldFaults({ key, value }: MapEntry): readonly ValueFault[] {
  const name = String(key.value);
  const type = FIELDS.get(camelCase(name));
  if (type === undefined) return [unknownField(key, name)];
  if (value.type === 'unknown' || (value.type === 'scalar' && value.value === null)) return [];
  const place = value.type === 'scalar' ? value : key;
  if (type === 'texts')
    return value.type === 'map' ? entriesOf(value).flatMap(textFaults(name)) : [mistyped(place, name, 'a map')];
  const wanted = wantedOf(type, value);
  if (wanted === undefined) return [];
  const near = typeof type === 'object' && value.type === 'scalar' ? nearestName(String(value.value), type) : undefined;
  const fault = mistyped(place, name, wanted);
  return [near === undefined || value.type !== 'scalar' ? fault : { ...fault, instead: { node: value, text: near } }];
}

function mistyped(node: YamlNode, name: string, wanted: string): ValueFault {
  return { place: { node }, what: `sets ${name} to something else than ${wanted}`, todo: `write ${wanted}` };
}

/** Numbers and booleans are what people forget to quote: environment variables are texts. */
function textFaults(name: string): (entry: MapEntry) => readonly ValueFault[] {
  return ({ key, value }) => {
    if (value.type === 'unknown' || (value.type === 'scalar' && (typeof value.value === 'string' || value.value === null)))
      return [];
    const variable = `${name}.${String(key.value)}`;
    if (value.type !== 'scalar') return [mistyped(key, variable, 'a text')];
    const text = value.source.slice(value.start, value.end);
    return [{ ...mistyped(value, variable, 'a text'), todo: `put ${text} into quotes`, instead: { node: value, text } }];
  };
}

function unknownField(key: ScalarNode, name: string): ValueFault {
  const near = nearestName(name, NAMES);
  return {
    place: { node: key },
    what: `sets "${name}", which is no field of ProxyConfig`,
    todo: near === undefined ? 'remove it' : `did you mean "${near}"?`,
    effect: 'Istio drops it, so that it has no effect',
    ...(near === undefined ? {} : { instead: { node: key, text: near } }),
  };
}

/** What a value would have to be; undefined for one that is. Decoders take numbers in quotes, and no booleans in quotes. */
function wantedOf(type: Exclude<FieldType, 'texts'>, value: YamlNode): string | undefined {
  if (type === 'map') return value.type === 'map' ? undefined : 'a map';
  if (type === 'list') return value.type === 'sequence' ? undefined : 'a list';
  const scalar = value.type === 'scalar' ? value.value : undefined;
  if (typeof type === 'object')
    return type.includes(String(scalar)) || typeof scalar === 'number' ? undefined : type.join(' or ');
  switch (type) {
    case 'truth':
      return typeof scalar === 'boolean' ? undefined : 'true or false, without quotes';
    case 'number':
      return isWhole(scalar) ? undefined : 'a whole number';
    case 'port':
      return isWhole(scalar) && Number(scalar) >= 1 && Number(scalar) <= 65535 ? undefined : 'a port from 1 to 65535';
    case 'duration':
      return typeof scalar === 'string' && parseDuration(scalar) !== undefined ? undefined : 'a length of time such as 45s';
    case 'address':
      return typeof scalar === 'string' && isAddress(scalar) ? undefined : 'a host and a port, as host:port';
    case 'text':
      return typeof scalar === 'string' ? undefined : 'a text';
  }
}

function isWhole(value: unknown): boolean {
  return Number.isInteger(value) || (typeof value === 'string' && /^-?\d{1,20}$/.test(value));
}

function isAddress(text: string): boolean {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, Math.max(0, colon)).replace(/^\[([^\]]*)\]$/, '$1');
  const port = text.slice(colon + 1);
  return colon > 0 && isHostOrIp(host) && /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= 65535;
}

/** Decoders take `status_port` for `statusPort`. */
function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
