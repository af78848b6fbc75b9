import { sameAnswer } from '../incremental/same-answer';
import { parseSource } from './parse';
import type { SyntaxProblem } from './parse';
import { reconcile } from './reconcile';
import { TreeAtRest } from './rest';
import { hasTemplateAction } from './template';
import type { MaskedTemplate, TemplateHole } from './template';
import { UnknownNode } from './tree';
import type { Place, Source, YamlNode } from './tree';

/** How the file's template actions are masked, when it holds any. */
export interface TemplateMask {
  readonly masked: () => MaskedTemplate;
  /** Mask at once, rather than only when the text does not read as YAML. */
  readonly always: boolean;
}

interface Masked {
  readonly text: string;
  readonly holes: readonly TemplateHole[];
}

/** One document of a manifest: a slot that keeps its identity, and its unchanged nodes, while the text around and inside it changes. */
export class ManifestDocument implements Source {
  readonly file: string;
  /** Position among the file's documents. */
  index = 0;
  private offset = 0;
  private current = '';
  /** What the tree was parsed from in place of the text, once it was asked for. */
  private masked: Masked | undefined;
  private alwaysMasked = false;
  private mask: TemplateMask | undefined;
  private hasAction = false;
  private tree: YamlNode | undefined;
  /** What stands for the tree while nobody reads it. */
  private resting: TreeAtRest | undefined;
  private firstProblem: SyntaxProblem | undefined;
  private fresh = false;
  private changes = 0;

  constructor(file: string) {
    this.file = file;
  }

  get text(): string {
    return this.current;
  }

  /** Offset of the document in its file. */
  get start(): number {
    return this.offset;
  }

  /** Grows with every change of the text (not of the position). */
  get version(): number {
    return this.changes;
  }

  /** The tree; undefined for an empty document. Parsed when first asked. */
  get root(): YamlNode | undefined {
    this.parse();
    return this.tree;
  }

  /** The first syntax problem; parsed when first asked. */
  get problem(): SyntaxProblem | undefined {
    this.parse();
    return this.firstProblem;
  }

  /** The text as the parser would see it: template actions masked where the file is known to be a template. */
  get readable(): string {
    if (!this.alwaysMasked) return this.current;
    return this.maskedNow().text;
  }

  /** Gives the slot its place and text; an unchanged text keeps the tree. */
  place(index: number, offset: number, text: string, mask: TemplateMask | undefined): void {
    this.index = index;
    this.offset = offset;
    const isSameText = this.changes > 0 && text === this.current;
    const masks =
      mask !== undefined && (mask.always || (isSameText ? this.hasAction : hasTemplateAction(text))) ? mask : undefined;
    const isSame = isSameText && this.isSameMasked(masks);
    this.hasAction = masks !== undefined;
    this.mask = masks;
    this.alwaysMasked = masks?.always === true;
    if (isSame) return;
    // What is parsed next is compared with the tree of the text before.
    this.wake();
    this.current = text;
    this.masked = undefined;
    this.fresh = false;
    this.changes++;
  }

  /** Moves the slot, whose text is as it was. Answers whether it reads otherwise all the same, since a template's region now reaches into it. */
  move(index: number, shift: number, mask: TemplateMask | undefined): boolean {
    const { changes } = this;
    this.index = index;
    this.offset += shift;
    if (this.hasAction) this.place(index, this.offset, this.current, mask);
    return this.changes > changes;
  }

  locate(start: number, end: number): readonly [number, number] {
    return [this.offset + clamp(start, this.current.length), this.offset + clamp(end, this.current.length)];
  }

  slice(start: number, end: number): string {
    return this.current.slice(start, end);
  }

  /** A place for a range that no node of the tree stands for, such as a syntax problem. An empty range takes in the next character. */
  placeOf(start: number, end: number): Place {
    const from = clamp(start, Math.max(0, this.current.length - 1));
    return {
      node: new UnknownNode(this, from, Math.max(clamp(end, this.current.length), Math.min(from + 1, this.current.length))),
    };
  }

  /**
   * Whether what was read of an unchanged text still holds: a region that an earlier document leaves open may reach into this one, so a
   * template's document depends on more than its own text.
   */
  private isSameMasked(masks: TemplateMask | undefined): boolean {
    const wasRead = this.masked !== undefined || (this.fresh && masks?.always === true);
    if (!wasRead) return true;
    const now = masks === undefined ? undefined : this.cutOut(masks);
    return (
      (this.masked?.text ?? this.current) === (now?.text ?? this.current) &&
      sameAnswer(this.masked?.holes ?? [], now?.holes ?? [])
    );
  }

  private cutOut(masks: TemplateMask): Masked {
    const { text, holes } = masks.masked();
    const end = this.offset + this.current.length;
    return { text: text.slice(this.offset, end), holes: holesIn(holes, this.offset, end) };
  }

  private maskedNow(): Masked {
    if (this.mask !== undefined) this.masked ??= this.cutOut(this.mask);
    return this.masked ?? { text: this.current, holes: [] };
  }

  /**
   * Lets go of the tree until somebody asks for it. Nodes that are held keep their identity and their positions; `sweep` frees what is kept
   * for the others once they are collected. A template's tree stays: to parse it again may take the whole file. So does one with anchors: what
   * an edit has left of it may share its nodes otherwise than a new one does.
   * @returns one of the tree's nodes, which nobody is likely to hold; undefined where nothing is left to be freed
   */
  rest(): object | undefined {
    if (this.tree !== undefined && this.fresh && this.mask === undefined && !this.current.includes('&')) {
      this.resting = new TreeAtRest(this.tree);
      this.tree = undefined;
    }
    return this.resting?.witness;
  }

  sweep(): void {
    this.resting?.sweep();
  }

  wake(): void {
    const { resting } = this;
    if (resting === undefined) return;
    this.resting = undefined;
    const { root } = parseSource(this, this.current);
    this.tree = root && resting.wake(root);
  }

  private parse(): void {
    this.wake();
    if (this.fresh) return;
    let parsed = this.alwaysMasked ? this.parseMasked() : parseSource(this, this.current);
    if (!this.alwaysMasked && this.mask !== undefined && (parsed.problem !== undefined || parsed.looksTemplated))
      parsed = this.parseMasked();
    this.tree = reconcile(this.tree, parsed.root);
    this.firstProblem = parsed.problem;
    this.fresh = true;
  }

  private parseMasked(): ReturnType<typeof parseSource> {
    const { text, holes } = this.maskedNow();
    return parseSource(this, text, holes);
  }
}

function clamp(offset: number, length: number): number {
  return Math.max(0, Math.min(offset, length));
}

/** The holes inside a range, in offsets from its start. */
function holesIn(holes: readonly TemplateHole[], start: number, end: number): TemplateHole[] {
  return holes
    .filter((hole) => hole.start < end && hole.end > start)
    .map((hole) => ({ ...hole, start: Math.max(0, hole.start - start), end: Math.min(end, hole.end) - start }));
}
