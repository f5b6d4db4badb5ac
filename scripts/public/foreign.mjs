// Requests as swagger-client builds them: `node foreign.mjs < cases`, one JSON array in, one out.
// Run in a folder where `npm install swagger-client` has put it.
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";

const require = createRequire(process.cwd() + "/");
const SwaggerClient = require("swagger-client");

const BYTES = "$bytes";

function files(value) {
  if (Array.isArray(value)) return value.map(files);
  if (value === null || typeof value !== "object") return value;
  if (BYTES in value) return new File([value[BYTES]], "file.bin", { type: "application/octet-stream" });
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, files(inner)]));
}

async function parts(form) {
  const found = [];
  for (const [name, value] of form.entries()) {
    const isText = typeof value === "string";
    // What carries a media type alone is no file, though FormData calls it "blob".
    const fileName = isText || value.name === "blob" ? null : value.name;
    const mediaType = isText ? "text/plain" : value.type || "application/octet-stream";
    found.push({ name, fileName, mediaType, content: isText ? value : await value.text() });
  }
  return found;
}

function given(body, mediaType) {
  if (body === null || body === undefined) return undefined;
  if (typeof body === "object" && BYTES in body) return body[BYTES];
  // A text is taken for JSON that somebody has typed.
  return typeof body === "string" && mediaType.includes("json") ? JSON.stringify(body) : files(body);
}

function request(each, cookie) {
  const [path, item] = Object.entries(each.spec.paths)[0];
  const [method, operation] = Object.entries(item)[0];
  const parameters = operation.parameters.filter(({ name, in: place }) => place !== "cookie" || name === cookie);
  return SwaggerClient.buildRequest({
    spec: { ...each.spec, paths: { [path]: { [method]: { ...operation, parameters } } } },
    operationId: "operation",
    parameters: each.parameters,
    requestBody: given(each.body, each.mediaType),
    requestContentType: each.mediaType ?? undefined,
  });
}

async function build(each) {
  const { url, method, headers, body } = request(each, null);
  // Of several cookies it keeps the last one: each is built in a request of its own.
  const names = Object.keys(each.parameters).filter((key) => key.startsWith("cookie."));
  const cookies = names.map((key) => request(each, key.slice("cookie.".length)).headers.Cookie);
  if (cookies.length) headers.Cookie = cookies.filter(Boolean).join("; ");
  if (body instanceof FormData) return { url, method, headers, parts: await parts(body) };
  const text = body === undefined || typeof body === "string" ? body ?? null : JSON.stringify(body);
  return { url, method, headers, body: text };
}

const results = [];
for (const each of JSON.parse(readFileSync(0, "utf-8"))) {
  try {
    results.push(await build(each));
  } catch (error) {
    results.push({ error: String(error) });
  }
}
process.stdout.write(JSON.stringify(results));
