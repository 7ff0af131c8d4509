import { Writable } from "node:stream";
import { expect, test } from "vitest";
import { jsonLog, readableLog } from "../../local/log.ts";
import { ManualClock } from "../src/local/manual-clock.ts";

test("a line for machines is one JSON object", () => {
  const { stream, text } = listener();
  jsonLog(stream, new ManualClock()).warn("transcription.failed", { id: "tr_1", message: "two\nlines" });
  expect(text().split("\n")).toHaveLength(2);
  expect(JSON.parse(text())).toEqual({
    time: "2026-03-01T12:00:00.000Z",
    level: "warn",
    event: "transcription.failed",
    id: "tr_1",
    message: "two\nlines",
  });
});

test("a line for people has the event first, and leaves out what is empty", () => {
  const { stream, text } = listener();
  const log = readableLog(stream, new ManualClock());
  log.info("transcription.queued", { id: "tr_1", batch_id: null });
  log.error("disk", { error: "it is\nfull", left: 0 });
  expect(text()).toMatch(/^\d\d:00:00 {2}transcription\.queued {2}id=tr_1\n/);
  expect(text()).toContain('error: disk  error="it is\\nfull"  left=0\n');
});

function listener(): { stream: Writable; text: () => string } {
  let written = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      written += String(chunk);
      done();
    },
  });
  return { stream, text: () => written };
}
