// The docs page: one HTML document made of the OpenAPI document, which needs nothing from anywhere else.
import { html, raw } from "hono/html";
import type { HtmlEscapedString } from "hono/utils/html";
import { groupByTag, listOperations, type Operation } from "./operations.ts";
import { listFields, makeExample, readSchema, readSchemas, type Schemas } from "./schema-view.ts";
import { STYLE } from "./style.ts";
import { TRY_IT } from "./try-it.ts";

type Html = HtmlEscapedString | Promise<HtmlEscapedString>;

export type DocumentParts = {
  info: { title: string; version: string; description?: string };
  tags?: readonly { name: string; description?: string }[];
  paths?: unknown;
  components?: { schemas?: unknown };
};

/** Names of the security schemes, each with the label of its field. */
const CREDENTIALS = [
  ["publishableKey", "Publishable key", "pk_..."],
  ["secretKey", "Secret key", "sk_..."],
  ["shopperToken", "Shopper token", "eyJ..."],
] as const;

export function renderPage(document: DocumentParts): Html {
  const schemas = readSchemas(document.components?.schemas ?? {});
  const tags = document.tags ?? [];
  const groups = groupByTag(
    listOperations(document.paths ?? {}),
    tags.map((tag) => tag.name),
  );
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${document.info.title} API</title>
        <style>
          ${raw(STYLE)}
        </style>
      </head>
      <body>
        <nav>
          <strong>${document.info.title}</strong> ${document.info.version}
          ${[...groups].map(([tag, operations]) => renderMenu(tag, operations))}
          <h2>Document</h2>
          <a href="/openapi.json">openapi.json</a>
        </nav>
        <main>
          <h1>${document.info.title} API</h1>
          <p>${document.info.description ?? ""}</p>
          <form onsubmit="return false">${CREDENTIALS.map(renderCredential)}</form>
          ${[...groups].map(
            ([tag, operations]) => html`
              <h2>${tag}</h2>
              <p>${tags.find((known) => known.name === tag)?.description ?? ""}</p>
              ${operations.map((operation) => renderOperation(operation, schemas))}
            `,
          )}
        </main>
        <script>
          ${raw(TRY_IT)};
        </script>
      </body>
    </html>`;
}

function renderMenu(tag: string, operations: readonly Operation[]): Html {
  return html`<h2>${tag}</h2>
    ${operations.map(
      ({ id, method, path }) =>
        html`<a href="#${id}"><span class="method">${method.toUpperCase()}</span> ${path}</a>`,
    )}`;
}

function renderCredential([scheme, label, placeholder]: (typeof CREDENTIALS)[number]): Html {
  return html`<label
    >${label}<input data-credential="${scheme}" placeholder="${placeholder}" autocomplete="off"
  /></label>`;
}

function renderOperation(operation: Operation, schemas: Schemas): Html {
  const scheme = readScheme(operation);
  return html`<article id="${operation.id}">
    <span class="key">${scheme ?? "no key"}</span>
    <h3>
      <span class="method">${operation.method.toUpperCase()}</span> <code>${operation.path}</code>
    </h3>
    <p><strong>${operation.summary}.</strong> ${operation.description}</p>
    ${Object.entries(operation.requestBody?.content ?? {}).map(
      ([type, { schema }]) =>
        html`<details>
          <summary>Body: <code>${type}</code></summary>
          ${renderFields(schema, schemas)}
        </details>`,
    )}
    ${Object.entries(operation.responses).map(([status, response]) => {
      const [content] = Object.values(response.content ?? {});
      return html`<details>
        <summary><code>${status}</code> ${response.description}</summary>
        ${content === undefined ? "" : renderFields(content.schema, schemas)}
      </details>`;
    })}
    ${renderForm(operation, scheme, schemas)}
  </article>`;
}

/** The weakest credential that will do comes first in a route's `security`. */
function readScheme(operation: Operation): string | undefined {
  return Object.keys(operation.security[0] ?? {})[0];
}

function renderFields(schema: unknown, schemas: Schemas): Html {
  const fields = listFields(readSchema(schema), schemas);
  return html`<table>
    ${fields.map(
      ({ name, depth, type, required, description }) =>
        html`<tr>
          <td style="padding-left:${depth * 1.2}rem">
            <code class="${required ? "required" : ""}">${name}</code>
          </td>
          <td><code>${type}</code></td>
          <td>${description}</td>
        </tr>`,
    )}
  </table>`;
}

function renderForm(operation: Operation, scheme: string | undefined, schemas: Schemas): Html {
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  const example =
    content === undefined
      ? undefined
      : (content.example ?? makeExample(readSchema(content.schema), schemas));
  const isLines = type === "application/x-ndjson";
  return html`<details>
    <summary>Try it</summary>
    <form
      data-method="${operation.method.toUpperCase()}"
      data-path="${operation.path}"
      data-credential="${scheme ?? ""}"
      data-type="${type ?? ""}"
    >
      ${operation.parameters.map(
        ({ name, in: index, required, description, schema }) =>
          html`<label title="${description || (schema.description ?? "")}"
            ><code class="${required ? "required" : ""}">${name}</code
            ><input name="${name}" data-in="${index}"
          /></label>`,
      )}
      ${
        example === undefined
          ? ""
          : html`<textarea name="body">${JSON.stringify(example, null, isLines ? 0 : 2)}</textarea>`
      }
      <button>Send</button>
      <pre></pre>
    </form>
  </details>`;
}
