import { beforeAll, describe, expect, it } from "vitest";
import { decodingOptions } from "../../../src/asr/options.ts";
import { loadPack, type ModelPack } from "../../../src/asr/pack/load-pack.ts";
import { PACK } from "./golden.ts";

let bundled: ModelPack;

beforeAll(async () => {
  bundled = await loadPack(PACK);
});

/** The bundled pack, but for what its search begins with. */
function packOf(beam: number, candidates: number, nbest?: number): ModelPack {
  const { nbest: _, ...defaults } = bundled.manifest.defaults;
  const manifest = {
    ...bundled.manifest,
    beam_candidates: candidates,
    defaults: { ...defaults, beam, ...(nbest !== undefined && { nbest }) },
  };
  return { ...bundled, manifest };
}

describe("the beam", () => {
  it("is the pack's own, whose graph's candidates are all that is tried in a frame", () => {
    expect(decodingOptions({}, packOf(40, 20, 15))).toMatchObject({ beam: 40, candidates: 20, nbest: 15 });
    expect(decodingOptions({}, packOf(10, 10))).toMatchObject({ beam: 10, candidates: 10, nbest: 10 });
  });

  it("tries as many tokens as it keeps prefixes where it is narrower, or wider than the pack's", () => {
    const pack = packOf(40, 20, 15);
    expect(decodingOptions({ beam: 5 }, pack)).toMatchObject({ beam: 5, candidates: 5, nbest: 5 });
    expect(decodingOptions({ beam: 30 }, pack)).toMatchObject({ beam: 30, candidates: 20, nbest: 15 });
    expect(decodingOptions({ beam: 60 }, pack)).toMatchObject({ beam: 60, candidates: 60, nbest: 15 });
  });

  it("has enough of its hypotheses rescored for those that are asked for", () => {
    const pack = packOf(40, 20, 4);
    expect(decodingOptions({ alternatives: 3 }, pack).nbest).toBe(4);
    expect(decodingOptions({ alternatives: 10 }, pack).nbest).toBe(10);
  });
});
