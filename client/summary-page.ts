/** What a page of the summary view is made of. */
export interface PageParts {
  /** Another one each time a page is made. */
  readonly nonce: string;
  /** Where the editor lets webviews load the extension's own files from. */
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
}

/**
 * The page of the summary view: a frame without content. All that it shows, the script puts there as text, so that nothing of a manifest
 * is ever parsed as HTML; and whatever got there all the same could neither run nor load anything.
 */
export function summaryPage({ nonce, cspSource, script, style }: PageParts): string {
  const policy = `default-src 'none'; style-src ${cspSource}; script-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'`;
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Mesh Summary</title>
    <link rel="stylesheet" href="${escaped(style)}">
  </head>
  <body>
    <main>
      <h1 class="unseen">Mesh Summary</h1>
      <p id="announcement" role="status" class="unseen"></p>
      <div id="summary"></div>
    </main>
    <script nonce="${escaped(nonce)}" src="${escaped(script)}"></script>
  </body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for an attribute in double quotes. */
function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
