import { expect, test } from "vitest";
import { beatSeconds } from "../../../containers/worker/message-work.ts";

test.each([0.6, 120, 12 * 3600])(
  "a message with a timeout of %d s is renewed three times in it",
  (visibilitySeconds) => {
    expect(beatSeconds(visibilitySeconds)).toBeGreaterThan(0);
    expect(3 * beatSeconds(visibilitySeconds)).toBeLessThanOrEqual(visibilitySeconds);
  },
);
