import { describe, expect, test } from "vitest";
import { createKey } from "../../../src/jobs/use-cases/keys.ts";
import { apiClient } from "../../support/api-client.ts";
import { apiWorld, listen } from "../../support/api-world.ts";

async function start() {
  const world = await apiWorld();
  const base = await listen(world);
  const { secret } = await createKey(world.services, { owner: "operator", name: "", admin: true });
  const client = (key: string) => apiClient(base, key);
  return { world, client, admin: client(secret), ann: client(world.keys.ann), bob: client(world.keys.bob) };
}

describe("an admin key", () => {
  test("makes keys of any owner, which work at once, and lists and revokes them", async () => {
    const { client, admin } = await start();
    const { status, json } = await admin("POST", "/v1/keys", { owner: "radio", name: "night desk" });
    expect([status, json]).toMatchObject([
      201,
      { owner: "radio", name: "night desk", admin: false, revoked_at: null },
    ]);
    const { secret, ...key } = json;
    const radio = client(secret);
    expect((await radio("POST", "/v1/transcriptions", {})).status).toBe(201);
    expect((await admin("GET", "/v1/keys?owner=radio")).json).toEqual({ data: [key] });
    const all = await admin("GET", "/v1/keys");
    const owners = all.json.data.map(({ owner }: { owner: string }) => owner);
    expect(owners.sort()).toEqual(["ann", "bob", "operator", "radio"]);
    expect(all.text).not.toMatch(/secret|hash/);
    for (let times = 0; times < 2; times++)
      expect((await admin("DELETE", `/v1/keys/${key.id}`)).status).toBe(204);
    expect((await radio("GET", "/v1/models")).status).toBe(401);
  });

  test("makes others of its kind", async () => {
    const { client, admin } = await start();
    const { json } = await admin("POST", "/v1/keys", { admin: true });
    expect(json).toMatchObject({ admin: true, owner: "operator" });
    expect((await client(json.secret)("POST", "/v1/keys", { owner: "radio" })).status).toBe(201);
  });

  test("sees no transcriptions but its owner's", async () => {
    const { admin, ann } = await start();
    const { id } = (await ann("POST", "/v1/transcriptions", {})).json;
    expect((await admin("GET", `/v1/transcriptions/${id}`)).status).toBe(404);
  });
});

describe("any other key", () => {
  test("makes, lists and revokes those of its own owner", async () => {
    const { client, ann } = await start();
    const made = await ann("POST", "/v1/keys");
    expect([made.status, made.json]).toMatchObject([201, { owner: "ann", name: "", admin: false }]);
    const second = client(made.json.secret);
    const { data } = (await second("GET", "/v1/keys")).json;
    expect(data).toHaveLength(2);
    const first = data.find(({ id }: { id: string }) => id !== made.json.id);
    expect((await second("DELETE", `/v1/keys/${first.id}`)).status).toBe(204);
    expect((await ann("GET", "/v1/models")).status).toBe(401);
  });

  test("has no way to those of others", async () => {
    const { ann, bob } = await start();
    const refused = [
      await ann("POST", "/v1/keys", { owner: "bob" }),
      await ann("POST", "/v1/keys", { admin: true }),
      await ann("GET", "/v1/keys?owner=bob"),
    ];
    for (const { status, json } of refused) expect([status, json.code]).toEqual([403, "forbidden"]);
    const { id } = (await bob("GET", "/v1/keys")).json.data[0];
    const unknown = `ke_${"0".repeat(32)}`;
    const answers = [await ann("DELETE", `/v1/keys/${id}`), await ann("DELETE", `/v1/keys/${unknown}`)];
    expect(answers.map(({ status }) => status)).toEqual([404, 404]);
    expect(answers[0].text.replace(id, "ID")).toBe(answers[1].text.replace(unknown, "ID"));
    expect((await bob("GET", "/v1/models")).status).toBe(200);
  });
});

test.each([{ owner: "" }, { owner: "a/b" }, { name: "x".repeat(201) }, { secret: "sk_mine" }])(
  "a key of %j is not made",
  async (body) => {
    const { admin } = await start();
    expect((await admin("POST", "/v1/keys", body)).status).toBe(400);
  },
);
