/** A server that crashes this often in this time will do so again: started anew each time, it would only burn the processor. */
const LIMIT = 5;
const WINDOW_MS = 3 * 60 * 1000;

/** Counts crashes, and says when it is enough. */
export class Crashes {
  private times: number[] = [];

  /**
   * Notes one crash.
   * @param now milliseconds of any clock that does not go back
   * @returns whether the server is to be started once more
   */
  mayRestart(now: number): boolean {
    this.times = [...this.times.filter((time) => now - time < WINDOW_MS), now];
    return this.times.length < LIMIT;
  }

  /** Forgets them: somebody asked for another try. */
  clear(): void {
    this.times = [];
  }
}
