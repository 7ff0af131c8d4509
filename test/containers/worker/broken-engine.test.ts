import { afterAll, beforeAll, expect, it } from "vitest";
import { EngineError, type EngineErrorCode, Transcriber } from "../../../src/asr/index.ts";
import { PACK } from "../../src/asr/golden.ts";
import { ManualClock } from "../../src/local/manual-clock.ts";
import { override } from "../../support/override.ts";
import { upload } from "./give.ts";
import { type Recording, utterances } from "./recordings.ts";
import { newWorld, settled, startWorker } from "./setting.ts";
import { recordOf } from "./world.ts";

let transcriber: Transcriber;
let spoken: Recording[];
beforeAll(async () => {
  transcriber = await Transcriber.load(PACK, { device: "cpu" });
  spoken = await utterances();
});
afterAll(() => transcriber.close());

const CONCURRENCY = 4;

it.each<[EngineErrorCode, number]>([
  ["engine_stopped", CONCURRENCY],
  ["engine_failed", 5 + CONCURRENCY],
])("an engine with %s is given no more than %i recordings of the backlog", async (code, most) => {
  const clock = new ManualClock();
  const world = await newWorld({ clock });
  const ids: string[] = [];
  for (let index = 0; index < 20; index++) ids.push((await upload(world, spoken[0].bytes)).id);
  const broken = override(transcriber, {
    transcribe: () => {
      throw new EngineError(code, "The GPU has fallen off the bus.");
    },
  });
  const worker = startWorker(world.services, broken, { concurrency: CONCURRENCY });
  expect(await worker.broken).toMatchObject({ code });
  await worker.drain(0);
  const records = await Promise.all(ids.map((id) => recordOf(world, id)));
  expect(records.filter(({ attempts }) => attempts > 0).length).toBeLessThanOrEqual(most);
  expect(records.every(({ state }) => state === "queued" || state === "awaiting_upload")).toBe(true);

  clock.advance(60);
  startWorker(world.services, transcriber, { concurrency: CONCURRENCY });
  const done = await settled(world, ids);
  expect(done.every(({ state }) => state === "completed")).toBe(true);
});

it("a recording that the engine cannot do, now and then, is no sign of a broken engine", async () => {
  const world = await newWorld();
  const ids: string[] = [];
  for (let index = 0; index < 16; index++) ids.push((await upload(world, spoken[0].bytes)).id);
  let calls = 0;
  const moody = override(transcriber, {
    transcribe: (source, options) => {
      if (++calls % 4 === 0) throw new EngineError("engine_failed", "Not this one.");
      return transcriber.transcribe(source, options);
    },
  });
  const worker = startWorker(world.services, moody, { concurrency: 1 });
  let gaveUp = false;
  worker.broken.then(() => (gaveUp = true));
  await expect.poll(() => calls, { timeout: 100_000 }).toBeGreaterThanOrEqual(16);
  expect(gaveUp).toBe(false);
});
