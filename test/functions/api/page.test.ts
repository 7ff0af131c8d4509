import { expect, test } from "vitest";
import { buildPage } from "../../../web/build.ts";
import { apiWorld } from "../../support/api-world.ts";

test("the page runs its own scripts alone, and reaches the service and its storage alone", async () => {
  const { app } = await apiWorld({}, () => ({}), { page: buildPage });
  const answer = await app.request("/");
  expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/html; charset=utf-8"]);
  expect(answer.headers.get("content-security-policy")).toBe(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self' http://uploads.test; media-src 'self' blob: http://uploads.test; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  );
  const loaded = [...(await answer.text()).matchAll(/(?:src|href)="(page\/[^"]+)"/g)].map(([, path]) => path);
  expect(loaded).toHaveLength(3);
  for (const path of loaded) {
    const { status, headers } = await app.request(`/${path}`);
    expect([status, headers.get("x-content-type-options")]).toEqual([200, "nosniff"]);
    expect(headers.get("cache-control")).toContain("immutable");
  }
});

test("nothing but the page's own files is served, and a build that failed is tried again", async () => {
  let tries = 0;
  const page = async () => {
    if (++tries === 1) throw new Error("no disk");
    return buildPage();
  };
  const { app } = await apiWorld({}, () => ({}), { page });
  expect((await app.request("/")).status).toBe(500);
  expect((await app.request("/")).status).toBe(200);
  for (const path of [
    "/page/",
    "/page/index.html",
    "/page/main.js",
    "/page/../package.json",
    "/page/%2e%2e/x",
  ])
    expect((await app.request(path)).status).toBe(404);
  expect(tries).toBe(2);
});

test("where no page was built there is none", async () => {
  const { app } = await apiWorld();
  expect((await app.request("/")).status).toBe(404);
});
