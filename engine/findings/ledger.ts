import type { Resource } from '../resources/resource';
import { locate } from '../yaml/tree';
import { byPlace, collect } from './collect';
import type { Carrier, Found, LocatedFinding, Showing } from './collect';
import { namesSameRanges } from './located';
import type { Fault, Outcome } from './outcome';
import { RELATED_LIMIT } from './rule';
import type { Rule } from './rule';
import { annotationSuppression } from './suppressions';
import { Touched } from './touched';
import { unusedSuppressionFindings } from './unused';

/** What one rule found on one subject of one environment, with the files that it speaks of. */
interface Entry extends Found {
  readonly fault: Fault | undefined;
  /** Where its findings stand. */
  readonly files: ReadonlySet<string>;
  /** Those, and where its related places stand. */
  readonly mentions: ReadonlySet<string>;
}

/** A resource whose annotation suppresses. */
interface CarrierEntry extends Omit<Carrier, 'found'> {
  readonly section: Section;
  readonly file: string;
}

/**
 * Everything that rules have found, filed by where it stands, so that an edit costs only the files whose findings it changes. A file is
 * collected when it is asked for and something about it has changed.
 */
export class Ledger {
  private readonly rules: readonly Rule[];
  private readonly showing: () => Showing;
  private readonly mentions = new Map<string, Set<Entry>>();
  private readonly carriers = new Map<string, Set<CarrierEntry>>();
  private readonly collected = new Map<string, readonly LocatedFinding[]>();
  private readonly outdated = new Set<string>();
  private readonly touched = new Touched();
  /** What was entered of rules that threw. */
  private readonly faulty = new Set<Entry>();

  /**
   * @param rules all there are: one of them reports suppressions that suppress nothing
   * @param showing what decides how findings are shown, as of now
   */
  constructor(rules: readonly Rule[], showing: () => Showing) {
    this.rules = rules;
    this.showing = showing;
  }

  /** Opens a section for what is found in one environment, or on files (undefined). Who opens it closes it. */
  open(environment: string | undefined): Section {
    return new Section(this, environment);
  }

  /** Takes note that a file's text has come, gone or changed: what stands in it may have moved, and be spoken of in other files. */
  textChanged(file: string): void {
    this.touch(file);
    const { repository } = this.showing();
    for (const { files, findings } of this.mentions.get(file) ?? []) {
      const others = [...files].filter((other) => other !== file);
      if (others.length === 0 || findings.every((finding) => namesSameRanges(finding, file, repository))) continue;
      for (const other of others) this.touch(other);
    }
  }

  /** Takes note that what decides how findings are shown has changed. */
  showingChanged(): void {
    for (const file of [...this.mentions.keys(), ...this.carriers.keys(), ...this.collected.keys()]) this.touch(file);
  }

  /** The findings of a file, sorted by place. */
  of(file: string): readonly LocatedFinding[] {
    if (this.outdated.delete(file)) this.collect(file);
    return this.collected.get(file) ?? NO_FINDINGS;
  }

  /** The files that have findings, sorted. */
  files(): readonly string[] {
    for (const file of this.outdated) this.collect(file);
    this.outdated.clear();
    return [...this.collected.keys()].sort();
  }

  /** The files that may have findings, sorted: those that had, and those not looked at since something about them has changed. */
  candidates(): readonly string[] {
    return [...new Set([...this.collected.keys(), ...this.outdated])].sort();
  }

  /** Rules that threw. */
  faults(): readonly Fault[] {
    return [...this.faulty].flatMap(({ fault }) => fault ?? []);
  }

  /** A time that `changedSince` takes: it grows with every change. */
  get time(): number {
    return this.touched.time;
  }

  /** The files whose findings may have changed after a time. */
  changedSince(time: number): readonly string[] {
    return this.touched.since(time);
  }

  /** @internal */
  enter(entry: Entry): void {
    if (entry.fault !== undefined) this.faulty.add(entry);
    for (const file of entry.mentions) addTo(this.mentions, file, entry);
    for (const file of entry.files) this.touch(file);
  }

  /** @internal */
  strike(entry: Entry): void {
    this.faulty.delete(entry);
    for (const file of entry.mentions) takeFrom(this.mentions, file, entry);
    for (const file of entry.files) this.touch(file);
  }

  /** @internal */
  enterCarrier(carrier: CarrierEntry): void {
    addTo(this.carriers, carrier.file, carrier);
    this.touch(carrier.file);
  }

  /** @internal */
  strikeCarrier(carrier: CarrierEntry): void {
    takeFrom(this.carriers, carrier.file, carrier);
    this.touch(carrier.file);
  }

  /** @internal */
  touch(file: string): void {
    this.outdated.add(file);
    this.touched.touch(file);
  }

