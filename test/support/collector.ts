import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** What collects garbage. A weak reference that was looked through holds until the job ends, so this waits for that first. */
export function collector(): () => Promise<void> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  return async () => {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
  };
}
