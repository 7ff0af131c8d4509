import { expect, test } from "vitest";
import { acceptUpload, claim, complete, fail, saveProgress } from "../../src/jobs/work/index.ts";
import { speak, transcriptOf } from "../src/formats/samples.ts";
import { apiClient } from "../support/api-client.ts";
import { failTranscription } from "../support/api-world.ts";
import { listWhole, workThrough } from "../support/archive.ts";
import { look, saved } from "./support/acts.ts";
import { expectAccessible, expectNarrow, openTab, PHONE, useBrowser } from "./support/browser.ts";
import { completeWith, pageWorld, signedIn } from "./support/page-world.ts";

const RECORDING = { name: "a.wav", mimeType: "audio/wav", buffer: Buffer.from("RIFF") };
const HOLD = { worker: "w", messageId: "m" };

useBrowser();

async function start(options: Parameters<typeof openTab>[0] = {}) {
  const world = await pageWorld();
  const ann = apiClient(world.url, world.keys.ann);
  const opened = await openTab(options);
  await signedIn(opened.page, world.keys.ann);
  const statusOf = async (id: string) => (await ann("GET", `/v1/transcriptions/${id}`)).json.status as string;
  const newest = async () => (await ann("GET", "/v1/transcriptions")).json.data[0].id as string;
  return { world, ann, statusOf, newest, ...opened };
}

test("an upload that came too late, or was given up, is said so and can be tried again", async () => {
  const { world, page, statusOf, newest } = await start();
  let before: () => Promise<void> | void = () => world.clock.advance(2 * 3600);
  await world.storage(page, (method) => (method === "PUT" ? before() : undefined));
  await page.goto(world.url);
  const files = page.locator("input[type=file]").first();
  await files.setInputFiles(RECORDING);
  const row = page.locator(".uploads li");
  await row.getByRole("alert").getByText("The time to upload to this URL is over").waitFor();

  const reached = Promise.withResolvers<void>();
  const held = Promise.withResolvers<void>();
  before = () => {
    reached.resolve();
    return held.promise;
  };
  await row.getByRole("button", { name: "Try again: a.wav" }).click();
  await reached.promise;
  await row.getByRole("button", { name: "Cancel the upload of a.wav" }).click();
  await page.locator(".uploads [data-state=canceled]").waitFor();
  await expect.poll(async () => statusOf(await newest())).toBe("canceled");
  held.resolve();

  world.clock.advance(1);
  before = () => {};
  await row.getByRole("button", { name: "Try again: a.wav" }).click();
  await page.locator(".uploads [data-state=done]").waitFor();
  expect(await statusOf(await newest())).toBe("queued");
});

test("several go at once, and are found again by name, metadata and status", async () => {
  const { world, page, ann } = await start();
  await world.storage(page);
  await page.addInitScript(
    'navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error("refused"))',
  );
  await page.goto(world.url);
  const names = ["b.wav", "c.mp3", "d.flac", "e.ogg", "f.m4a"];
  const files = names.map((name) => ({ ...RECORDING, name }));
  await page.locator("input[type=file]").first().setInputFiles(files);
  await expect.poll(() => page.locator(".uploads [data-state=done]").count()).toBe(names.length);
  const listed = async () => (await page.locator(".list li .name").allTextContents()).sort();
  await expect.poll(listed).toEqual(names);
  const { data } = (await ann("GET", "/v1/transcriptions?status=queued")).json;
  expect(data.map(({ file_name }: { file_name: string }) => file_name).sort()).toEqual(names);
  await page.getByLabel("File name").fill("flac");
  await expect.poll(listed).toEqual(["d.flac"]);

  await page.getByLabel("File name").fill("");
  await ann("POST", "/v1/transcriptions", { file_name: "order.wav", metadata: { order: "4711" } });
  await page.getByLabel("Metadata").fill("order=4711");
  await expect.poll(listed).toEqual(["order.wav"]);
  await page.getByLabel("Status").selectOption("queued");
  await page.getByText("There are none.").waitFor();
  await page.getByLabel("Metadata").fill("");
  await expect.poll(listed).toEqual(names);
  await page.getByLabel("From").fill("2026-03-03");
  await page.getByText("There are none.").waitFor();
  await page.getByLabel("From").fill("2026-02-28");
  await expect.poll(listed).toEqual(names);
  const moves = () => look(page.locator(".drop"), "transition-duration");
  expect(await moves()).toBe("0.15s");
  await page.emulateMedia({ reducedMotion: "reduce" });
  expect(await moves()).toBe("0s");
  await page.getByRole("button", { name: "Record", exact: true }).click();
  await page.getByRole("alert").getByText("The browser gives no microphone").waitFor();
  await page.locator("summary", { hasText: "Options" }).click();
  await expectAccessible(page);
});

