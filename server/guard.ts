import { ErrorCodes, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';
import type { CancellationToken } from 'vscode-languageserver/node';

/** What a guard needs of the server. */
export interface Guarding {
  /** Set by `shutdown`: nothing is answered any more. */
  readonly stopped: boolean;
  fault(what: string, error: unknown): void;
}

/**
 * Wraps a request's handler: one that throws is logged and answers `empty`, so that a fault of ours, or parameters that are none, never
 * take the server down. A `ResponseError` is an answer, and passes.
 */
export function guarded<Params extends readonly unknown[], Result>(
  server: Guarding,
  what: string,
  empty: Result,
  handler: (...params: Params) => Result | Promise<Result>,
): (...params: Params) => Promise<Result> {
  return async (...params) => {
    if (server.stopped) throw new ResponseError(ErrorCodes.InvalidRequest, 'The server was shut down.');
    try {
      return await handler(...params);
    } catch (error) {
      if (error instanceof ResponseError) throw error;
      server.fault(what, error);
      return empty;
    }
  };
}

/** The same for a notification or an event, which answers nothing. */
export function guardedEvent<Params extends readonly unknown[]>(
  server: Guarding,
  what: string,
  handler: (...params: Params) => unknown,
): (...params: Params) => void {
  return (...params) => {
    if (server.stopped) return;
    void (async () => {
      try {
        await handler(...params);
      } catch (error) {
        // Work that was given up, as it is not wanted any more.
        if (error instanceof ResponseError) return;
        server.fault(what, error);
      }
    })();
  };
}

/** Ends a handler whose request was cancelled. */
export function throwIfCancelled(token: CancellationToken): void {
  if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.');
}
