import { expect, test } from "vitest";
import { SignIn } from "../../local/sign-in.ts";

const JSON_TYPE = { "content-type": "application/json" };

function post(body: string, headers: Record<string, string> = JSON_TYPE): Request {
  const length = { "content-length": String(Buffer.byteLength(body)) };
  return new Request("http://127.0.0.1/sign-in", {
    method: "POST",
    body,
    headers: { ...length, ...headers },
  });
}

const tokenOf = (link: string) => JSON.stringify({ token: new URL(link).hash.slice("#once=".length) });

test("the link's token is exchanged for the key once, and the link is none after that", async () => {
  const signIn = new SignIn("sk_secret");
  const link = signIn.link("http://127.0.0.1:8787");
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:8787\/#once=[\w-]{32}$/);
  const answer = await signIn.answer(post(tokenOf(link)));
  expect([answer.status, await answer.json()]).toEqual([200, { key: "sk_secret" }]);
  expect(answer.headers.get("cache-control")).toBe("no-store");
  expect((await signIn.answer(post(tokenOf(link)))).status).toBe(401);
  expect(signIn.link("http://127.0.0.1:8787")).toBe("http://127.0.0.1:8787");
});

test("whatever else is sent opens nothing, and uses nothing up", async () => {
  const signIn = new SignIn("sk_secret");
  const right = tokenOf(signIn.link("http://a"));
  const wrong = [
    post(JSON.stringify({ token: "x".repeat(32) })),
    post(JSON.stringify({ token: "" })),
    post(JSON.stringify({ token: null })),
    post("null"),
    post("{"),
    // As another site's form sends it.
    post(right, { "content-type": "text/plain" }),
    post(right.padEnd(2000)),
  ];
  for (const request of wrong) {
    const answer = await signIn.answer(request);
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: "unauthorized" }]);
  }
  expect((await signIn.answer(post(right))).status).toBe(200);
});
