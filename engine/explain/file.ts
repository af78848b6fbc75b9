import { toldTogether } from '../environments/lacking';
import { isInside } from '../environments/paths';
import { environmentPlace } from '../mesh/environment-place';
import type { MeshView } from '../mesh/view';
import { count, joined, statement } from './statement';
import type { Part, Statement } from './statement';

/** Which of the environments use a file, and which of them were built only in part. Nothing where the repository is one environment. */
export function explainFile(file: string, views: readonly MeshView[]): Statement[] {
  const users = views.filter((view) => usesFile(file, view));
  if (users.length === 0) return [statement('file', 'No environment here uses this file.')];
  const partial = users.flatMap((view) => partialStatement(view, users.length > 1 ? `${environmentName(view)}: ` : ''));
  return isWhole(views) ? partial : [statement('file', ...usedIn(users), '.'), ...partial];
}

function usedIn(users: readonly MeshView[]): Part[] {
  const [only, ...others] = users;
  if (only === undefined || others.length > 0)
    return [`Used in ${users.length} environments: `, ...joined(users, environmentPart)];
  return isRootFolder(only) ? ["Used in the root folder's environment"] : ['Used in environment ', environmentPart(only)];
}

/** Reasons why an environment is known only in part that a hover names. */
const NAMED = 2;

function partialStatement(view: MeshView, prefix: string): Statement[] {
  const reasons = toldTogether(view.environment().partial);
  if (reasons.length === 0) return [];
  const more = reasons.length - NAMED;
  const named = `${reasons.slice(0, NAMED).join('; ')}${more > 0 ? `; and ${count(more, 'more reason')}` : ''}`;
  return [statement('partial', `${prefix}Known only in part: ${named}.`)];
}

/**
 * Whether the environments of a file say more than its path: there are several or none, the one there is is named by the configuration or
 * stands elsewhere, or something in this file could not be built.
 */
export function isWorthTelling(file: string, views: readonly MeshView[]): boolean {
  const [user, ...others] = views.filter((view) => usesFile(file, view));
  if (user === undefined || others.length > 0) return true;
  const { plan, partial } = user.environment();
  if (partial.some((reason) => reason.includes(file))) return true;
  return !isWhole(views) && (plan.kind === 'configured' || !isInside(file, plan.root));
}

/** What an environment is called in sentences and lists: that of the repository's own folder has no name to speak of. */
export function environmentName(view: MeshView): string {
  return isRootFolder(view) ? 'root folder' : view.environment().plan.name;
}

function isRootFolder(view: MeshView): boolean {
  const { root, name } = view.environment().plan;
  return root === '' && name === '.';
}

/** Whether the repository itself is the one environment, whose name says nothing. */
export function isWhole(views: readonly MeshView[]): boolean {
  const [only, ...others] = views;
  return only !== undefined && others.length === 0 && only.environment().plan.root === '';
}

export function usesFile(file: string, view: MeshView): boolean {
  return view.environment().files.includes(file);
}

/** An environment by its name, leading to the file that makes it. */
function environmentPart(view: MeshView): Part {
  const place = environmentPlace(view);
  const name = environmentName(view);
  return place === undefined ? name : { text: name, place };
}

/** Where something is meant to be: `here`, or `in this environment` where there are others. */
export function here(views: readonly MeshView[]): string {
  return views.length > 1 ? 'in this environment' : 'here';
}

/**
 * A sentence on the other environments that have what this one lacks: environments are told apart by files, and two of them may land on one
 * cluster. Empty where none has it.
 * @param what what they have, as it follows the verb
 */
export function elsewhere(view: MeshView, views: readonly MeshView[], what: string, has: (other: MeshView) => boolean): Part[] {
  const others = views.filter((other) => other !== view && has(other));
  if (others.length === 0) return [];
  const [noun, verb] = others.length === 1 ? ['Environment', 'has'] : ['Environments', 'have'];
  return [` ${noun} `, ...joined(others, environmentPart), ` ${verb} ${what}.`];
}
