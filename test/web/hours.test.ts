import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CDPSession, Page } from "playwright-core";
import { expect, test } from "vitest";
import { speak, transcriptOf } from "../src/formats/samples.ts";
import { apiClient } from "../support/api-client.ts";
import { ffmpeg } from "../support/run-ffmpeg.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { seek } from "./support/acts.ts";
import { openTab, useBrowser } from "./support/browser.ts";
import { completeWith, pageWorld, signedIn } from "./support/page-world.ts";

const HOURS = 3;
const WORDS_AN_HOUR = 9000;
const WORDS_A_SEGMENT = 27;
const SECONDS_A_WORD = 0.4;
const USUAL_MS = 50;
/** Of the processor, which works more slowly for one of many: a single frame may meet that. */
const MOST_MS = 200;

useBrowser();

/** 27,000 words, each with its number in it. */
function ofHours() {
  const segments = Array.from({ length: (HOURS * WORDS_AN_HOUR) / WORDS_A_SEGMENT }, (_, index) => {
    const names = Array.from({ length: WORDS_A_SEGMENT }, (_, at) => `word${index * WORDS_A_SEGMENT + at}`);
    const start = index * WORDS_A_SEGMENT * SECONDS_A_WORD;
    const words = speak(names.join(" "), start, SECONDS_A_WORD);
    return { start, end: words.at(-1)!.end, words };
  });
  const duration = HOURS * 3600;
  const peaks = Array.from({ length: 1000 }, (_, at) => at % 100);
  const audio = { sha256: "00", duration, sample_rate: 16_000, channels: 1, codec: "pcm_s16le", peaks };
  return transcriptOf(segments, { duration, audio });
}

/** Milliseconds of the processor that the page's thread took for what is done, frames and all. */
async function costOf(session: CDPSession, page: Page, act: () => Promise<unknown>): Promise<number> {
  const taken = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find(({ name }) => name === "TaskDuration")!.value * 1000;
  };
  const before = await taken();
  await act();
  await page
    .locator("html")
    .evaluate(
      ({ ownerDocument: { defaultView } }) =>
        new Promise((resolve) =>
          defaultView.requestAnimationFrame(() => defaultView.requestAnimationFrame(resolve)),
        ),
    );
  return (await taken()) - before;
}

/** Silence, in frames so long that hours of it are small. */
async function soundOfHours(): Promise<Uint8Array> {
  const path = join(await temporaryFolder(), "hours.flac");
  const silence = ["-f", "lavfi", "-i", "anullsrc=r=4000:cl=mono", "-t", String(HOURS * 3600)];
  await ffmpeg(...silence, "-c:a", "flac", "-frame_size", "65535", path);
  return readFile(path);
}

test("a recording of three hours scrolls and seeks in frames of less than 50 ms", async () => {
  const world = await pageWorld();
  const ann = apiClient(world.url, world.keys.ann);
  const { id } = (
    await ann("POST", "/v1/transcriptions", { file_name: "long.flac", content_type: "audio/flac" })
  ).json;
  await completeWith(world, id, ofHours(), await soundOfHours());
  const { page } = await openTab();
  await world.storage(page);
  await signedIn(page, world.keys.ann);
  await page.goto(`${world.url}/#/transcriptions/${id}`);
  await page.locator("[data-word]").first().waitFor();
  await expect.poll(() => page.evaluate<number>("sound.duration")).toBeCloseTo(HOURS * 3600, 0);

  const session = await page.context().newCDPSession(page);
  // Of the thread, not of the clock: what else the machine does meanwhile is not the page's doing.
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const pane = page.locator(".pane");
  const { height } = await pane.evaluate(({ scrollHeight }) => ({ height: scrollHeight as number }));
  expect(height).toBeGreaterThan(50_000);
  const scroll = (to: number) => pane.evaluate((element, top) => element.scrollTo(0, top), to);
  const costs: number[] = [];
  for (let step = 0; step < 25; step++) {
    costs.push(await costOf(session, page, () => scroll(((step * 7919) % 25) * (height / 25))));
    expect(await page.locator("[data-word]").count()).toBeLessThan(2000);
  }
  for (let step = 0; step < 25; step++) costs.push(await costOf(session, page, () => scroll(step * 120)));

  // To a time, far away or near, by the slider: the text follows.
  for (let step = 0; step < 25; step++) {
    const word = step % 2 === 0 ? ((step * 7919) % 25) * 1080 : step * 20;
    let said: string | null = null;
    costs.push(
      await costOf(session, page, async () => ({ said } = await seek(page, (word + 0.5) * SECONDS_A_WORD))),
    );
    said ??= await page.locator(".said").textContent();
    expect(said).toBe(`word${word}`);
  }

  // To a word near the end, by finding it.
  const find = page.getByLabel("Find");
  costs.push(await costOf(session, page, () => find.fill("word26990")));
  await page.locator("[data-marks~=here]", { hasText: "word26990" }).waitFor();
  await find.fill("word1234 word1235");
  await page.locator("[data-marks~=here]", { hasText: "word1234" }).waitFor();
  expect(await page.locator("[data-marks~=here]").count()).toBe(2);
  costs.sort((a, b) => a - b);
  expect(costs[costs.length >> 1]).toBeLessThan(USUAL_MS);
  expect(costs.at(-1)).toBeLessThan(MOST_MS);

  // The end is where it belongs, whatever was guessed of the rows before it.
  const last = async () => {
    await pane.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    return page.locator("[data-word='26999']").isVisible();
  };
  await expect.poll(last).toBe(true);
});
