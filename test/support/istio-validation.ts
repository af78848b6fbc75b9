import type { Rule } from '../../engine/findings/rule';
import { Manifest } from '../../engine/yaml/manifest';
import type { YamlNode } from '../../engine/yaml/tree';
import { coveredText, workspaceOf } from './lint';

/** The root of a text's only document. */
export function nodeOf(text: string): YamlNode {
  const root = new Manifest('a.yaml', text, false).documents[0]?.root;
  if (root === undefined) throw new Error(`there is no document in ${text}`);
  return root;
}

/** What a rule says of one document, a line a finding: the text it covers, then the first sentence; warnings and infos say so. */
export function refusals(rule: Rule, document: string, file = 'a.yaml'): string[] {
  const files = { [file]: document };
  const workspace = workspaceOf(files, [rule]);
  const found = workspace.findings().map((finding) => {
    const { message, severity } = finding.reported;
    const first = /^.*?[^.][.?](?= |$)/s.exec(message)?.[0] ?? message;
    return `${severity === 'error' ? '' : `${severity}: `}${coveredText(files, finding)} | ${first}`;
  });
  const [fault] = workspace.faults();
  if (fault !== undefined) throw fault.error;
  return found;
}

const GROUPS: Readonly<Record<string, string>> = {
  AuthorizationPolicy: 'security.istio.io/v1',
  PeerAuthentication: 'security.istio.io/v1',
  RequestAuthentication: 'security.istio.io/v1',
  Telemetry: 'telemetry.istio.io/v1',
  WasmPlugin: 'extensions.istio.io/v1alpha1',
  TrafficExtension: 'extensions.istio.io/v1alpha1',
  EnvoyFilter: 'networking.istio.io/v1alpha3',
  ProxyConfig: 'networking.istio.io/v1beta1',
};

/** A document of one of Istio's kinds; `spec` in flow or block style, indented as it is to stand below `spec:`. */
export function istioDocument(kind: string, spec: string, metadata = ''): string {
  const body = spec.startsWith('{') ? ` ${spec}\n` : `\n${spec.replace(/^(?=.)/gm, '  ')}\n`;
  return `apiVersion: ${GROUPS[kind] ?? 'networking.istio.io/v1'}\nkind: ${kind}\nmetadata:\n  name: a\n${metadata}spec:${body}`;
}
