import { expect, test } from "vitest";
import { isId } from "../../../src/jobs/messages.ts";
import { randomIds } from "../../../src/local/random-ids.ts";

test("ids are never the same and have the shape of ids", () => {
  const ids = Array.from({ length: 1000 }, () => randomIds.create("tr"));
  expect(new Set(ids).size).toBe(1000);
  for (const id of ids) expect(isId(id, "tr")).toBe(true);
});

test("secrets have the length that was asked for and are never the same", () => {
  const secrets = Array.from({ length: 100 }, () => randomIds.secretBytes(24));
  for (const secret of secrets) expect(secret).toHaveLength(24);
  expect(new Set(secrets.map((secret) => Buffer.from(secret).toString("hex"))).size).toBe(100);
});
