import { describe, expect, it } from 'vitest';
import { applyEdits, coveredText, startOf, workspaceOf } from '../../test/support/lint';
import { istioDocument, refusals } from '../../test/support/istio-validation';
import { rule as conflictingFields } from './conflicting-fields';
import { rule as deprecatedField } from './deprecated-field';
import { rule as invalidServiceEntry } from './invalid-service-entry';
import { rule as invalidVirtualService } from './invalid-virtual-service';
import { rule as invalidValue } from './invalid-value';
import { rule as missingField } from './missing-field';
import { rule as unknownField } from './unknown-field';

/** Rules that share the API server's verdict. */
const rules = [conflictingFields, invalidValue, missingField, unknownField];

describe('who says what', () => {
  it('one place has one finding of the API server', () => {
    const document = istioDocument('TrafficExtension', '{ wasm: { url: a }, lua: { inlineCode: b } }');
    expect(rules.flatMap((rule) => refusals(rule, document))).toEqual([
      'lua | spec sets "wasm" and "lua", of which only one may be set.',
    ]);
  });

  it('and the webhook nothing more', () => {
    const document = istioDocument('ServiceEntry', '{ hosts: [a.com], ports: [{ name: a, number: 0 }, { name: a, number: 1 }] }');
    expect(rules.flatMap((rule) => refusals(rule, document))).toEqual(['0 | 0 is no port.', 'a | The name "a" is there twice.']);
    expect(refusals(invalidServiceEntry, document)).toEqual([]);
  });

  it('refusals stand for IST0106, warnings for IST0133', () => {
    const files = {
      'a.yaml': istioDocument(
        'ServiceEntry',
        'hosts: [a.com]\nports: [{ name: a_b, number: 1 }]\nworkloadSelector: { labels: { a: b } }',
      ),
    };
    const found = workspaceOf(files, [invalidServiceEntry]).findings();
    expect(found.map(({ reported }) => [reported.severity, reported.equivalents])).toEqual([
      ['error', ['IST0106', 'refused']],
      ['warning', ['IST0133']],
    ]);
  });

  it('a refusal that is not known to come is an info, and says what it hangs on', () => {
    const http = 'http: [{ route: [{ destination: { host: a } }], retries: { attempts: 1, retryOn: sometimes } }]';
    const files = { 'a.yaml': istioDocument('VirtualService', `hosts: [a.com]\n${http}`) };
    const found = workspaceOf(files, [invalidVirtualService]).findings();
    expect(found.map(({ reported: { severity, equivalents, message } }) => [severity, equivalents, message])).toEqual([
      [
        'info',
        ['IST0106', 'refused'],
        '"sometimes" is no condition for retries that is known here, and no HTTP status. Unless Envoy has such a condition, Istio\'s webhook refuses VirtualService a: none of it takes effect. Write conditions such as connect-failure, reset or 503, with commas.',
      ],
    ]);
  });
});

describe('templates', () => {
  const CHART = { 'chart/Chart.yaml': 'apiVersion: v2\nname: a\nversion: 1.0.0\n' };
  const inChart = (text: string): string[] => {
    const files = { ...CHART, 'chart/templates/a.yaml': text };
    return workspaceOf(files, [...rules, invalidServiceEntry])
      .findings()
      .map((finding) => coveredText(files, finding));
  };

  it('hide values, fields and items', () => {
    expect(
      inChart(
        'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: {{ .Values.name }}\nspec:\n  hosts:\n    {{- range .Values.hosts }}\n    - {{ . }}\n    {{- end }}\n  resolution: {{ .Values.resolution }}\n  ports:\n    - number: {{ .Values.port }}\n      {{- include "a.port" . | nindent 6 }}\n  {{- with .Values.endpoints }}\n  endpoints: {{- toYaml . | nindent 4 }}\n  {{- end }}\n',
      ),
    ).toEqual([]);
  });

  it('do not hide what is written', () => {
    expect(
      inChart(
        'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata:\n  name: {{ .Values.name }}\nspec:\n  hosts: [a.com]\n  resolution: DSN\n  {{- if .Values.external }}\n  location: {{ .Values.location }}\n  {{- end }}\n  portz:\n    - number: {{ .Values.port }}\n',
      ),
    ).toEqual(['DSN', 'portz']);
  });
});

