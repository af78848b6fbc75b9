import { isAction, isToPage } from '../messages';
import type { FromPage } from '../messages';
import type { Evidence } from '../../server/protocol';
import { patch } from './patch';
import { answersIn } from './questions';
import { render } from './render';

/** What the editor gives a webview; to be asked for once. */
declare function acquireVsCodeApi(): {
  postMessage(message: FromPage): void;
  /** Kept for the page that comes back after this one was hidden; what it is has to be checked. */
  getState(): unknown;
  setState(state: Readonly<Record<string, unknown>>): void;
};

const editor = acquireVsCodeApi();
const page = find('summary');
const announcement = find('announcement');
let places: readonly Evidence[] = [];
let isFirst = true;

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (!isToPage(data)) return;
  const rendered = render(data);
  places = rendered.places;
  patch(page, rendered.nodes);
  // Attributes only say which option is chosen at first; from then on it is a property.
  for (const select of page.querySelectorAll('select')) {
    select.value = select.querySelector('option[selected]')?.getAttribute('value') ?? select.value;
  }
  for (const bar of page.querySelectorAll<HTMLElement>('[data-from]')) {
    const { from, to } = bar.dataset;
    bar.style.insetInlineStart = `${Number(from)}%`;
    bar.style.inlineSize = `${Number(to) - Number(from)}%`;
  }
  if (isFirst && data.type === 'summary') {
    isFirst = false;
    restore(editor.getState());
  }
  // A screen reader speaks each time this is set: only when something else is to be said.
  if (announcement.textContent !== rendered.announcement) announcement.textContent = rendered.announcement;
});

page.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('button') : null;
  if (button === null) return;
  const place = places[Number(button.dataset['place'] ?? -1)];
  if (place !== undefined) editor.postMessage({ type: 'open', uri: place.uri, range: place.range });
  const { action, ask } = button.dataset;
  if (isAction(action)) editor.postMessage({ type: 'action', action });
  // A question that a guide hangs on leads to its field.
  const field = ask === undefined ? null : page.querySelector('form')?.elements.namedItem(ask);
  if (field instanceof HTMLElement) field.focus();
});

page.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLSelectElement)) return;
  if (target.dataset['picker'] === 'environment') editor.postMessage({ type: 'environment', name: target.value });
  if (target.dataset['picker'] === 'folder') editor.postMessage({ type: 'folder', uri: target.value });
});

page.addEventListener('submit', (event) => {
  event.preventDefault();
  if (!(event.target instanceof HTMLFormElement)) return;
  const answers = answersIn(new FormData(event.target));
  if (Object.keys(answers).length > 0) {
    editor.postMessage({ type: 'answers', answers });
    editor.setState({});
    return;
  }
  const [first] = event.target.elements;
  if (first instanceof HTMLInputElement || first instanceof HTMLSelectElement) {
    first.setCustomValidity('Answer at least one question.');
    first.reportValidity();
  }
});

page.addEventListener('input', ({ target }) => {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement) || target.form === null) return;
  editor.setState(Object.fromEntries(new FormData(target.form)));
  // Whatever is answered, the objection to an empty form no longer holds.
  const [first] = target.form.elements;
  if (first instanceof HTMLInputElement || first instanceof HTMLSelectElement) first.setCustomValidity('');
});

editor.postMessage({ type: 'ready' });

function find(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}

/** Puts into the form what stood in it when the page before this one was hidden. */
function restore(state: unknown): void {
  if (typeof state !== 'object' || state === null) return;
  const drafts = new Map<string, unknown>(Object.entries(state));
  for (const field of page.querySelectorAll<HTMLInputElement | HTMLSelectElement>('#questions [name]')) {
    const draft = drafts.get(field.name);
    if (typeof draft === 'string') field.value = draft;
  }
}
