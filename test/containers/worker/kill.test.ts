import { it } from "vitest";
import { surviveKills } from "./killing.ts";

it("loses nothing and counts nothing twice when workers are killed", { timeout: 300_000 }, () =>
  surviveKills(2),
);
