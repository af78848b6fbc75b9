import type { Rule } from '../engine/findings/rule';
import { rule as manifestSyntax } from './manifest/syntax';

/** Every rule there is, in the order of their ids. */
export const rules: readonly Rule[] = [manifestSyntax];
