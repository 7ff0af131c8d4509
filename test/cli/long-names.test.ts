import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { expandInputs } from "../../cli/inputs.ts";
import { saveBelow } from "../../cli/results/save.ts";
import { writeFiles } from "../support/archive.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

it("results of names of up to 255 bytes have names that fit, each its own", async () => {
  const folder = await temporaryFolder();
  const names = [246, 250, 251, 255].flatMap((bytes) =>
    ["x", "ä", "🎤"].map((letter) => `${letter.repeat(100).slice(0, 40)}${bytes}`.padEnd(bytes - 44, letter)),
  );
  const longest = names.map((name, i) => {
    let padded = `${i}${name}`;
    while (Buffer.byteLength(padded) > 251) padded = [...padded].slice(0, -1).join("");
    return `${padded.padEnd(padded.length + 251 - Buffer.byteLength(padded), "z")}.mp3`;
  });
  for (const name of longest) expect(Buffer.byteLength(name)).toBe(255);
  await writeFiles(folder, Object.fromEntries(longest.map((name) => [name, "x"])));
  const out = await temporaryFolder();
  const inputs = await expandInputs([folder]);
  expect(inputs).toHaveLength(longest.length);
  for (const { stem } of inputs) await saveBelow(join(out, "deep"), stem, "json", "{}");
  const written = await readdir(join(out, "deep"));
  expect(written).toHaveLength(longest.length);
  for (const name of written) expect(name).toMatch(/~[0-9a-f]{16}\.json$/);
});
