import { readFileSync } from "node:fs";
import { z } from "zod";
import type { ModelSummary } from "../src/jobs/ports/model-catalog.ts";
import { SettingsError } from "./settings.ts";

const MANIFEST = z.object({
  name: z.string().min(1),
  version: z.string().min(1),
  languages: z.array(z.string()).min(1),
  license: z.string().nullable().default(null),
  parameters: z.object({ total: z.number(), active: z.number() }).nullable().default(null),
});

export const BUNDLED_MANIFEST = new URL("../models/u2pp-moe-en-41m/model.json", import.meta.url);

/** What the API says of a model, from its pack's model.json. Throws SettingsError. */
export function readModelFacts(manifest: string | URL): ModelSummary {
  try {
    return MANIFEST.parse(JSON.parse(readFileSync(manifest, "utf8")));
  } catch (error) {
    throw new SettingsError(`modelManifest: ${manifest} is no model.json: ${(error as Error).message}`, {
      cause: error,
    });
  }
}
