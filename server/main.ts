import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';
import { codeActions } from './code-actions';
import { completions } from './completion';
import { configuration } from './configuration';
import { hovers } from './hover';
import { indexProgress } from './index-progress';
import { lenses } from './lenses';
import { pull } from './pull';
import { push } from './push';
import { resting } from './resting';
import { rulePages } from './rule-pages';
import { serve } from './serve';
import { summaries } from './summary';
import { watchedFiles } from './watched-files';

/** One line a feature. */
serve(createConnection(ProposedFeatures.all), [
  configuration,
  watchedFiles,
  indexProgress,
  pull,
  push,
  codeActions,
  rulePages,
  hovers,
  completions,
  lenses,
  summaries,
  resting,
]);
