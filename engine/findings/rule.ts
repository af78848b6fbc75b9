import type { MeshView } from '../mesh/view';
import type { Resource } from '../resources/resource';
import type { TextEdit } from '../yaml/edit';
import type { Place } from '../yaml/tree';
import type { ReportedResource, Severity } from './report';

export const FAMILIES = ['manifest', 'istio', 'linkerd', 'cilium', 'gateway-api', 'coexistence', 'adoption'] as const;
export type Family = (typeof FAMILIES)[number];

/**
 * What a rule is called for: a kind as kubectl spells it with its group (`Namespace`, `PeerAuthentication.security.istio.io`), `workload`
 * for every resource with a pod template, or `file:NAME` for a file that is no resource (`file:Chart.yaml`, `file:values.yaml`).
 */
export type SubjectKind = string;

/** How many places beside its own a finding names: a rule that finds more need not make them. */
export const RELATED_LIMIT = 20;

export interface RelatedPlace {
  readonly place: Place;
  readonly message: string;
}

/** A repair that a reader can apply. Edits are made when it is asked for, against the text as it then is. */
export interface Fix {
  readonly title: string;
  /** Safe fixes change nothing that works and are part of fix-all; others are a choice. */
  readonly safe: boolean;
  /** The one that an editor offers first. */
  readonly preferred?: boolean;
  /** Undefined or empty when the text turned out not to be editable. */
  readonly edits: () => readonly TextEdit[] | undefined;
}

/** What a rule says about one place. */
export interface Finding {
  readonly place: Place;
  readonly message: string;
  /** Every other place that plays a part; `RELATED_LIMIT` of them are shown. */
  readonly related?: readonly RelatedPlace[];
  readonly fixes?: readonly Fix[];
  /** Other than the rule's own, where context decides. */
  readonly severity?: Severity;
  readonly equivalents?: readonly string[];
  /** What reports name, where it is not the subject: mesh configuration that a ConfigMap or an installation holds. */
  readonly resource?: ReportedResource;
}

export interface ExampleFinding {
  /** `file:line:column` of its start, counted from 1. */
  readonly at: string;
  /** The exact text it covers. */
  readonly text: string;
  readonly message: string;
}

/** A small repository. Files are named by path; `.mesh-lint.yaml` may be among them. */
export interface Example {
  readonly title: string;
  readonly files: Readonly<Record<string, string>>;
}

export interface BadExample extends Example {
  /** Exactly what the rule says on it, in the order of files and positions. */
  readonly findings: readonly ExampleFinding[];
}

/**
 * How the text of a finding is to be drawn beyond its severity: `unnecessary` is text that does nothing and could go, which editors fade;
 * `deprecated` is text that still works though it is on its way out, which they strike through.
 */
export type RuleTag = 'unnecessary' | 'deprecated';

/** What a rule's page and the configuration's schema say of it. Bundles leave it out (scripts/without-documentation.mjs). */
interface RuleText {
  /** One line: what is wrong. */
  readonly summary: string;
  /** Why it matters: what happens at run time. Markdown. */
  readonly why: string;
  /** What to do about it. Markdown. */
  readonly todo: string;
  /** First version of Mesh Lint that has the rule. */
  readonly since: string;
  readonly examples: { readonly bad: readonly [BadExample, ...BadExample[]]; readonly good: readonly [Example, ...Example[]] };
}

/** `fix` says in a line what the rule's fixes do, `noFix` why there is none. */
type Repair = { readonly fix: string } | { readonly noFix: string };

/** What runs of a rule. */
export interface Rule {
  /** `family/name`, equal to the path of its file. */
  readonly id: `${Family}/${string}`;
  readonly severity: Severity;
  readonly kinds: readonly SubjectKind[];
  /**
   * What a subject's text holds if the rule has anything to say of it, at least one of these: of most subjects that tells at once that it has
   * not. Names are enough, without what may be escaped (`/` in JSON).
   */
  readonly mentions?: readonly string[];
  /** Codes of other tools that stand for the same: IST…, KIA…. Findings carry them unless they name their own. */
  readonly equivalents: readonly string[];
  /** The mesh's own documentation. */
  readonly docs: string;
  /** What is true of the text of every finding; none where absent. */
  readonly tags?: readonly RuleTag[];
  /** Set when a finding may rest on something unknown; such findings are info. */
  readonly reportsUnknown?: true;
  /**
   * What the rule says about one subject. Pure: it asks the view, which records what was asked, and reads nothing else.
   * The subject belongs to the view's environment.
   */
  readonly check: (subject: Resource, view: MeshView) => Iterable<Finding>;
}

/** A rule as it is written: everything about it in one object. */
export type DocumentedRule = Rule & RuleText & Repair;

/** Declares a rule; exists so that its literal is checked where it is written. */
export function defineRule(rule: DocumentedRule): DocumentedRule {
  return rule;
}

export function familyOf(id: string): Family | undefined {
  const family = id.slice(0, id.indexOf('/'));
  return FAMILIES.find((name) => name === family);
}
