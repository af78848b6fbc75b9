/** Found in every payload: whether a text got somewhere is told by it. */
export const MARK = 'p4yl0ad';

/** Texts that would be more than text to whoever shows them without care, by what they try. */
export const PAYLOADS: Readonly<Record<string, string>> = {
  'a script': `<script>${MARK}(1)</script>`,
  'an image with a handler': `<img src=x onerror=${MARK}()>`,
  'a comment, a declaration, an entity': `<!-- ${MARK} --><!DOCTYPE x>&lt;&#60;`,
  'a link to a command': `[${MARK}](command:workbench.action.terminal.new)`,
  'the end of a link, and another': `${MARK}](command:x)[y](javascript:z)`,
  'a link by reference': `[${MARK}][x]\n\n[x]: command:y`,
  'a picture': `![${MARK}](https://evil.example/x.png)`,
  'addresses that become links': `${MARK} https://evil.example/a?b www.evil.example a@evil.example <https://evil.example> <a@evil.example>`,
  'marks of Markdown': `**${MARK}** _a_ \`b\` ~~c~~ | d | # e`,
  'blocks of Markdown': `${MARK}\n\n# a\n\n- b\n\n> c\n\n\`\`\`\nd\n\`\`\`\n\n---\n`,
  'colours and a cleared screen': `\x1b[31m${MARK}\x1b[2J\x1b[1;1H\x1b]0;title\x07`,
  'a link of a terminal': `\x1b]8;;https://evil.example\x1b\\${MARK}\x1b]8;;\x07`,
  'escapes of one character': `\x9b31m${MARK}\x9d8;;https://evil.example\x9c\x85\x90`,
  'backspaces and returns': `${MARK}\b\b\b\b\rok\x7f\x00\x07\v\f`,
  'other directions': `\u202a\u202b\u202c\u202d\u202e${MARK}\u2066\u2067\u2068\u2069\u200e\u200f\u061c`,
  'what fills and selects': `\u3164\u115f\u034f\ufe00${MARK}\uffa0\u180b\u{e0100}\u2800`,
  'what is not seen': `\u200b\u200c\u200d\ufeff\u00ad${MARK}\u2060\u180e\u{e0041}\u2028\u2029`,
  'lines of another tool': `${MARK}\n::error file=a.yaml,line=1::b\r\n##[command]c\nerror[istio/x] d`,
  'halves of characters': `\ud800${MARK}\udc00`,
  'what templates replace': `\${${MARK}} {{ .Values.x }} $(rm) %0A %s`,
};

/** What steers a terminal, turns directions or is not seen, the line break included. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\u034f\u115f\u180b\u2800\u3164\ufe00\uffa0\u{e0100}]/u;

/** Text that is shown as text: a message, a title. */
export function textFaults(text: string): string[] {
  return found('holds', UNSEEN.exec(text));
}

/** Text for a terminal, in our own colours or without. */
export function terminalFaults(output: string): string[] {
  // Only what is ours: bold, dim and the four colours, and the end of each.
  const bare = output.replace(/\x1b\[(?:0|1|2|1;3[1346])m/g, '').replaceAll('\n', '');
  return [...found('prints', UNSEEN.exec(bare)), ...found('begins a line with', /^(?:::|##\[|ok)/m.exec(output))];
}

/** A document in JSON or the like: nothing in it steers a terminal that shows it, and it is one. */
export function jsonFaults(output: string): string[] {
  JSON.parse(output);
  return found('prints', UNSEEN.exec(output.replaceAll('\n', '')));
}

const LINK = /\[((?:[^[\]\\]|\\.)*)\]\(([^()\s]*)\)/g;
const OWN_PLACE = /^file:\/\/\/repo\/[\w\-.~/%!$&+,;=:@]*#L\d+,\d+$/;

/**
 * Markdown as hovers have it: paragraphs in bold and lists, links to places of the repository, and nothing else that CommonMark or GitHub's
 * additions take notice of, unless a backslash takes its meaning away.
 */
export function markdownFaults(markdown: string): string[] {
  return markdown.split('\n').flatMap((line) => {
    const faults = [...line.matchAll(LINK)].flatMap(([, , to = '']) => (OWN_PLACE.test(to) ? [] : [`leads to ${to}`]));
    const text = line
      .replace(LINK, '')
      .replace(/^- /, '')
      .replace(/^\*\*(.*)\*\*$/, '$1');
    const bare = text.replace(/\\[!-/:-@[-`{-~]/g, 'x');
    return [...faults, ...textFaults(line), ...found('means', /[`*_[\]<>&~|!#+@\\]|:\/\/|www\.|^-|^\d+[.)]|^\s/i.exec(bare))];
  });
}

const CODE = /(?<![\\`])(`+)(?!`)[^\n]*?[^`\n]\1(?!`)/g;
const LINE_LINK = /\[c\]\([\w\-.~/%]*#L\d+\)/g;

/**
 * Markdown as records have it: headings, lists and tables of our own, code, links to lines of files, and nothing else that CommonMark or
 * GitHub's additions take notice of.
 */
export function recordFaults(markdown: string): string[] {
  return markdown.split('\n').flatMap((line) => {
    const text = line
      .replace(CODE, 'c')
      .replace(LINE_LINK, 'l')
      .replace(/^(?:#{1,2} | {0,2}- |\d+\. )/, '')
      .replace(/^\*\*(.*)\*\*$/, '$1');
    const bare = text.replace(/\\[!-/:-@[-`{-~]/g, 'x').replace(/&(?:amp|lt);/g, 'x');
    return [...textFaults(line), ...found('means', /[`*_[\]<>&~#@\\]|:\/\/|www\.|^\s/i.exec(bare))];
  });
}

function found(what: string, match: RegExpExecArray | null): string[] {
  return match === null
    ? []
    : [
        `${what} ${JSON.stringify(match[0])} in ${JSON.stringify(match.input.slice(Math.max(0, match.index - 40), match.index + 40))}`,
      ];
}
