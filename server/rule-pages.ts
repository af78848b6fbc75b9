import { rules } from '../rules';
import type { Feature } from './features';

/** Opens the documentation of a rule in the browser; takes the rule's id. */
export const OPEN_RULE = 'meshLint.openRule';

/** The command that opens a rule's page: the address is ours, never the caller's. */
export const rulePages: Feature = {
  name: 'pages of rules',
  register(connection, _folders, client) {
    if (client.window?.showDocument?.support !== true) return {};
    return {
      commands: {
        [OPEN_RULE]: async ([id]) => {
          const rule = rules.find((candidate) => candidate.id === id);
          if (rule === undefined) return false;
          return (await connection.window.showDocument({ uri: rule.docs, external: true })).success;
        },
      },
    };
  },
};
