import { createHash } from "node:crypto";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, vi } from "vitest";
import { openDatabase } from "../../src/local/database.ts";
import { SqliteJobStore } from "../../src/local/sqlite-job-store.ts";
import { runCommand } from "./run-command.ts";
import { jsonLines, withoutUserSettings } from "./support/client-environment.ts";

const place = withoutUserSettings();

describe("scriptorium keys", () => {
  it("create prints the secret once, and only its digest is kept", async () => {
    const { code, stdout, stderr } = await runCommand(
      "keys",
      "create",
      "--owner",
      "radio",
      "--name",
      "night desk",
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^sk_[0-9a-f]{48}\n$/);
    expect(stderr).toMatch(/^This is key ke_[0-9a-f]{32} of radio\./);
    const secret = stdout.trim();
    const db = openDatabase(join(place.dataFolder, "scriptorium.sqlite"));
    const key = await new SqliteJobStore(db).findKey(createHash("sha256").update(secret).digest("hex"));
    db.close();
    expect(key).toMatchObject({ owner: "radio", name: "night desk", revokedAt: null });
    expect(JSON.stringify(key)).not.toContain(secret);
  });

  it("list tells keys apart without their secrets, and revoke ends one", async () => {
    const [first] = jsonLines((await runCommand("keys", "create", "--json")).stdout);
    const [second] = jsonLines((await runCommand("keys", "create", "--json", "--name", "app")).stdout);
    const id = String(second.id);
    expect(await runCommand("keys", "revoke", id)).toMatchObject({ code: 0, stdout: `${id}\trevoked\n` });
    const { stdout } = await runCommand("keys", "list");
    expect(stdout.split("\n").map((line) => line.split(/ {2,}/))).toEqual([
      ["ID", "KEY", "OWNER", "NAME", "AGE", "STATUS"],
      [first.id, `${String(first.secret).slice(0, 7)}…`, "default", "-", expect.any(String), "valid"],
      [id, `${String(second.secret).slice(0, 7)}…`, "default", "app", expect.any(String), "revoked"],
      [""],
    ]);
    const listed = await runCommand("keys", "list", "--json");
    expect(listed.stdout).not.toContain(String(first.secret));
    expect(jsonLines(listed.stdout)).toMatchObject([
      { revoked_at: null },
      { revoked_at: expect.any(String) },
    ]);
  });

  it("create makes the data folder, for its user alone", async () => {
    const folder = join(place.dataFolder, "new/data");
    vi.stubEnv("SCRIPTORIUM_DATA", folder);
    expect((await runCommand("keys", "create")).code).toBe(0);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it.each([["list"], ["revoke", "ke_0"]])("%j of a folder without a service says so", async (...args) => {
    const { code, stderr } = await runCommand("keys", ...args);
    expect(code).toBe(1);
    expect(stderr).toContain(`There is no service in ${place.dataFolder}. Name its data folder`);
  });

  it("revoke tells of a key that is not there", async () => {
    await runCommand("keys", "create");
    const { code, stderr } = await runCommand("keys", "revoke", "ke_0");
    expect(code).toBe(1);
    expect(stderr).toContain("There is no key ke_0.");
  });

  it("an owner's name is checked", async () => {
    const { code, stdout, stderr } = await runCommand("keys", "create", "--owner", "../radio");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain("An owner's name has");
  });

  it("a data folder that cannot be made is named", async () => {
    await mkdir(place.dataFolder, { recursive: true });
    await writeFile(join(place.dataFolder, "file"), "");
    vi.stubEnv("SCRIPTORIUM_DATA", join(place.dataFolder, "file/data"));
    const { code, stderr } = await runCommand("keys", "create");
    expect(code).toBe(1);
    expect(stderr).toContain("not_writable");
  });
});
