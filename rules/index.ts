import type { Rule } from '../engine/findings/rule';
import { rule as manifestConfiguration } from './manifest/configuration';
import { rule as manifestDuplicateResource } from './manifest/duplicate-resource';
import { rule as manifestKustomization } from './manifest/kustomization';
import { rule as manifestSyntax } from './manifest/syntax';
import { rule as manifestTooLarge } from './manifest/too-large';
import { rule as manifestUnusedSuppression } from './manifest/unused-suppression';

/** Every rule there is, in the order of their ids. */
export const rules: readonly Rule[] = [
  manifestConfiguration,
  manifestDuplicateResource,
  manifestKustomization,
  manifestSyntax,
  manifestTooLarge,
  manifestUnusedSuppression,
];
