/** Modules of the engine that only some repositories need: the file that each goes to, and what it exports. */
const MODULES = [
  // Objects of Argo CD and Flux, and charts' values.
  ['engine/environments/deliveries', 'deliveries', ['deliveriesOf']],
  ['engine/environments/kustomize/steps', 'kustomize', ['accumulated', 'finished', 'inlineDocuments']],
  // Cilium's settings, and its label of a Namespace.
  ['engine/mesh/cilium/read-settings', 'cilium', ['readSettings']],
  ['engine/mesh/cilium/ztunnel-enrolment', 'cilium', ['decideZtunnel']],
  // The whole of YAML.
  ['engine/yaml/package-parser', 'yaml', ['parseWithPackage']],
];

const moduleOf = (path) => MODULES.find(([name]) => path.replaceAll('\\', '/').endsWith(`${name}.ts`));

/** For `lazyFiles`: each of these modules is a file of its own, loaded when one of its functions is first called. */
export const lazyEngine = {
  filter: /[\\/](?:deliveries|steps|read-settings|ztunnel-enrolment|package-parser)\.ts$/,
  file: (path) => moduleOf(path)?.[1],
  standIn: (load, path) => {
    const functions = moduleOf(path)[2];
    const calls = functions.map((name) => `export const ${name} = (...given) => (loaded ??= ${load}).${name}(...given);`);
    return `let loaded;\n${calls.join('\n')}`;
  },
};
