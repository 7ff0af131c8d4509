import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { createKey } from "../../src/jobs/use-cases/keys.ts";
import { openDatabase } from "../../src/local/database.ts";
import { SqliteJobStore } from "../../src/local/sqlite-job-store.ts";
import { apiClient } from "../support/api-client.ts";
import { apiWorld, listen } from "../support/api-world.ts";
import { freePort } from "../support/free-port.ts";
import { runCommand } from "./run-command.ts";
import { jsonLines, withoutUserSettings } from "./support/client-environment.ts";

const place = withoutUserSettings();
// Of a service that may run on this machine the tests want to know nothing.
beforeEach(async () => void vi.stubEnv("SCRIPTORIUM_URL", `http://127.0.0.1:${await freePort()}`));

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

  describe("where a service runs on another data folder", () => {
    const start = async () => {
      const world = await apiWorld();
      const url = await listen(world);
      vi.stubEnv("SCRIPTORIUM_URL", url);
      return { world, url };
    };

    it.each([
      ["an empty folder", false],
      ["the folder of another service", true],
    ])("create in %s makes no key that nobody knows", async (_, isThere) => {
      if (isThere) openDatabase(join(place.dataFolder, "scriptorium.sqlite")).close();
      const { url } = await start();
      const { code, stdout, stderr } = await runCommand("keys", "create", "--owner", "radio");
      expect([code, stdout]).toEqual([1, ""]);
      expect(stderr).toContain(`The service at ${url} runs on another data folder than ${place.dataFolder}`);
      expect(existsSync(join(place.dataFolder, "scriptorium.sqlite"))).toBe(isThere);
      if (!isThere) return;
      const { stdout: listed } = await runCommand("keys", "list", "--json");
      expect(jsonLines(listed)).toMatchObject([{ owner: "radio", revoked_at: expect.any(String) }]);
    });

    it("--url makes, lists and revokes them by its API", async () => {
      const { world, url } = await start();
      const { secret } = await createKey(world.services, { owner: "operator", name: "", admin: true });
      const at = ["--url", url, "--api-key", secret];
      const made = await runCommand("keys", "create", "--owner", "radio", "--json", ...at);
      const [{ id, owner, secret: fresh }] = jsonLines(made.stdout);
      expect([made.code, owner]).toEqual([0, "radio"]);
      expect((await apiClient(url, String(fresh))("GET", "/v1/models")).status).toBe(200);
      expect((await runCommand("keys", "list", ...at)).stdout).toContain(String(id));
      expect((await runCommand("keys", "revoke", String(id), ...at)).code).toBe(0);
      expect((await apiClient(url, String(fresh))("GET", "/v1/models")).status).toBe(401);
      expect(existsSync(join(place.dataFolder, "scriptorium.sqlite"))).toBe(false);
    });

    it("--url with a key that may not says so", async () => {
      const { world, url } = await start();
      const at = ["--url", url, "--api-key", world.keys.ann];
      const { code, stderr } = await runCommand("keys", "create", "--owner", "radio", ...at);
      expect(code).toBe(1);
      expect(stderr).toContain("Only an admin key makes keys of other owners.");
    });
  });

  it("create --admin makes a key for the keys of all", async () => {
    const [key] = jsonLines((await runCommand("keys", "create", "--admin", "--json")).stdout);
    expect(key).toMatchObject({ admin: true, owner: "default" });
    expect((await runCommand("keys", "list")).stdout).toContain("valid, admin");
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
