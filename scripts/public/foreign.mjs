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

async function build(each) {
  const isBytes = each.body !== null && typeof each.body === "object" && BYTES in each.body;
  const request = SwaggerClient.buildRequest({
    spec: each.spec,
    operationId: "operation",
    parameters: each.parameters,
    requestBody: isBytes ? each.body[BYTES] : files(each.body) ?? undefined,
    requestContentType: each.mediaType ?? undefined,
  });
  const { url, method, headers, body } = request;
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
