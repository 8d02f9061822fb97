import { createHash } from 'node:crypto';
import { TidingsError } from '@tidings/api/errors';
import { paths } from '@tidings/api/protocol';
import type { Handle } from '../server.ts';
import { parametersOf, schemaOf } from './openapi.ts';
import { type Operation, operations } from './operations.ts';

const style = `
:root { color-scheme: light dark; font: 1rem/1.55 system-ui, sans-serif; }
html { background: light-dark(#fbfaf7, #111217); color: light-dark(#1b1c22, #f2f1f8); } a { color: light-dark(#4338ca, #b9baff); }
body { max-width: 52rem; margin: 0 auto; padding: 2rem 1.25rem 4rem; }
h1 { margin: 0 0 .25rem; } h2 { margin: 3rem 0 .5rem; padding-top: 1.5rem; border-top: 1px solid #8884; } h3 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
code, pre { font: .875rem/1.5 ui-monospace, monospace; } pre { padding: 1rem; overflow-x: auto; border-radius: .5rem; background: #8881; }
table { width: 100%; border-collapse: collapse; } th, td { padding: .4rem .75rem .4rem 0; border-bottom: 1px solid #8883; text-align: start; vertical-align: top; }
.call { font-weight: 600; } .call span { margin-inline-end: .5rem; padding: .1rem .5rem; border-radius: .25rem; background: light-dark(#e4e3fb, #2b2c55); }
.table { overflow-x: auto; } nav ul { padding-inline-start: 1.25rem; }
`;

/** `/api/docs`: the reference for people. One page, without scripts and without anything from elsewhere. */
export function docsPage(): Handle {
  const page = pageOf(operations);
  const hash = createHash('sha256').update(style).digest('base64');
  return (request, response, path) => {
    if (path !== paths.docs) throw new TidingsError('not-found');
    if (request.method !== 'GET' && request.method !== 'HEAD') throw new TidingsError('wrong-method');
    response.setHeader(
      'Content-Security-Policy',
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.writeHead(200).end(request.method === 'HEAD' ? undefined : page);
  };
}

const pageOf = (all: readonly Operation[]): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Tidings API</title><style>${style}</style></head><body><main>
<h1>Tidings API</h1>
<p>For programs that act as bots. Make a bot and a key in <strong>Settings → Developer</strong>, and send the key with each request:
<code>Authorization: Bearer tid_…</code>. Addresses begin with <code>${paths.publicApi}</code>; bodies and answers are JSON.
The same as an OpenAPI 3.1 document: <a href="${paths.publicApi}/openapi.json">openapi.json</a>.</p>
<p>What goes wrong is answered as <code>application/problem+json</code> with a <code>code</code> that stays the same and <code>retry</code>:
<code>never</code> as it is, or <code>later</code>. A key has a number of requests a minute; <code>RateLimit</code> says what is left.</p>
<nav aria-label="Operations"><ul>${all.map(({ id, summary }) => `<li><a href="#${id}">${escaped(summary)}</a></li>`).join('')}</ul></nav>
${all.map(sectionOf).join('\n')}
</main></body></html>`;

function sectionOf(operation: Operation): string {
  const { id, method, path, summary, description, scope, body, answer } = operation;
  return `<section aria-labelledby="${id}"><h2 id="${id}">${escaped(summary)}</h2>
<p class="call"><span>${method}</span><code>${paths.publicApi}${escaped(path)}</code></p>
<p>${escaped(description)}${scope ? ` Needs the scope <code>${scope}</code>.` : ''}</p>
${parametersTable(operation)}${body ? fieldsTable('Body', schemaOf(body, 'input')) : ''}${fieldsTable('Answer', schemaOf(answer, 'output'))}
</section>`;
}

function parametersTable(operation: Operation): string {
  const parameters = parametersOf(operation);
  if (parameters.length === 0) return '';
  const rows = parameters.map(({ name, in: place, schema, description, required }) =>
    rowOf(
      String(name),
      typeOf(schema as Schema),
      `${description ?? ''} (${place}${required ? ', required' : ''})`,
    ),
  );
  return tableOf('Parameters', rows);
}

type Schema = {
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly items?: Schema;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
};

function fieldsTable(title: string, schema: Schema): string {
  const rows = fieldsOf(schema, '');
  return rows.length === 0 ? '' : tableOf(title, rows);
}

function fieldsOf({ properties = {}, required = [] }: Schema, prefix: string): string[] {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const optional = title(schema, required.includes(name));
    const inner = schema.items?.properties ? fieldsOf(schema.items, `${prefix}${name}[].`) : [];
    return [rowOf(`${prefix}${name}`, typeOf(schema), optional), ...inner];
  });
}

const title = ({ description = '' }: Schema, isRequired: boolean): string =>
  isRequired ? description : `${description} (optional)`.trim();

function typeOf(schema: Schema): string {
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' or ');
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(' or ');
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.type === 'array' && schema.items) return `list of ${typeOf(schema.items)}`;
  return [schema.type ?? 'any'].flat().join(' or ');
}

const tableOf = (title: string, rows: readonly string[]): string =>
  `<h3>${title}</h3><div class="table"><table><thead><tr><th scope="col">Name</th><th scope="col">Type</th><th scope="col">What it is</th></tr></thead><tbody>${rows.join('')}</tbody></table></div>`;

const rowOf = (name: string, type: string, text: string): string =>
  `<tr><td><code>${escaped(name)}</code></td><td>${escaped(type)}</td><td>${escaped(text)}</td></tr>`;

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string =>
  text.replace(/[&<>"]/g, (character) => entities[character] as string);
