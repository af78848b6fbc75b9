import { Delivery } from './delivery';
import { asksForDiagnostics, diagnosticShape } from './diagnostics';
import type { Feature } from './features';

/** Diagnostics for clients that do not ask for them, or cannot be told to ask again. */
export const push: Feature = {
  name: 'diagnostics unasked',
  register(connection, folders, client) {
    if (asksForDiagnostics(client)) return {};
    const delivery = new Delivery(folders, diagnosticShape(client), (changes) => {
      for (const { uri, version, diagnostics } of changes) {
        void connection.sendDiagnostics(version === null ? { uri, diagnostics } : { uri, version, diagnostics });
      }
    });
    folders.onSettled((folder) => delivery.deliver(folder));
    folders.onRemoved((folder) => delivery.withdraw(folder));
    return {};
  },
};
