import { expect, test } from "vitest";
import { checkSegmentation, DEFAULT_SEGMENTATION } from "../../../../src/asr/segments/options.ts";
import { Segmenter } from "../../../../src/asr/segments/segmenter.ts";

test("what is left out takes its default", () => {
  expect(checkSegmentation()).toEqual(DEFAULT_SEGMENTATION);
  expect(checkSegmentation({ maxSeconds: 20 })).toEqual({ ...DEFAULT_SEGMENTATION, maxSeconds: 20 });
});

test.each([
  { maxSeconds: 1 },
  { maxSeconds: Number.NaN },
  { maxSeconds: 201 },
  { minSilenceSeconds: 0.1 },
  { padSeconds: -0.1 },
  { padSeconds: 0.6 },
  { minSpeechSeconds: Number.POSITIVE_INFINITY },
  { targetSeconds: -1 },
  { joinSeconds: 11 },
  { aggressiveness: 1.5 as 1 },
  { aggressiveness: 4 as 3 },
])("%o is refused by name", async (options) => {
  const refusal = expect.objectContaining({
    code: "invalid_option",
    message: expect.stringContaining(Object.keys(options)[0]),
  });
  expect(() => checkSegmentation(options)).toThrow(refusal);
  await expect(Segmenter.create(options)).rejects.toThrow(refusal);
});
