import { cpus, release, totalmem, type } from 'node:os';
import { arch, versions } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';

/** The machine, as far as it explains figures; nothing that names it. */
export function machine() {
  const [cpu] = cpus();
  return {
    cpu: cpu?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release().replace(/^(\d+\.\d+).*$/, '$1')}, ${arch}`,
    node: versions.node,
  };
}

/** How much of the machine's time others take: percent of all cores, over a second in which we do nothing. */
export async function busyness() {
  const times = () =>
    cpus().reduce(
      ({ idle, all }, { times: { idle: slept, user, nice, sys, irq } }) => ({
        idle: idle + slept,
        all: all + slept + user + nice + sys + irq,
      }),
      { idle: 0, all: 0 },
    );
  const before = times();
  await pause(1000);
  const after = times();
  return 100 * (1 - (after.idle - before.idle) / (after.all - before.all));
}
