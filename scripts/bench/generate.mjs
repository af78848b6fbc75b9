/**
 * Repositories for measuring, the same ones in every run: Kustomize bases with overlays for two clusters, two more clusters in plain
 * folders, apps in Istio's sidecars, in ambient mode, in Linkerd, under Cilium's policies and outside of all meshes, with a few mistakes.
 */
import { emit, emitFile } from './emit.mjs';
import * as mesh from './mesh-manifests.mjs';
import { otherManifest, serviceAccount } from './other-manifests.mjs';
import { randomFrom } from './random.mjs';

/**
 * @typedef {object} Repository
 * @property {ReadonlyMap<string, string>} files texts by path
 * @property {number} resources Kubernetes objects in them, patches included, kustomizations not
 * @property {string | undefined} large a file of 1 MB with many documents; small repositories have none
 * @property {readonly Toggle[]} toggles edits of one file that change findings of another one
 *
 * @typedef {object} Toggle
 * @property {string} title
 * @property {string} path the file that is edited
 * @property {readonly [string, string]} texts what is put in the other's place, back and forth; the first stands in the file, once
 * @property {string} affects the file whose findings change
 */

/** Of all resources so many stand in bases and overlays. */
const KUSTOMIZED = 0.4;
const LARGE_BYTES = 1_000_000;
/** Below this a file of 1 MB would be most of the repository. */
const LARGE_FROM = 3000;

/** The meshes of the first namespaces, which all sizes have, and of those that follow. */
const FIRST_MESHES = ['istio', 'istio', 'linkerd', 'ambient'];
const MESHES = ['istio', 'linkerd', 'none', 'istio', 'cilium', 'istio', 'ambient', 'none', 'linkerd', 'istio'];
const WORDS = ['cart', 'catalog', 'checkout', 'invoice', 'mail', 'orders', 'pricing', 'profile', 'search', 'stock'];

/**
 * @param {object} options
 * @param {number} options.resources exactly so many
 * @param {boolean} [options.others] whether half of the bytes are kinds of which the engine reads no more than the name; else none is
 * @param {number} [options.seed]
 * @returns {Repository}
 */
export function generate({ resources, others = true, seed = 20 }) {
  return new Generator(resources, others, randomFrom(seed)).run();
}

class Generator {
  constructor(resources, others, random) {
    this.total = resources;
    this.left = resources;
    this.others = others;
    this.random = random;
    this.files = new Map();
    this.toggles = [];
    this.readBytes = 0;
    this.otherBytes = 0;
    this.apps = 0;
    /** Documents of the large file, until it is full. */
    this.large = [];
    this.largeBytes = 0;
  }

  run() {
    for (const cluster of ['clusters/eu', 'clusters/us']) this.platform(`${cluster}/platform`);
    this.platform('fleet/platform');
    this.write('fleet/platform/kustomization.yaml', kustomization({ resources: ['mesh.yaml'] }));
    this.firstNamespaces();
    this.bases(Math.floor(this.total * (1 - KUSTOMIZED)));
    for (let i = 0; this.left > 0; i++) this.plainNamespace(i);
    const large = this.large.length === 0 ? undefined : 'clusters/eu/rendered.yaml';
    if (large !== undefined) this.files.set(large, this.large.join('---\n'));
    // The smallest repositories end before them.
    const toggles = this.toggles.filter(({ path, affects }) => this.files.has(path) && this.files.has(affects));
    return { files: this.files, resources: this.total - this.left, large, toggles };
  }

  platform(folder) {
    this.add(`${folder}/mesh.yaml`, [
      mesh.namespace('istio-system', 'none'),
      mesh.peerAuthentication('istio-system', 'PERMISSIVE'),
      mesh.namespace('linkerd', 'none', { annotations: { 'linkerd.io/inject': 'disabled' } }),
    ]);
  }

