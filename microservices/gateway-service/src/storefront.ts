import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname } from "node:path";
import type { Reply, Route } from "@fairway/kit";

const mediaTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
};

/** Only what comes from here runs and is shown, and nobody puts the page into a frame. */
const policy = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

interface Page {
  readonly bytes: Uint8Array;
  readonly headers: Readonly<Record<string, string>>;
}

/** The files of a folder, read once: `index.html` at `/`, the others under their names. */
export function storefrontRoutes(folder: URL): readonly Route[] {
  return readdirSync(folder)
    .filter((name) => mediaTypes[extname(name)] !== undefined)
    .map((name) => pageRoute(name === "index.html" ? "/" : `/${name}`, readPage(new URL(name, folder), name)));
}

function readPage(file: URL, name: string): Page {
  const bytes = readFileSync(file);
  const etag = `"${createHash("sha256").update(bytes).digest("base64url").slice(0, 22)}"`;
  return {
    bytes,
    headers: {
      "content-type": mediaTypes[extname(name)] ?? "",
      "content-security-policy": policy,
      "referrer-policy": "same-origin",
      "cache-control": "no-cache",
      etag,
    },
  };
}

function pageRoute(path: string, page: Page): Route {
  return {
    method: "GET",
    path,
    summary: "The storefront",
    responses: {},
    access: "public",
    hidden: true,
    handler: ({ rawHeaders }): Reply => {
      const known = rawHeaders["if-none-match"] === page.headers["etag"];
      return known ? { status: 304, headers: page.headers } : { status: 200, headers: page.headers, body: page.bytes };
    },
  };
}
