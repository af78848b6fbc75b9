import type { Cost, Decision, OptionCosts, ProxyRequests } from '../answers/decisions';
import type { Location } from '../findings/report';

/** What a decision is called in running text. */
const CHOICES: Readonly<Record<Decision<unknown>['choice'], string>> = {
  none: 'no mesh',
  linkerd: 'Linkerd',
  'istio-ambient': 'Istio ambient',
  'istio-sidecar': 'Istio with sidecars',
  cilium: 'Cilium',
  converge: 'converge on one mesh',
};

/** A choice in words; where to converge when that is known. */
export function choiceText(choice: Decision<unknown>['choice'], target: Decision<unknown>['target'] = null): string {
  return choice === 'converge' && target !== null ? `converge on ${CHOICES[target]}` : CHOICES[choice];
}

/**
 * Whether anything of the team's is there to decide on: where there is not, a number of per cent would pretend to a decision, and nothing
 * that follows from one is worth saying.
 */
export function hasSomethingToDecide({ choice, facts }: Shown): boolean {
  return choice !== 'none' || facts['services'] !== 0 || facts['workloads'] !== 0;
}

/** As much of a decision, or of a report's verdict, as says whether it is one. */
interface Shown {
  readonly choice: Decision<unknown>['choice'];
  readonly facts: Readonly<Record<string, unknown>>;
}

/** A decision in a line: `Linkerd, 80 % sure`, or that there is none. */
export function verdictText(decision: Pick<Decision<unknown>, 'choice' | 'target' | 'facts' | 'confidence'>): string {
  const { choice, target, confidence } = decision;
  return hasSomethingToDecide(decision)
    ? `${choiceText(choice, target)}, ${confidenceText(confidence)} sure`
    : 'nothing to decide';
}

/** A guide's verdict in words: it may have none, or hang on questions. */
export function guideText({ choice, needs }: Decision<unknown>['guides'][number]): string {
  if (choice !== null) return choiceText(choice);
  return needs.length > 0 ? 'cannot tell' : 'no verdict';
}

/** `0.4 to 1.2 GB`, in the unit that fits the larger number. */
export function memoryText(cost: Omit<Cost, 'guides'> | null): string {
  return scaled(cost, 1000, 'MB', 'GB');
}

/** Thousandths of a core, or cores. */
export function cpuText(cost: Omit<Cost, 'guides'> | null): string {
  return scaled(cost, 1000, 'm', 'cores');
}

/** What the proxies of an option take, for one pod where the number of pods is not known. */
export function proxiesText({ memory, cpu, perPod }: OptionCosts): { readonly memory: string; readonly cpu: string } {
  const each = (text: string): string => (text === '–' ? text : `${text} a pod`);
  return {
    memory: memory === null ? each(memoryText(perPod.memory)) : memoryText(memory),
    cpu: cpu === null ? each(cpuText(perPod.cpu)) : cpuText(cpu),
  };
}

/** What proxies here request by themselves; `mesh` in words. */
export function requestsText({ mesh, workloads, unshown, cpu, memory }: ProxyRequests<unknown>): string {
  const of = (number: number): string => `the proxies of ${number} workload${number === 1 ? '' : 's'}`;
  const hidden = unshown === 0 ? '' : `no file shows what ${of(unshown)} request`;
  const shown = workloads === 0 ? '' : `${of(workloads)} request ${memoryText(memory)} and ${cpuText(cpu)} here`;
  return `${choiceText(mesh)}: ${[shown, hidden].filter((part) => part !== '').join('; ')}.`;
}

/** Numbers in a unit that stays. */
export function plainText(cost: Omit<Cost, 'guides'> | null, unit: string): string {
  return cost === null ? '–' : `${range(cost.low, cost.high)} ${unit}`;
}

/** `B, E`; empty where no guide stands behind a number. */
export function guidesText(cost: Cost | null): string {
  return cost === null ? '' : cost.guides.join(', ');
}

/** `82 %` */
export function confidenceText(confidence: number): string {
  return `${Math.round(confidence * 100)} %`;
}

/** `overlays/prod/cart.yaml:12`, as it is: whoever shows it makes it safe. */
export function placeText({ file, range: { start } }: Location): string {
  return `${file}:${start.line}`;
}

function scaled(cost: Omit<Cost, 'guides'> | null, by: number, small: string, large: string): string {
  if (cost === null) return '–';
  return cost.high < by ? `${range(cost.low, cost.high)} ${small}` : `${range(cost.low / by, cost.high / by)} ${large}`;
}

function range(low: number, high: number): string {
  const [from, to] = [rounded(low), rounded(high)];
  return from === to ? from : `${from} to ${to}`;
}

/** One digit behind the point says enough of an estimate. */
function rounded(number: number): string {
  return String(Math.round(number * 10) / 10);
}
