import { copyFile, mkdir, open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { Transcriber } from "../../src/asr/index.ts";
import type { Transcript } from "../../src/formats/index.ts";
import { snippets } from "../../web/develop/snippets.ts";
import { PARTS_FROM_BYTES } from "../../web/upload/parts.ts";
import { startWorker } from "../containers/worker/setting.ts";
import { call, callOk } from "../e2e/support/client.ts";
import { BUNDLED_MODEL, startService } from "../e2e/support/local-service.ts";
import { receiveWebhooks } from "../e2e/support/webhook-receiver.ts";
import { serve } from "../functions/deliver-webhook/servers.ts";
import { shareTranscribers } from "../support/shared-transcribers.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";
import { drop, expectCopied, saved, seek } from "./support/acts.ts";
import { expectAccessible, expectNarrow, openTab, PHONE, useBrowser } from "./support/browser.ts";
import { startLine } from "./support/line.ts";
import { pageWorld, signedIn } from "./support/page-world.ts";

const DIALOGUE = fileURLToPath(new URL("../fixtures/dialogue.wav", import.meta.url));
const YES = fileURLToPath(new URL("../fixtures/utterances/slt-yes.wav", import.meta.url));
const HOSTILE = "<img src=x onerror=alert(1)>.wav";

useBrowser();
shareTranscribers();

test("a recording is dropped, watched, read along with its sound, and taken home", async () => {
  const service = await startService();
  const { page, complaints } = await openTab();
  await page.goto(service.pageLink);
  await page.getByRole("heading", { name: "Transcribe", exact: true }).waitFor();
  expect(page.url()).not.toContain("once=");
  const recording = join(await temporaryFolder(), HOSTILE);
  await copyFile(DIALOGUE, recording);
  await drop(page, [recording]);
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
  const drawn = `[...document.querySelectorAll(".waveform canvas")].map((canvas) =>
    canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.filter((_, at) => at % 4 === 3).some(Boolean))`;
  await expect.poll(() => page.evaluate(drawn)).toEqual([true, true]);

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
  const at = () => page.evaluate<number>("sound.currentTime");
  const { segments } = transcript;
  await page.locator(".pane").focus();
  await seek(page, 0);
  for (const [key, goal] of [
    ["ArrowDown", segments[0].start],
    ["ArrowDown", segments[1].start],
    ["ArrowUp", segments[0].start],
    ["ArrowRight", segments[0].start + 5],
    ["ArrowLeft", segments[0].start],
  ] as const) {
    await page.keyboard.press(key);
    expect(await at()).toBeCloseTo(goal, 3);
  }
  const box = (await page.locator(".waveform").boundingBox())!;
  await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
  expect(await at()).toBeCloseTo(transcript.duration / 2, 1);

  await page.getByLabel("Speed").selectOption("0.75 ×");
  expect(await page.evaluate("sound.playbackRate")).toBe(0.75);
  await page.locator(".pane").focus();
  for (const rate of [1, 1.25, 1.5, 1.75, 2, 2]) {
    await page.keyboard.press(">");
    expect(await page.evaluate("sound.playbackRate")).toBe(rate);
  }
  // So that it plays for as long as this machine may take.
  await page.evaluate("sound.loop = true");
  const last = page.locator("[data-word]").last();
  await last.click();
  await page.getByRole("button", { name: "Pause" }).waitFor();
  expect(await page.evaluate<number>("heard.at(-1)")).toBeCloseTo(words.at(-1)!.start, 3);
  await expect.poll(() => page.locator(".said").count()).toBe(1);
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Pause" }).waitFor();
  // Who changes a word wants quiet.
  await last.dblclick();
  await page.getByRole("button", { name: "Play", exact: true }).waitFor();
  await page.keyboard.press("Escape");
  await expectAccessible(page);

  for (const [button, format] of [
    ["Text", "text"],
    ["SRT", "srt"],
    ["VTT", "vtt"],
    ["JSON", "json"],
  ])
    expect((await saved(page, button)).content).toBe(await (await read(format)).text());
  const csv = (await saved(page, "CSV of words")).content.split("\r\n");
  expect(csv.slice(1, -1).map((line) => line.split(",")[4])).toEqual(words.map(({ word }) => word));

  const copy = page.getByRole("button", { name: "Copy the text" });
  await expectCopied(page, () => copy.click(), transcript.text);
  await page.locator("summary", { hasText: "curl" }).click();
  const [{ code }] = snippets(service.url, { kind: "read", id });
  await expectCopied(page, () => page.locator("details[open] button").click(), code);

  await page.getByRole("link", { name: "API", exact: true }).click();
  const command = page.locator(".steps li").nth(1);
  const firstCall = await command.locator("pre").textContent();
  await expectCopied(page, () => command.getByRole("button", { name: "Copy" }).click(), firstCall);
  // Its buttons come when all of it is there.
  const headings = await page.locator("h3 a").evaluateAll((links) => links.map(({ hash }) => hash as string));
  expect(headings).toEqual(
    expect.arrayContaining(["#createTranscription", "#readAudio", "#redeliverTranscriptionWebhook"]),
  );
  // All calls are made alike, and axe takes its time over them.
  await page.locator("section.call:not(#createTranscription)").evaluateAll((all) => {
    for (const one of all) one.remove();
  });
  await expectAccessible(page);
  expect(complaints).toEqual([]);
});

test("the link of the start opens the page once; after that the key does, and a wrong one does not", async () => {
  const service = await startService({ worker: null });
  const first = await openTab();
  await first.page.goto(service.pageLink);
  await first.page.getByRole("heading", { name: "Transcribe", exact: true }).waitFor();
  await first.page.reload();
  await first.page.getByRole("heading", { name: "Transcribe", exact: true }).waitFor();

  const { page } = await openTab(PHONE);
  await page.goto(service.pageLink);
  await page.getByRole("alert").getByText("The link was used before").waitFor();
  await expectAccessible(page);
  await expectNarrow(page);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  expect(await page.evaluate("document.activeElement.id")).toBe("content");
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

test("recordings come from the microphone and from folders, several at a time", async () => {
  const service = await startService();
  const folder = join(await temporaryFolder(), "tapes");
  await mkdir(join(folder, "side b"), { recursive: true });
  for (const name of ["one.wav", "side b/two.wav", "notes.txt"]) await copyFile(YES, join(folder, name));
  const { page, complaints } = await openTab();
  await page.goto(service.pageLink);
  await page.getByRole("button", { name: "Record", exact: true }).click();
  await page.getByRole("button", { name: /^Stop recording .*([1-9]\d|[3-9])\)/ }).click();
  const rows = page.locator(".list li");
  const recorded = rows.filter({ hasText: /recording .*\.(weba|webm|ogg|mp4)/ });
  await recorded.locator("[data-status=completed]").waitFor();

  const receiver = await receiveWebhooks();
  await page.locator("summary", { hasText: "Options" }).click();
  await page.getByLabel("Webhook").fill(receiver.url);
  await drop(page, [folder, DIALOGUE]);
  await page.getByText("Left out, as no recordings: notes.txt").waitFor();
  await page.getByLabel("Choose a folder").last().setInputFiles(folder);
  await expect.poll(() => rows.locator("[data-status=completed]").count()).toBe(6);
  const names = (await rows.locator(".name").allTextContents()).filter((name) => !/^recording/.test(name));
  expect(names.sort()).toEqual(["dialogue.wav", "one.wav", "one.wav", "two.wav", "two.wav"]);

  await rows.filter({ hasText: "dialogue.wav" }).getByRole("link").click();
  await page.getByText("delivered", { exact: true }).waitFor();
  await page.locator("ol.list li", { hasText: /· 2\d\d/ }).waitFor();
  const told = () =>
    receiver.events.filter(({ body }) => body.includes(page.url().split("/").at(-1)!)).length;
  const before = told();
  expect(before).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Deliver it again" }).click();
  await expect.poll(told).toBeGreaterThan(before);
  await page.getByRole("link", { name: "All transcriptions" }).click();

  // A browser's recording has no index of its own, and is read along with all the same.
  await recorded.getByRole("link").click();
  const yes = page.locator("[data-word]", { hasText: /^yes/i }).last();
  await yes.waitFor();
  await page.evaluate("sound.loop = true");
  await yes.click();
  await page.getByRole("button", { name: "Pause" }).waitFor();
  const word = await yes.getAttribute("data-word");
  const id = new URL(page.url()).hash.split("/")[2];
  const { segments } = await callOk<Transcript>(service, "GET", `/v1/transcriptions/${id}/transcript`);
  const { start } = segments.flatMap(({ words }) => words)[Number(word)];
  expect(start).toBeGreaterThan(0);
  expect(await page.evaluate<number>("heard.at(-1)")).toBeCloseTo(start, 2);
  expect(complaints).toEqual([]);
});

test("a recording elsewhere is fetched by the service, and what cannot be had says why", async () => {
  const bytes = await readFile(YES);
  const { url } = await serve((request, response) => {
    if (request.url === "/gone.wav") response.writeHead(404).end();
    else response.writeHead(200, { "content-length": bytes.length }).end(bytes);
  });
  const world = await pageWorld({}, { allowLocalSources: true });
  startWorker(world.services, await Transcriber.load(BUNDLED_MODEL, { device: "cpu" }));
  const { page } = await openTab(PHONE);
  await signedIn(page, world.keys.ann);
  await page.goto(world.url);
  const send = async (address: string) => {
    await page.getByLabel("Address of a recording").fill(address);
    await page.getByRole("button", { name: "Transcribe it" }).click();
  };
  const there = url.replace("/hook", "/calls/call%2017.wav");
  await send(there);
  await page.locator(".list li", { hasText: "call 17.wav" }).locator("[data-status=completed]").waitFor();
  await page.locator("summary", { hasText: "curl" }).click();
  expect(await page.locator("details[open] pre").textContent()).toContain(`"source":{"url":"${there}"}`);
  await send(url.replace("/hook", "/gone.wav"));
  const gone = page.locator(".list li", { hasText: "gone.wav" });
  await gone.getByText("answered 404: there is no recording at that URL. See that it is there").waitFor();
  await send("http://10.0.0.1/a.wav");
  await page.locator(".uploads").getByRole("alert").getByText("must begin with https://").waitFor();
  await expectAccessible(page);
  await expectNarrow(page);
});

test("a large recording goes up in parts: after a cut only those that are not there, and it can be given up", async () => {
  const service = await startService({ worker: null });
  const lecture = join(await temporaryFolder(), "lecture.wav");
  const file = await open(lecture, "w");
  const stretches = Array.from({ length: 10 }, (_, number) => number);
  for (const number of stretches) await file.write(Buffer.alloc(PARTS_FROM_BYTES / 10, `${number}`));
  await file.close();
  const sent: string[] = [];
  let held: string | null = "3";
  let breaks = 0;
  const url = await startLine(service.url, (part) => {
    sent.push(part);
    if (part === held) return "held";
    return part === "4" && breaks-- > 0 ? "breaks" : "passes";
  });
  const { page } = await openTab();
  await page.goto(service.pageLink.replace(service.url, url));
  const choose = (path: string) => page.locator("input[type=file]").first().setInputFiles(path);
  const bar = page.getByRole("progressbar", { name: "Upload of lecture.wav" });
  await choose(lecture);
  await expect.poll(() => sent).toEqual(["1", "2", "3"]);
  const share = () => bar.evaluate((one) => one.position as number);
  await expect.poll(share).toBeGreaterThan(0.3);
  expect(await share()).toBeLessThan(0.6);

  // The page is opened anew, and the line breaks once more; a browser may try again by itself.
  held = null;
  breaks = 2;
  await page.reload();
  await choose(lecture);
  await page.locator(".uploads [data-state=done]").waitFor();
  expect([...new Set(sent.slice(3))]).toEqual(["3", "4", "5", "6"]);
  expect(breaks).toBeLessThan(0);
  const { data } = await callOk<{ data: { id: string }[] }>(service, "GET", "/v1/transcriptions");
  const byteAt = async (at: number) => {
    const range = { range: `bytes=${at}-${at}` };
    const answer = await call(service, "GET", `/v1/transcriptions/${data[0].id}/audio`, undefined, range);
    return `${answer.headers.get("content-range")?.split("/")[1]} ${await answer.text()}`;
  };
  const bytes = await Promise.all(stretches.map((number) => byteAt((number * PARTS_FROM_BYTES) / 10)));
  expect(bytes).toEqual(stretches.map((number) => `${PARTS_FROM_BYTES} ${number}`));
  expect(data.length).toBe(1);

  // Anew, since the first is there.
  held = "1";
  await choose(lecture);
  await expect.poll(() => sent.at(-1)).toBe("1");
  await page.getByRole("button", { name: "Cancel the upload of lecture.wav" }).click();
  await page.locator(".uploads [data-state=canceled]").waitFor();
  const newest = async () =>
    (await callOk<{ data: { status: string }[] }>(service, "GET", "/v1/transcriptions")).data[0].status;
  await expect.poll(newest).toBe("canceled");
  expect(await page.evaluate(() => localStorage.length)).toBe(0);
});
