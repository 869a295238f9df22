import assert from "node:assert/strict";
import { test } from "node:test";
import { throughProxy, withProxiedLinks } from "./proxied-links.ts";

const place = { prefix: "/api/v1/namespaces/n/pods/p/proxy", podHost: "10.1.2.3:80", requestHost: "127.0.0.1:6443" };

test("links to the pod lead through the proxy, whatever they call it", () => {
  for (const [link, wanted] of [
    ["/next?a=b#c", `${place.prefix}/next?a=b#c`],
    ["/", `${place.prefix}/`],
    ["/folder/", `${place.prefix}/folder/`],
    ["http://10.1.2.3:80/next", `${place.prefix}/next`],
    ["//10.1.2.3:80/next", `${place.prefix}/next`],
    ["https://127.0.0.1:6443/next", `https://127.0.0.1:6443${place.prefix}/next`],
  ] as const)
    assert.equal(throughProxy(link, place), wanted);
});

test("other links stay: relative ones, those to elsewhere, and those that lead through the proxy already", () => {
  const through = `${place.prefix}/next`;
  for (const link of ["next", "../next", "#c", "", "https://example.com/next", "mailto:a@b", "javascript:/a/", through])
    assert.equal(throughProxy(link, place), link);
});

test("in a page the links of elements are rewritten, and nothing else", () => {
  const page = `<!DOCTYPE html><!-- <a href="/no"> --><p title="/no">1 < 2</p><a class=x href="/yes" alt=' href="/no"'>/no</a>
<img src=/yes><A HREF='/yes'></A><script src="/yes">if (a < b) "<a href='/no'>"</script><form action="/yes">`;
  const found = withProxiedLinks(page, place);
  assert.equal(found, page.replaceAll("/yes", `${place.prefix}/yes`));
});

test("a page that never ends its markup is passed on as it is", () => {
  for (const page of ["<a href='/x", "<!-- <a href=/x>", `${"<a ".repeat(100_000)}`, "<"])
    assert.equal(withProxiedLinks(page, place), page);
});