describe('overlays', () => {
  const files = {
    'base/kustomization.yaml': 'resources: [rule.yaml]\n',
    'base/rule.yaml': istioDocument('DestinationRule', 'host: a\ntrafficPolicy:\n  tls:\n    mode: SIMPLE'),
    'prod/kustomization.yaml': 'resources: [../base]\npatches:\n  - path: patch.yaml\n',
    'prod/patch.yaml':
      'apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata:\n  name: a\nspec:\n  trafficPolicy:\n    tls:\n      mode: Mutual\n',
  };

  it('are looked at as they are built: what a patch breaks stands in the patch, and the patch itself is no resource', () => {
    const found = workspaceOf(files, rules).findings();
    expect(found.map((finding) => [startOf(finding), coveredText(files, finding), finding.reported.environments])).toEqual([
      ['prod/patch.yaml:8:13', 'Mutual', ['prod']],
    ]);
  });
});

describe('fixes', () => {
  const fixed = (rule: (typeof rules)[number], text: string): string | undefined => {
    const files = { 'a.yaml': text };
    const edits = workspaceOf(files, [rule]).findings()[0]?.fixes[0]?.edits();
    return edits === undefined ? undefined : applyEdits(files, edits)['a.yaml'];
  };

  it('renames where the name is free', () => {
    expect(fixed(unknownField, istioDocument('Sidecar', '{ egres: [] }'))).toBe(istioDocument('Sidecar', '{ egress: [] }'));
    expect(fixed(unknownField, istioDocument('Sidecar', '{ egress: [], egres: [] }'))).toBeUndefined();
  });

  it('puts quotes around what YAML takes for something else', () => {
    expect(fixed(invalidValue, istioDocument('Gateway', '{ selector: { a: 1 } }'))).toBe(
      istioDocument('Gateway', '{ selector: { a: "1" } }'),
    );
    expect(fixed(invalidValue, istioDocument('Gateway', '{ selector: { a: on } }'))).toBe(
      istioDocument('Gateway', '{ selector: { a: "on" } }'),
    );
  });

  it('moves values to their new places, in JSON as well', () => {
    const route = (rest: string): string => istioDocument('VirtualService', `hosts: [a]\nhttp:\n  - route: []\n    ${rest}`);
    expect(fixed(deprecatedField, route('mirrorPercent: 10'))).toBe(route('mirrorPercentage: { value: 10 }'));
    expect(fixed(deprecatedField, route('mirror_percent: 10'))).toBe(route('mirrorPercentage: { value: 10 }'));
    expect(fixed(deprecatedField, route('mirrorPercent: 10\n    mirrorPercentage: { value: 5 }'))).toBeUndefined();
    const json = (rest: string): string =>
      `{"apiVersion":"security.istio.io/v1","kind":"RequestAuthentication","metadata":{"name":"a"},"spec":{"jwtRules":[{"issuer":"a",${rest}}]}}`;
    expect(fixed(deprecatedField, json('"jwks_uri": "https://a.com"'))).toBe(json('"jwksUri": "https://a.com"'));
  });
});

it('looks no further where aliases make a document larger than any resource', () => {
  const levels = Array.from(
    { length: 8 },
    (_, i) => `  l${i}: &l${i} [${Array.from({ length: 10 }, () => (i === 0 ? 'a' : `*l${i - 1}`)).join(', ')}]`,
  );
  const text = `${istioDocument('VirtualService', 'hosts: [a_b]')}${levels.join('\n')}\n`;
  const start = performance.now();
  const found = workspaceOf({ 'a.yaml': text }, [...rules, deprecatedField]).findings();
  expect(found).toEqual([]);
  expect(performance.now() - start).toBeLessThan(3000);
});
