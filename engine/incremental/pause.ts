/** How whoever has other work too keeps a query's work in slices of time. Time is of the host: here is no clock. */
export interface Pace {
  /** Whether a pause is due. */
  readonly isDue: () => boolean;
  /** The time, in whatever unit. */
  readonly now: () => number;
}

/** For those who want everything at once. */
export const AT_ONCE: Pace = { isDue: () => false, now: () => 0 };

class Pause extends Error {}

/** Passes through all queries that are under way, which run again from their start later. Nobody but the graph catches it. */
export const PAUSE: Error = new Pause('paused');
