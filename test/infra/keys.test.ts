import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createTable } from "../support/aws-resources.ts";
import { describeWithMoto } from "../support/moto.ts";

const SCRIPT = fileURLToPath(new URL("../../infra/keys.ts", import.meta.url));

describeWithMoto("keys of a service on AWS", () => {
  // Not a synchronous child: the doors in front of moto are in this process.
  const run = (...args: string[]) =>
    new Promise<{ status: number; stdout: string; stderr: string }>((resolve) => {
      execFile(process.execPath, [SCRIPT, ...args], (error, stdout, stderr) => {
        resolve({ status: error ? Number(error.code) : 0, stdout, stderr });
      });
    });

  test("are made, listed without their secrets, and revoked", async () => {
    const table = await createTable();
    const made = await run("create", "--table", table, "--owner", "acme", "--name", "first", "--admin");
    expect(made.stdout).toMatch(/^sk_[0-9a-f]{48}\n$/);
    const id = /key (ke_\w+) of acme/.exec(made.stderr)?.[1] ?? "";
    expect((await run("revoke", "--table", table, id)).status).toBe(0);
    const listed = JSON.parse((await run("list", "--table", table)).stdout);
    expect(listed).toMatchObject({
      id,
      owner: "acme",
      name: "first",
      admin: true,
      revokedAt: expect.any(String),
    });
    expect(listed).not.toHaveProperty("hash");
  });

  test("are refused with a sentence", async () => {
    const table = await createTable();
    const wrongOwner = await run("create", "--table", table, "--owner", "no/slashes");
    expect([wrongOwner.status, wrongOwner.stderr]).toEqual([
      1,
      expect.stringMatching(/^An owner's name has/),
    ]);
    expect((await run("revoke", "--table", table, "ke_none")).status).toBe(1);
  });
});