  /** What the toggles need stands in the first namespaces of one cluster. */
  firstNamespaces() {
    const [strict, injected, linkerd] = FIRST_MESHES.map((kind, i) => {
      const name = `core-${i}`;
      const folder = `clusters/eu/${name}`;
      this.add(`${folder}/namespace.yaml`, [mesh.namespace(name, kind)]);
      return { folder, apps: this.appsOf(name, kind, 2) };
    });
    this.add(`${strict.folder}/policy.yaml`, [mesh.peerAuthentication('core-0', 'STRICT')]);
    this.writeApps(strict, {});
    this.writeApps(injected, { podLabels: { 'sidecar.istio.io/inject': 'false' } });
    this.writeApps(linkerd, { annotations: { 'linkerd.io/inject': 'disabled' } });
    const fileOf = ({ folder, apps }) => `${folder}/${apps[0].name}.yaml`;
    this.toggles.push(
      {
        title: "a Namespace's linkerd.io/inject",
        path: `${linkerd.folder}/namespace.yaml`,
        texts: ['linkerd.io/inject: enabled', 'linkerd.io/inject: disabled'],
        affects: fileOf(linkerd),
      },
      {
        title: "a Deployment's sidecar.istio.io/inject",
        path: fileOf(injected),
        texts: ['sidecar.istio.io/inject: "false"', 'sidecar.istio.io/inject: "true"'],
        affects: `${strict.folder}/policy.yaml`,
      },
    );
  }

  /** Bases with an overlay for each of two clusters, until no more than so many resources are left. */
  bases(leaving) {
    const overlays = [];
    for (let i = 0; this.left > leaving; i++) {
      const name = `team-${i}`;
      const kind = MESHES[i % MESHES.length];
      const base = `apps/${name}/base`;
      this.add(`${base}/namespace.yaml`, [mesh.namespace(name, kind)]);
      const apps = this.appsOf(name, kind, this.random.integer(1, 5));
      const written = this.writeApps({ folder: base, apps }, {});
      this.write(`${base}/kustomization.yaml`, kustomization({ resources: ['namespace.yaml', ...written] }));
      for (const cluster of ['staging', 'production']) {
        const overlay = `apps/${name}/overlays/${cluster}`;
        this.add(`${overlay}/replicas.yaml`, [replicasPatch(apps[0], cluster === 'production' ? 6 : 1)]);
        this.write(
          `${overlay}/kustomization.yaml`,
          kustomization({
            resources: ['../../base'],
            labels: [{ pairs: { cluster } }],
            images: [{ name: `registry.example/shop/${apps[0].name}`, newTag: `2.${i}.0` }],
            ...(this.files.has(`${overlay}/replicas.yaml`) ? { patches: [{ path: 'replicas.yaml' }] } : {}),
          }),
        );
      }
      overlays.push((cluster) => `../../apps/${name}/overlays/${cluster}`);
    }
    for (const cluster of ['staging', 'production']) {
      const all = overlays.map((overlay) => overlay(cluster));
      this.write(`fleet/${cluster}/kustomization.yaml`, kustomization({ resources: ['../platform', ...all] }));
    }
  }

  plainNamespace(i) {
    const { random } = this;
    const name = `area-${i}`;
    const kind = MESHES[i % MESHES.length];
    const isLarge = this.total >= LARGE_FROM && this.largeBytes < LARGE_BYTES;
    // By turns for stretches of namespaces, so that each cluster has all meshes.
    const cluster = Math.floor(i / MESHES.length) % 2 === 0 ? 'eu' : 'us';
    const folder = isLarge ? undefined : `clusters/${cluster}/${name}`;
    const own = folder === undefined ? undefined : `${folder}/namespace.yaml`;
    this.add(own, [mesh.namespace(name, kind, this.mistakesOf(kind))]);
    if (kind === 'istio' && random.oneIn(5)) this.add(own && `${folder}/policy.yaml`, [mesh.peerAuthentication(name, 'STRICT')]);
    this.writeApps({ folder, apps: this.appsOf(name, kind, random.integer(2, 6)) }, undefined);
  }

