import { expect, it } from "vitest";
import { describeWithFfmpeg } from "../support/ffmpeg.ts";
import { makeHostileFiles } from "../support/hostile-files.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { runCommand } from "./run-command.ts";

interface Line {
  file: string;
  status: "completed" | "failed";
  error?: { code: string; message: string };
  transcript?: { text: string; warnings?: { code: string }[] };
}

describeWithFfmpeg("hostile files through the whole engine", () => {
  it("each ends as documented in one run of the command, and the recordings among them are transcribed", async () => {
    const all = await makeHostileFiles(await temporaryFolder());
    // A folder is searched through rather than read, and limits are not options of the command.
    const cases = all.filter(({ limits, name }) => limits === undefined && name !== "folder.wav");
    expect(cases.length).toBeGreaterThanOrEqual(50);
    const { code, stdout } = await runCommand(
      "transcribe",
      "-q",
      "--json-lines",
      ...cases.map(({ file }) => file),
    );
    expect(code).toBe(1);
    const lines = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as Line);
    const found = new Map(lines.map((line) => [line.file, line]));
    for (const { name, file, expect: outcome } of cases) {
      const line = found.get(file);
      const ending =
        line?.error?.code ?? (line?.transcript?.warnings ?? []).map((warning) => warning.code).join();
      expect([name, ending]).toEqual([
        name,
        "code" in outcome ? outcome.code : (outcome.warnings ?? []).join(),
      ]);
    }
    expect(found.size).toBe(cases.length);
    expect(found.get(cases.find(({ name }) => name === "silence.wav")?.file ?? "")?.transcript?.text).toBe(
      "",
    );
  });
});
