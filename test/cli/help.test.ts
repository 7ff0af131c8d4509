import { describe, expect, it } from "vitest";
import { runCommand } from "./run-command.ts";

const COMMANDS = [
  "transcribe",
  "submit",
  "status",
  "transcripts get",
  "cancel",
  "delete",
  "batch create",
  "batch watch",
  "batch status",
  "batch list",
  "batch cancel",
  "batch summary",
  "webhooks listen",
  "webhooks secrets",
  "webhooks rotate",
  "webhooks redeliver",
  "keys create",
  "keys list",
  "keys revoke",
  "models",
];

describe("help", () => {
  it.each(COMMANDS)("of %s has an example and the exit codes", async (command) => {
    const { code, stdout, stderr } = await runCommand(...command.split(" "), "--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`\n  scriptorium ${command}`);
    expect(stdout).toMatch(/\nExit codes: 0 .*; 1 .*; 2 /);
  });

  it.each(["batch", "webhooks", "keys", "transcripts"])(
    "%s alone lists its verbs and exits with 2",
    async (group) => {
      const { code, stdout, stderr } = await runCommand(group);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(`Usage: scriptorium ${group} [options] [command]`);
    },
  );

  it("a command that there is not is answered with one that there is", async () => {
    const { code, stderr } = await runCommand("batch", "creat");
    expect(code).toBe(2);
    expect(stderr).toContain("Did you mean create?");
  });
});