test("the list follows a recording to its end, with its progress and speed, and a failure with its remedy", async () => {
  const { world, ann, page } = await start();
  const { services, clock } = world;
  const polled = page.waitForRequest(/[?]wait=20$/);
  const create = async (file_name: string) => {
    const { id } = (await ann("POST", "/v1/transcriptions", { file_name })).json;
    const record = (await services.store.getTranscription(id))!;
    await services.blobs.put(record.source, "RIFF");
    await acceptUpload(services, record);
    await claim(services, id, HOLD, 60);
    return id as string;
  };
  const id = await create("talk.wav");
  await saveProgress(services, id, HOLD, 0.4);
  await page.goto(world.url);
  const row = page.locator(".list li", { hasText: "talk.wav" });
  const progress = row.getByRole("progressbar", { name: "Progress of talk.wav" });
  await expect.poll(() => progress.getAttribute("value")).toBe("0.4");
  await saveProgress(services, id, HOLD, 0.8);
  await expect.poll(() => progress.getAttribute("value")).toBe("0.8");
  expect((await polled).url()).toContain(id);
  clock.advance(2);
  const claimed = (await services.store.getTranscription(id))!;
  await complete(services, claimed, HOLD, transcriptOf([{ words: speak("hello") }], { id }));
  await row.locator("[data-status=completed]").waitFor();
  await row.getByText("1:00 · 30 × real time").waitFor();

  const failed = await create("silence.wav");
  await fail(services, failed, HOLD, { code: "no_audio", message: "There is no audio in it." });
  await page.getByLabel("Status").selectOption("failed");
  await page
    .getByText("There is no audio in it. Choose a recording, or a track of it, that has sound.")
    .waitFor();
  expect(await page.locator(".list li").count()).toBe(1);
});

test("another owner's is none, and one that failed says why", async () => {
  const { world, ann, page } = await start();
  const bob = apiClient(world.url, world.keys.bob);
  const other = (await bob("POST", "/v1/transcriptions")).json.id;
  const failed = (await ann("POST", "/v1/transcriptions", { file_name: "silence.wav" })).json.id;
  await failTranscription(world, failed);
  await page.goto(`${world.url}/#/transcriptions/${other}`);
  await page.getByRole("alert").getByText(`There is no transcription ${other}`).waitFor();
  expect(await page.locator(".pane").count()).toBe(0);
  await page.goto(`${world.url}/#/transcriptions/${failed}`);
  await page.getByText("There is no audio in it. Choose a recording").waitFor();
  await expectAccessible(page);
  await page.getByRole("link", { name: "All transcriptions" }).click();
  await page.locator(".list [data-status=failed]").waitFor();
});

test("words are changed, undone, kept in the browser, and taken home by the keyboard alone", async () => {
  const { world, ann, page } = await start(PHONE);
  await world.storage(page);
  const webhook = { url: "https://example.com/h" };
  const { id } = (await ann("POST", "/v1/transcriptions", { file_name: "talk.wav", webhook })).json;
  const spoken = speak("hello wide world").map((word, at) => ({ ...word, confidence: [0.9, 0.7, 0.3][at] }));
  const alternatives = ["hello wide world", "yellow wide world"].map((text) => ({ text, confidence: 0.5 }));
  const segments = [
    { words: spoken, alternatives, channel: 0 },
    { start: 5, end: 6, words: speak("good bye", 5), channel: 1 },
  ];
  await completeWith(world, id, transcriptOf(segments));
  await page.goto(`${world.url}/#/transcriptions/${id}`);
  const words = page.locator("[data-word]");
  await words.first().waitFor();
  // Its bytes are no sound: that is said, and the text is there all the same.
  await page.getByText("This browser cannot play the recording").waitFor();
  expect(await page.locator("[data-marks~=doubtful]").allTextContents()).toEqual(["wide"]);
  expect(await page.locator("[data-marks~=unsure]").allTextContents()).toEqual(["world"]);
  const colours = await Promise.all(
    [0, 1].map((channel) => look(page.locator(`[data-channel='${channel}']`), "border-left-color")),
  );
  expect(new Set(colours).size).toBe(2);
  const shades = () => Promise.all([0, 1, 2].map((word) => look(words.nth(word), "background-color")));
  expect(new Set(await shades()).size).toBe(3);
  await page.getByLabel("Mark unsure words").press("Space");
  expect(new Set(await shades()).size).toBe(1);

  await page.locator(".pane").focus();
  await page.keyboard.press("e");
  await page.keyboard.type("Hallo,");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  await page.keyboard.type("World!");
  await page.keyboard.press("Enter");
  await expect.poll(() => words.allTextContents()).toEqual(["Hallo,", "wide", "World!", "good", "bye"]);
  await page.reload();
  await expect.poll(() => words.allTextContents()).toEqual(["Hallo,", "wide", "World!", "good", "bye"]);
  await page.locator(".pane").focus();
  await page.keyboard.press("u");
  await expect.poll(() => words.nth(2).textContent()).toBe("world");
  await page.keyboard.press("r");
  await expect.poll(() => words.nth(2).textContent()).toBe("World!");
  await page.keyboard.press("/");
  await page.keyboard.type("hallo, wide");
  await expect.poll(() => page.locator("[data-marks~=here]").count()).toBe(2);
  await page.getByRole("button", { name: "1 other version" }).press("Enter");
  await page.getByText("yellow wide world").waitFor();
  await expectAccessible(page);
  await expectNarrow(page);
  const { name, content } = await saved(page, "Save as JSON");
  expect([name, JSON.parse(content).text]).toEqual(["talk.edited.json", "Hallo, wide World! good bye"]);
  expect((await saved(page, "Save as text")).content).toBe("Hallo, wide World!\ngood bye\n");
  expect((await saved(page, "Save as SRT")).content).toContain("Hallo, wide World!");
  expect((await ann("GET", `/v1/transcriptions/${id}/transcript?format=text`)).text).toContain("hello wide");

  await page.getByText("https://example.com/h").waitFor();
  await page.getByRole("button", { name: "Deliver it again" }).press("Enter");
  await expect.poll(() => world.services.queues.webhooks.depth()).toMatchObject({ visible: 2 });
});

