import { expect, it } from 'vitest';
import { summaryPage } from './summary-page';

const page = summaryPage({
  nonce: 'bm9uY2U=',
  cspSource: 'https://*.vscode-cdn.net',
  script: 'https://file.example/dist/summary.js?a=1&b="2"',
  style: 'https://file.example/dist/summary.css',
});

it('lets nothing in but its own style and the script with its nonce', () => {
  const [, policy = ''] = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page) ?? [];
  const directives = policy.replaceAll('&#39;', "'").split('; ');
  expect(directives).toEqual([
    "default-src 'none'",
    'style-src https://*.vscode-cdn.net',
    "script-src 'nonce-bm9uY2U='",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  expect(page).not.toContain('unsafe');
});

it('has one script, which carries the nonce, and no other way to run anything', () => {
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).toContain('<script nonce="bm9uY2U=" src="https://file.example/dist/summary.js?a=1&amp;b=&quot;2&quot;"></script>');
  expect(page).not.toMatch(/\son\w+=|javascript:|<iframe|<img|<style/i);
});

it('says its language, and has a place that screen readers listen to', () => {
  expect(page).toContain('<html lang="en">');
  expect(page).toContain('<p id="announcement" role="status" class="unseen"></p>');
  expect(page).toContain('<h1 class="unseen">Mesh Summary</h1>');
  expect(page).toContain('<div id="summary"></div>');
});
