import { expect, test } from "vitest";
import { failureOf } from "../../../containers/worker/verdict.ts";
import { EngineError, RecordingError } from "../../../src/asr/index.ts";

test("a machine without ffmpeg has a code of its own, as recordings have theirs", () => {
  expect(failureOf(new EngineError("ffmpeg_missing", "Install it."))).toEqual({
    code: "ffmpeg_missing",
    message: "Install it.",
  });
  expect(failureOf(new RecordingError("no_audio", "It is silent."))?.code).toBe("no_audio");
  expect(failureOf(new EngineError("invalid_option", "No such track."))?.code).toBe("internal_error");
  expect(failureOf(new EngineError("engine_failed", "Once more."))).toBeNull();
});
