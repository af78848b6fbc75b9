import { isAction, isToPage } from '../messages';
import type { FromPage } from '../messages';
import type { Evidence } from '../../server/protocol';
import { patch } from './patch';
import { render } from './render';

/** What the editor gives a webview; to be asked for once. */
declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const editor = acquireVsCodeApi();
const page = find('summary');
const announcement = find('announcement');
let places: readonly Evidence[] = [];

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (!isToPage(data)) return;
  const rendered = render(data);
  places = rendered.places;
  patch(page, rendered.nodes);
  // Attributes only say which option is chosen at first; from then on it is a property.
  for (const select of page.querySelectorAll('select')) {
    select.value = select.querySelector('option[selected]')?.getAttribute('value') ?? select.value;
  }
  // A screen reader speaks each time this is set: only when something else is to be said.
  if (announcement.textContent !== rendered.announcement) announcement.textContent = rendered.announcement;
});

page.addEventListener('click', ({ target }) => {
  const button = target instanceof Element ? target.closest('button') : null;
  if (button === null) return;
  const place = places[Number(button.dataset['place'] ?? -1)];
  if (place !== undefined) editor.postMessage({ type: 'open', uri: place.uri, range: place.range });
  const { action } = button.dataset;
  if (isAction(action)) editor.postMessage({ type: 'action', action });
});

page.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLSelectElement)) return;
  if (target.dataset['picker'] === 'environment') editor.postMessage({ type: 'environment', name: target.value });
  if (target.dataset['picker'] === 'folder') editor.postMessage({ type: 'folder', uri: target.value });
});

editor.postMessage({ type: 'ready' });

function find(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found;
}
