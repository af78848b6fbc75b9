import { deepEqual } from 'node:assert/strict';
import { discard, open, replace, rulesIn, suite, untilReported, untilSilent } from './editor';

const DOUBLE = 'coexistence/double-injection';

/** A folder of 3,000 manifests. How fast is for the benchmark to say, and how much runs after an edit for test/incremental.test.ts. */
export const run = suite('large folder', {
  'its one conflict is found among 3,000 manifests': async () => {
    await untilReported('team-7/app-75.yaml', DOUBLE);
    deepEqual(
      rulesIn('team-8/app-81.yaml').filter((rule) => rule === DOUBLE),
      [],
    );
  },

  'an edit that is not saved reaches another file': async () => {
    const document = await open('team-7/namespace.yaml');
    await replace(document, 'istio-injection: enabled', 'istio-injection: disabled');
    await untilSilent('team-7/app-75.yaml', DOUBLE);
    await discard(document);
    await untilReported('team-7/app-75.yaml', DOUBLE);
  },
});
