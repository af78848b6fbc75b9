import { equal, match, ok } from 'node:assert/strict';
import * as vscode from 'vscode';
import { until } from '../tests';
import {
  codeLenses,
  diagnostic,
  discard,
  hoverText,
  open,
  path,
  quickFixes,
  rangeOf,
  replace,
  rulesIn,
  suite,
  untilReported,
  untilSilent,
  variable,
} from './editor';
import { untilShown } from './report';

const DOUBLE = 'coexistence/double-injection';

const placeOf = (editor: vscode.TextEditor | undefined): string =>
  editor === undefined ? 'no editor' : `${editor.document.fileName}:${editor.selection.active.line + 1}`;

/** What a user of the bookshop sees in an editor. */
export const run = suite('example', {
  'a folder with manifests starts the extension': async () => {
    const extension = vscode.extensions.getExtension('mesh-lint.mesh-lint');
    ok(extension, 'the extension is not installed');
    await until('the extension to be active', () => extension.isActive);
  },

  'the diagnostics are those of the command, file by file and place by place': async () => {
    await untilShown(variable('MESH_LINT_EXPECTED'));
  },

  'a diagnostic links its rule to the documentation and to the places that play a part': async () => {
    const one = await diagnostic('overlays/prod/payment.yaml', DOUBLE);
    ok(typeof one.code === 'object', 'the code is no link');
    match(one.code.target.toString(true), /^https:\/\//);
    const [related] = one.relatedInformation ?? [];
    equal(related?.location.uri.fsPath, path('overlays/prod/namespace.yaml'));
  },

  'an edit that is not saved changes the diagnostics of another file, and back': async () => {
    await untilReported('overlays/prod/payment.yaml', DOUBLE);
    const document = await open('overlays/prod/namespace.yaml');
    await replace(document, 'istio-injection: enabled', 'istio-injection: disabled');
    await untilSilent('overlays/prod/payment.yaml', DOUBLE);
    ok(document.isDirty, 'the edit was saved');
    await discard(document);
    await untilReported('overlays/prod/payment.yaml', DOUBLE);
  },

  'the hover on an injection label says what it does here, and leads there': async () => {
    const document = await open('overlays/prod/namespace.yaml');
    const text = await until('a hover', () => hoverText(document, rangeOf(document, 'istio-injection').start));
    match(text, /Namespace bookshop/);
    match(text, /sidecar/);
    match(text, /\(file:\/\/\S+\/base\/storefront\.yaml#L\d+/);
    // The one workload whose pods say that they want none.
    match(text, /CronJob bookshop\/search-reindex/);
  },

  'the hover on a workload says how it joins a mesh in each environment, and because of what': async () => {
    const document = await open('base/cart.yaml');
    const name = document.positionAt(document.getText().indexOf('name: cart') + 'name: '.length);
    const text = await until('a hover', () => hoverText(document, name));
    match(text, /Deployment bookshop\/cart/);
    for (const [environment, what, because] of [
      ['dev', 'Linkerd', 'overlays/dev/namespace.yaml'],
      ['prod', 'Istio sidecar', 'overlays/prod/namespace.yaml'],
      ['staging', 'Istio sidecar', 'overlays/staging/namespace.yaml'],
      ['prod', 'STRICT', 'components/istio/mtls.yaml'],
    ]) {
      const line = text.split('\n').find((one) => [environment, what, because].every((part) => one.includes(part ?? '')));
      ok(line !== undefined, `nothing says ${what} in ${environment} because of ${because} in:\n${text}`);
    }
  },

  'a workload has lenses above it: mesh, mutual TLS, environments; clicked, they lead to what decides': async () => {
    const document = await open('base/cart.yaml');
    const { line } = rangeOf(document, 'kind: Deployment').start;
    const above = await until(
      'lenses',
      async () => (await codeLenses(document)).filter(({ range }) => Math.abs(range.start.line - line) < 4),
      ({ length }) => length > 0,
    );
    const titles = above.map(({ command }) => command?.title ?? '').join(', ');
    for (const part of ['Istio sidecar', 'Linkerd', 'mTLS STRICT', 'prod', 'staging', 'dev']) ok(titles.includes(part), titles);
    const strict = above.find(({ command }) => command?.title.includes('STRICT'))?.command;
    ok(strict);
    await vscode.commands.executeCommand(strict.command, ...((strict.arguments ?? []) as unknown[]));
    await until(
      'the policy to be open at its mode',
      () => placeOf(vscode.window.activeTextEditor),
      (place) => place === `${path('components/istio/mtls.yaml')}:8`,
    );
  },

  'a fix is offered, and once applied its diagnostics are gone': async () => {
    const [file, other] = ['overlays/prod/payment.yaml', 'overlays/prod/namespace.yaml'];
    const document = await open(file);
    const one = await diagnostic(file, DOUBLE);
    const isFix = ({ title }: vscode.CodeAction): boolean => /out of linkerd/i.test(title);
    const fixes = await until(
      'a fix',
      () => quickFixes(document, one),
      (actions) => actions.some(isFix),
    );
    const fix = fixes.find(isFix);
    ok(fix?.edit, 'the fix has no edit');
    ok(await vscode.workspace.applyEdit(fix.edit));
    match(document.getText(), /linkerd\.io\/inject: disabled/);
    await untilSilent(file, DOUBLE);
    await untilSilent(other, DOUBLE);
    ok(!rulesIn(file).includes('manifest/syntax'), 'the fix broke the file');
    await discard(document);
    await untilReported(file, DOUBLE);
  },
});
