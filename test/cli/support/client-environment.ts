import { beforeEach, vi } from "vitest";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Each test of a file has an environment without settings of the user's, and a data folder that is empty. */
export function withoutUserSettings(): { dataFolder: string } {
  const place = { dataFolder: "" };
  beforeEach(async () => {
    place.dataFolder = await temporaryFolder();
    vi.stubEnv("SCRIPTORIUM_DATA", place.dataFolder);
    vi.stubEnv("SCRIPTORIUM_URL", undefined);
    vi.stubEnv("SCRIPTORIUM_API_KEY", undefined);
    return () => vi.unstubAllEnvs();
  });
  return place;
}

export function jsonLines(text: string): Record<string, unknown>[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
