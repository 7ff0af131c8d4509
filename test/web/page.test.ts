import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import type { Transcript } from "../../src/formats/index.ts";
import { snippets } from "../../web/develop/snippets.ts";
import { call } from "../e2e/support/client.ts";
import { startService } from "../e2e/support/local-service.ts";
import { shareTranscribers } from "../support/shared-transcribers.ts";
import { expectAccessible, expectNarrow, openTab, useBrowser } from "./support/browser.ts";

const DIALOGUE = fileURLToPath(new URL("../fixtures/dialogue.wav", import.meta.url));
const HOSTILE = "<img src=x onerror=alert(1)>.wav";

useBrowser();
shareTranscribers();

/** Let go of a file over the page, as a person does. */
async function drop(page: Page, name: string, path: string): Promise<void> {
  const content = (await readFile(path)).toString("base64");
  const file = { name, content };
  await page.locator("body").evaluate((body, { name, content }) => {
    const { DataTransfer, DragEvent, File, atob } = body.ownerDocument.defaultView;
    const bytes = Uint8Array.from(atob(content), (character: string) => character.charCodeAt(0));
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([bytes], name, { type: "audio/wav" }));
    body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, file);
}

/** Moves the slider and tells where it stands and which word is marked there. */
async function seek(page: Page, seconds: number): Promise<{ at: number; said: string | null }> {
  return page.locator(".player input[type=range]").evaluate((slider, value) => {
    slider.value = String(value);
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const said = slider.ownerDocument.querySelector(".said");
    return { at: slider.valueAsNumber, said: said?.textContent ?? null };
  }, seconds);
}

async function saved(page: Page, button: string): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: button, exact: true }).click(),
  ]);
  return readFile(await download.path(), "utf8");
}

test("a recording is dropped, watched, read along with its sound, and taken home", async () => {
  const service = await startService();
  const { page, complaints } = await openTab();
  await page.goto(service.pageLink);
  await page.getByRole("heading", { name: "Transcribe", exact: true }).waitFor();
  expect(page.url()).not.toContain("once=");
  await drop(page, HOSTILE, DIALOGUE);
  const row = page.locator(".list li", { hasText: HOSTILE });
  await row.locator("[data-status=completed]").waitFor();
  await expectAccessible(page);
  await row.getByRole("link").click();
  await page.locator("[data-word]").first().waitFor();
  expect(await page.title()).toBe(`${HOSTILE} · Scriptorium`);
  expect(await page.locator("img").count()).toBe(0);

  const id = new URL(page.url()).hash.split("/")[2];
  const read = (format: string) =>
    call(service, "GET", `/v1/transcriptions/${id}/transcript?format=${format}`);
  const transcript = (await (await read("json")).json()) as Transcript;
  const words = transcript.segments.flatMap((segment) => segment.words);
  expect(words.length).toBeGreaterThan(5);
  expect(transcript.audio.peaks!.length).toBeGreaterThan(100);
  await expect.poll(() => page.locator(".waveform canvas").count()).toBe(2);

  // The word that is said at a time is the word of the JSON; some are written together with the one before.
  const shown = words.map(({ word, display }) => display ?? word);
  const saidAt = (time: number) => {
    const word = words.findIndex(({ start, end }) => start <= time && time < end);
    return word < 0 ? null : shown.slice(0, word + 1).findLast((text) => text !== "");
  };
  for (let time = 0; time < transcript.duration; time += 0.3) {
    const { at, said } = await seek(page, time);
    expect([at, said]).toEqual([at, saidAt(at)]);
  }
  const said = page.locator(".said");
  const last = page.locator("[data-word]").last();
  await last.click();
  await expect.poll(() => said.textContent()).toBe(await last.textContent());
  await page.locator(".pane").focus();
  await page.keyboard.press("ArrowUp");
  await expect.poll(() => said.allTextContents()).not.toEqual([await last.textContent()]);
  await seek(page, 0);
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Pause" }).waitFor();
  await expect.poll(() => said.count()).toBe(1);
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  await expectAccessible(page);

  for (const [button, format] of [
    ["Text", "text"],
    ["SRT", "srt"],
    ["VTT", "vtt"],
    ["JSON", "json"],
  ])
    expect(await saved(page, button)).toBe(await (await read(format)).text());
  const csv = (await saved(page, "CSV of words")).split("\r\n");
  expect(csv.slice(1, -1).map((line) => line.split(",")[4])).toEqual(words.map(({ word }) => word));

  await page.locator("summary", { hasText: "curl" }).click();
  const [{ code }] = snippets(service.url, { kind: "read", id });
  expect(await page.locator("details[open] pre").textContent()).toBe(code);
  expect(complaints).toEqual([]);
});

test("the link of the start opens the page once; after that the key does, and a wrong one does not", async () => {
  const service = await startService({ worker: null });
  const first = await openTab();
  await first.page.goto(service.pageLink);
  await first.page.getByRole("heading", { name: "Transcribe", exact: true }).waitFor();
  await first.page.reload();
  await first.page.getByRole("heading", { name: "Transcribe", exact: true }).waitFor();

  const { page } = await openTab({ viewport: { width: 360, height: 640 }, colorScheme: "dark" });
  await page.goto(service.pageLink);
  await page.getByRole("alert").getByText("The link was used before").waitFor();
  await expectAccessible(page);
  await expectNarrow(page);
  const key = page.getByLabel("API key");
  await key.fill("sk_wrong");
  await key.press("Enter");
  await page.getByRole("alert").getByText("API key").waitFor();
  await key.fill(service.access.key);
  await key.press("Enter");
  await page.getByRole("heading", { name: "Transcribe", exact: true }).waitFor();
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("API key").waitFor();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});
