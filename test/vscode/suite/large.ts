import { deepEqual, ok } from 'node:assert/strict';
import { discard, open, replace, rulesIn, suite, untilReported, untilSilent } from './editor';

const DOUBLE = 'coexistence/double-injection';

/** A folder of 3,000 manifests. The times are far above what it takes: they are there to catch work that grows with the square. */
export const run = suite('large folder', {
  'its one conflict is found among 3,000 manifests': async () => {
    await untilReported('team-7/app-75.yaml', DOUBLE, 0, 30_000);
    deepEqual(
      rulesIn('team-8/app-81.yaml').filter((rule) => rule === DOUBLE),
      [],
    );
  },

  'an edit that is not saved reaches another file soon': async () => {
    const document = await open('team-7/namespace.yaml');
    const start = performance.now();
    await replace(document, 'istio-injection: enabled', 'istio-injection: disabled');
    await untilSilent('team-7/app-75.yaml', DOUBLE);
    const taken = performance.now() - start;
    ok(taken < 2_000, `it took ${Math.round(taken)} ms`);
    await discard(document);
    await untilReported('team-7/app-75.yaml', DOUBLE);
  },
});