  mistakesOf(kind) {
    const { random } = this;
    if (kind === 'istio' && random.oneIn(30)) return { labels: { 'istio.io/rev': 'canary' } };
    if (kind === 'istio' && random.oneIn(30)) return { annotations: { 'linkerd.io/inject': 'enabled' } };
    return kind === 'none' && random.oneIn(4) ? { labels: { 'istio-injection': undefined } } : {};
  }

  appsOf(home, kind, count) {
    return Array.from({ length: count }, () => {
      const number = this.apps++;
      const name = `${WORDS[number % WORDS.length]}-${number}`;
      return { name, namespace: home, mesh: kind, port: 8000 + this.random.integer(0, 99) };
    });
  }

  /**
   * @param {{ folder: string | undefined, apps: import('./mesh-manifests.mjs').App[] }} where no folder is the large file
   * @param {object | undefined} settings of their Deployments; by chance when undefined
   * @returns {string[]} the files written, by their names in the folder
   */
  writeApps({ folder, apps }, settings) {
    const { random } = this;
    const written = [];
    const add = (name, documents) => {
      if (this.add(folder && `${folder}/${name}`, documents) > 0 && folder !== undefined) written.push(name);
    };
    apps.forEach((app, i) => {
      const caller = apps[(i + 1) % apps.length];
      add(`${app.name}.yaml`, [
        mesh.deployment(app, random, settings ?? this.settingsOf(app)),
        mesh.service(app),
        ...mesh.policies(app, caller, random),
      ]);
      if (!this.others) return;
      add(`${app.name}-account.yaml`, [serviceAccount(app)]);
      for (let number = 0; this.otherBytes < this.readBytes && this.left > 0; number++) {
        add(`${app.name}-${number}.yaml`, [otherManifest(app, number, random)]);
      }
    });
    return written;
  }

  settingsOf({ mesh: kind }) {
    if (kind === 'linkerd' && this.random.oneIn(15)) return { annotations: { 'linkerd.io/inject': 'disabled' } };
    if (kind === 'istio' && this.random.oneIn(25)) return { podLabels: { 'sidecar.istio.io/inject': 'false' } };
    return {};
  }

  /**
   * Adds as many documents as are still wanted; a path of undefined is the large file.
   * @returns {number} how many those were
   */
  add(path, documents) {
    const style = path === undefined ? PLAIN_STYLE : this.style();
    const taken = documents.slice(0, this.left);
    this.left -= taken.length;
    if (taken.length === 0) return 0;
    const texts = taken.map((document) => emit(document, style));
    taken.forEach((document, i) => {
      const bytes = Buffer.byteLength(texts[i]);
      if (OTHER_GROUPS.test(document.apiVersion) || OTHER_KINDS.has(document.kind)) this.otherBytes += bytes;
      else this.readBytes += bytes;
      if (path === undefined) this.largeBytes += bytes;
    });
    if (path === undefined) this.large.push(...texts);
    else this.files.set(path, emitFile(texts, style));
    return taken.length;
  }

  /** A file that is no resource. */
  write(path, document) {
    this.files.set(path, emit(document, this.style()));
  }

  style() {
    const { random } = this;
    return {
      indentsItems: !random.oneIn(3),
      marksStart: random.oneIn(3),
      quote: random.oneIn(6) ? "'" : '"',
      newline: random.oneIn(60) ? '\r\n' : '\n',
    };
  }
}

/** As `kustomize build` and `helm template` print. */
const PLAIN_STYLE = { indentsItems: false, marksStart: false, quote: '"', newline: '\n' };

const OTHER_GROUPS =
  /^(?:rbac\.authorization\.k8s\.io|networking\.k8s\.io|policy|monitoring\.coreos\.com|external-secrets\.io|apiextensions\.k8s\.io)\//;
const OTHER_KINDS = new Set(['ServiceAccount', 'PersistentVolumeClaim', 'ConfigMap']);

function kustomization(fields) {
  return { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', ...fields };
}

function replicasPatch({ name, namespace }, replicas) {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace }, spec: { replicas } };
}
