import { median, percentile } from './statistics.mjs';

const OVERLAYS = 200;
/** Of the base, built into each overlay: 30,000 in all. */
const RESOURCES = 150;

/** @type {import('./context.mjs').Measurement} */
export const overlays = {
  name: 'overlays',
  title: 'Many environments of one base',
  method: `A base of ${RESOURCES} resources is built into ${OVERLAYS} Kustomize overlays, each with a namespace, labels and a patch of its own. The engine opens all of them, then a patch of one overlay is edited back and forth, and then a label in the base. Counted are the environments in which some pair of rule and subject runs again.`,
  async measure(context) {
    if (context.folder !== undefined) return [];
    const { open, resources, own, shared } = await context.inProcess('./overlays-process.mjs', {
      engine: context.engine,
      overlays: OVERLAYS,
      resources: RESOURCES,
    });
    return [
      { about: 'opening', value: open, unit: 'ms', note: `${resources.toLocaleString('en')} resources as they are built` },
      {
        about: "an edit of one overlay's patch: environments in which something runs again",
        value: Math.max(...own.environments),
        unit: '',
        most: 1,
      },
      { about: "an edit of one overlay's patch: time in the engine, p95", value: percentile(own.times, 95), unit: 'ms' },
      {
        about: 'an edit of the base: environments in which something runs again',
        value: median(shared.environments),
        unit: '',
      },
      { about: 'an edit of the base: time in the engine, p95', value: percentile(shared.times, 95), unit: 'ms' },
    ];
  },
};
