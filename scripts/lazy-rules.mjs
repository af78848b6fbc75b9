import { importTypeScript } from './typescript.mjs';
import { DOCUMENTATION } from './without-documentation.mjs';

/** The groups of the kinds that a mesh's own API has, and the file for the rules that are about nothing else. Rules that say what text they need go there too. */
const FILES = [
  [/\.istio\.io$/, 'rules/istio'],
  [/\.linkerd\.io$/, 'rules/linkerd'],
  [/\.cilium\.io$/, 'rules/cilium'],
  [/\.gateway\.networking\.k8s\.io$/, 'rules/gateway-api'],
];

/** The rules, by id. */
let rules = new Map();

/**
 * For `lazyFiles`: of a rule that is about kinds of one mesh alone, or about texts that few resources hold, the bundle has all but `check`,
 * and a stand-in for that. The file with the checks, and with what only they need, is loaded when the first such resource is checked.
 */
export const lazyRules = {
  filter: /[\\/]rules[\\/][a-z-]+[\\/][a-z-]+\.ts$/,
  start: async () => {
    const imported = await importTypeScript("export { rules } from './rules/index';");
    rules = new Map(imported.rules.map((rule) => [rule.id, rule]));
  },
  file: (path) => {
    const rule = rules.get(idOf(path));
    if (rule?.mentions !== undefined) return `rules/${rule.id.split('/')[0]}`;
    return FILES.find(([group]) => rule?.kinds.every((kind) => group.test(kind)))?.[1];
  },
  standIn: (load, path) => {
    const shown = Object.entries(rules.get(idOf(path))).filter(([name]) => name !== 'check' && !DOCUMENTATION.includes(name));
    const properties = JSON.stringify(Object.fromEntries(shown));
    return `
      let loaded;
      export const rule = {
        ...${properties},
        check: (subject, view) => (loaded ??= ${load}).rule.check(subject, view),
      };`;
  },
};

/** `rules/istio/a.ts` → `istio/a` */
const idOf = (path) => /([a-z-]+[\\/][a-z-]+)\.ts$/.exec(path)?.[1].replace('\\', '/');