test("other versions are asked for; batches, usage and keys are shown on a phone in the dark", async () => {
  const { world, ann, page } = await start(PHONE);
  const { services, clock } = world;
  for (const key of ["2019/b.wav", "2019/c.wav"]) await services.blobs.put({ bucket: "tapes", key }, "RIFF");
  const body = { name: "Tapes of 2019", source: { bucket: "tapes", prefix: "" } };
  const batch = (await ann("POST", "/v1/batches", body)).json.id;
  await listWhole(services, batch);
  clock.advance(60);
  await workThrough(services, () => false, 1);
  const { id } = (await ann("POST", "/v1/transcriptions", { file_name: "talk.wav" })).json;
  await completeWith(world, id, transcriptOf([{ words: speak("hello") }]));
  await world.storage(page);
  await page.goto(`${world.url}/#/transcriptions/${id}`);
  await page.getByRole("button", { name: "Transcribe again, with 5 versions of each segment" }).click();
  await page.waitForURL((url) => !url.hash.endsWith(id));
  const again = (await ann("GET", `/v1/transcriptions/${new URL(page.url()).hash.split("/")[2]}`)).json;
  expect(again).toMatchObject({ status: "queued", alternatives: 5, file_name: "talk.wav" });
  await page.goto(`${world.url}/#/batches`);
  const link = page.getByRole("link", { name: "Tapes of 2019" });
  await link.waitFor();
  await expectAccessible(page);
  await expectNarrow(page);
  await link.click();
  await page.getByRole("heading", { name: "Tapes of 2019" }).waitFor();
  expect(page.url()).toContain(batch);
  const counts = async () =>
    (await page.locator(".facts").first().locator("div").allTextContents()).filter((one) => !/0$/.test(one));
  await expect.poll(counts).toEqual(["total3", "queued2", "completed1"]);
  await page.getByText("1:00 of audio done · 2:00 left").waitFor();
  await expectAccessible(page);
  await workThrough(services, (key) => key.endsWith("c.wav"));
  await page.getByRole("button", { name: "Show what was left out" }).click();
  await page.getByText("tapes/list.csv").waitFor();
  await page.getByText("tapes/2019/c.wav").waitFor();
  expect(await counts()).toEqual(expect.arrayContaining(["total3", "completed2", "failed1"]));
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByRole("link", { name: "Usage and keys" }).click();
  await page.locator("table td", { hasText: "3:00" }).waitFor();
  await page.getByLabel("Name of a new key").fill("night desk");
  await page.getByRole("button", { name: "Create" }).click();
  const secret = await page.locator(".note code").textContent();
  expect((await apiClient(world.url, secret)("GET", "/v1/models")).status).toBe(200);
  await expectAccessible(page);
  await expectNarrow(page);
  await page.getByRole("button", { name: "Revoke night desk" }).click();
  await page.getByText("· revoked").waitFor();
  expect((await apiClient(world.url, secret)("GET", "/v1/models")).status).toBe(401);
});