  private collect(file: string): void {
    const showing = this.showing();
    const found = [...(this.mentions.get(file) ?? [])].filter(({ files }) => files.has(file)).sort(byEnvironment);
    const carriers = [...(this.carriers.get(file) ?? [])].map(({ section, subject, suppression }) => ({
      subject,
      suppression,
      found: section.foundOn(subject),
    }));
    const { findings, unused } = collect(file, found, carriers, showing);
    const all = [...findings, ...unusedSuppressionFindings(unused, this.rules, showing)];
    if (unused.length > 0) all.sort(byPlace);
    if (all.length === 0) this.collected.delete(file);
    else if (!sameItems(this.collected.get(file), all)) this.collected.set(file, all);
  }
}

/** What is found in one environment, or on files. */
export class Section {
  private readonly ledger: Ledger;
  private readonly environment: string | undefined;
  private readonly entries = new Map<Resource, readonly Entry[]>();
  private readonly carriers = new Map<Resource, CarrierEntry>();

  /** @internal made by `Ledger.open` */
  constructor(ledger: Ledger, environment: string | undefined) {
    this.ledger = ledger;
    this.environment = environment;
  }

  /** Takes what a rule now says about a subject, in place of what it said before. */
  take(rule: Rule, subject: Resource, outcome: Outcome): void {
    const before = this.entries.get(subject) ?? NO_ENTRIES;
    const isSilent = outcome.findings.length === 0 && outcome.fault === undefined;
    if (isSilent && before.length === 0) return;
    const entries: Entry[] = [];
    for (const entry of before) {
      if (entry.rule === rule) this.ledger.strike(entry);
      else entries.push(entry);
    }
    if (!isSilent) {
      const entry: Entry = { environment: this.environment, rule, subject, fault: undefined, ...outcome, ...filesOf(outcome) };
      this.ledger.enter(entry);
      entries.push(entry);
    }
    if (entries.length > 0) this.entries.set(subject, entries);
    else this.entries.delete(subject);
    const carrier = this.carriers.get(subject);
    if (carrier !== undefined) this.ledger.touch(carrier.file);
  }

  /** Takes note of a subject whose text speaks of suppressing. */
  noteCarrier(subject: Resource): void {
    const suppression = annotationSuppression(subject);
    if (suppression === undefined || this.carriers.has(subject)) return;
    const carrier = { section: this, subject, suppression, file: locate({ node: suppression.node }).file };
    this.carriers.set(subject, carrier);
    this.ledger.enterCarrier(carrier);
  }

  /** Lets go of a subject that is gone. */
  drop(subject: Resource): void {
    for (const entry of this.entries.get(subject) ?? NO_ENTRIES) this.ledger.strike(entry);
    this.entries.delete(subject);
    const carrier = this.carriers.get(subject);
    if (carrier === undefined) return;
    this.carriers.delete(subject);
    this.ledger.strikeCarrier(carrier);
  }

  close(): void {
    for (const subject of [...this.entries.keys(), ...this.carriers.keys()]) this.drop(subject);
  }

  /** What was found on a subject. */
  foundOn(subject: Resource): readonly Found[] {
    return this.entries.get(subject) ?? NO_ENTRIES;
  }
}

const NO_FINDINGS: readonly LocatedFinding[] = [];
const NO_ENTRIES: readonly Entry[] = [];

function filesOf({ findings }: Outcome): Pick<Entry, 'files' | 'mentions'> {
  const files = new Set<string>();
  const mentions = new Set<string>();
  for (const { place, related = [] } of findings) {
    files.add(locate(place).file);
    for (const other of related.slice(0, RELATED_LIMIT)) mentions.add(locate(other.place).file);
  }
  for (const file of files) mentions.add(file);
  return { files, mentions };
}

/** In the order of environment names, what was found on files last; the rest only keeps the order from being one of chance. */
function byEnvironment(a: Entry, b: Entry): number {
  if (a.environment !== b.environment) {
    if (a.environment === undefined || b.environment === undefined) return a.environment === undefined ? 1 : -1;
    return a.environment < b.environment ? -1 : 1;
  }
  return compare(a.subject.title, b.subject.title) || compare(a.subject.file, b.subject.file) || startOf(a) - startOf(b);
}

function compare(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

function startOf({ subject }: Entry): number {
  const node = subject.titlePlace;
  return node === undefined ? 0 : locate({ node }).start;
}

function sameItems<T>(before: readonly T[] | undefined, now: readonly T[]): boolean {
  return before?.length === now.length && now.every((item, i) => item === before[i]);
}

function addTo<T>(sets: Map<string, Set<T>>, key: string, value: T): void {
  const set = sets.get(key);
  if (set === undefined) sets.set(key, new Set([value]));
  else set.add(value);
}

function takeFrom<T>(sets: Map<string, Set<T>>, key: string, value: T): void {
  const set = sets.get(key);
  if (set?.delete(value) === true && set.size === 0) sets.delete(key);
}
