import { it } from "vitest";
import { surviveKills } from "./killing.ts";

it("loses nothing and counts nothing twice when workers are killed over and over", { timeout: 300_000 }, () =>
  surviveKills(6),
);
