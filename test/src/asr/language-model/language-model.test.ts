import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PackError } from "../../../../src/asr/errors.ts";
import { LanguageModel } from "../../../../src/asr/language-model/language-model.ts";
import { readNgrams } from "../../../../src/asr/language-model/read-ngrams.ts";
import { bytesOf, oldBytesOf, type PlainNgrams, plainLogProb, randomNgrams } from "./plain-ngrams.ts";

const FORMS = { new: bytesOf, old: oldBytesOf };
type Form = keyof typeof FORMS;
const modelOf = (plain: PlainNgrams, boundary: number, form: Form) =>
  new LanguageModel(readNgrams(FORMS[form](plain), plain.vocabulary), boundary);

describe("an n-gram language model", () => {
  it.each(["new", "old"] as const)(
    "backs off to shorter histories, in a table small enough for a hand, in the %s file",
    (form) => {
      // Tokens 1 and 2, 3 begins and ends sentences.
      const scores = new Map([
        ["0", { logProb: -9, backoff: 0 }],
        ["1", { logProb: -1, backoff: -0.5 }],
        ["2", { logProb: -2, backoff: -0.25 }],
        ["3", { logProb: -3, backoff: -0.125 }],
        ["3,1", { logProb: -0.75, backoff: -0.0625 }],
        ["1,2", { logProb: -1.5, backoff: -4 }],
        ["3,1,2", { logProb: -1.25, backoff: 0 }],
      ]);
      const model = modelOf({ order: 3, vocabulary: 4, prior: [-1, -1, -1, -1], scores }, 3, form);
      const said: number[] = [];
      let state = model.start;
      for (const token of [1, 2, 2, 1]) {
        state = model.step(state, token);
        said.push(model.logProb);
      }
      // After 3 1 2 the history is 1 2; then only 2, since 2 2 is unknown, and neither is 2 1.
      expect(said).toEqual([-0.75, -1.25, -4 - 0.25 - 2, -0.25 - 1]);
      model.step(state, 3);
      expect(model.logProb).toBe(-0.5 - 3);
    },
  );

  it("says what the definition says, of any sentence after any history", () => {
    const boundary = 9;
    const sentences = fc.array(fc.integer({ min: 1, max: 8 }), { maxLength: 12 });
    const property = fc.property(
      fc.nat(2 ** 31 - 1),
      fc.constantFrom(2, 3, 5),
      fc.constantFrom<Form>("new", "old"),
      sentences,
      (seed, order, form, sentence) => {
        const plain = randomNgrams(seed, order, 10, boundary);
        const model = modelOf(plain, boundary, form);
        const history = [boundary];
        let state = model.start;
        for (const token of sentence) {
          model.step(state, boundary);
          expect(model.logProb).toBeCloseTo(plainLogProb(plain, history, boundary), 5);
          state = model.step(state, token);
          expect(model.logProb).toBeCloseTo(plainLogProb(plain, history, token), 5);
          history.push(token);
        }
      },
    );
    fc.assert(property, { numRuns: 100 });
  });
});

describe("the file of a language model", () => {
  const says = (why: string) => `pack_invalid: The pack's language model is not valid: ${why}.`;
  const refusal = (bytes: Uint8Array, vocabulary = 10) => {
    try {
      readNgrams(bytes, vocabulary);
    } catch (error) {
      return error instanceof PackError ? `${error.code}: ${error.message}` : error;
    }
    return "none";
  };

  it.each(["new", "old"] as const)(
    "is refused as an invalid pack where it is another file, cut short, too long or of other tokens (%s)",
    (form) => {
      const whole = FORMS[form](randomNgrams(1, 3, 10, 9));
      const changed = (at: number, value: number) =>
        whole.map((byte, index) => (index === at ? value : byte));
      expect(refusal(whole)).toBe("none");
      expect(refusal(changed(0, 0))).toBe(says("it does not begin like one"));
      expect(refusal(changed(4, 3))).toBe(says("it is of version 3, and this engine reads 1 and 2"));
      expect(refusal(new Uint8Array(3))).toBe(says("it is cut short"));
      expect(refusal(whole.subarray(0, -1))).toBe(says("it is cut short"));
      expect(refusal(changed(8, 1))).toBe(says("its order is 1, not 2 to 8"));
      expect(refusal(whole, 11)).toBe(says("it is of 10 tokens, and the model has 11"));
      const longer = Uint8Array.of(...whole, 0);
      expect(refusal(longer)).toBe(says("its n-grams are not as many as its counts say"));
      expect(refusal(changed(19, 255))).toBe(says("its counts of n-grams are wrong"));
    },
  );

  it("is refused where its numbers contradict one another", () => {
    const whole = bytesOf(randomNgrams(1, 3, 10, 9));
    const set = (at: number, value: number) => {
      const bytes = whole.slice();
      new DataView(bytes.buffer).setUint32(at, value, true);
      return bytes;
    };
    const header = new Uint32Array(whole.buffer, 16, 6);
    expect(refusal(set(20, header[0] + 1))).toBe(says("its counts of n-grams are wrong"));
    expect(refusal(set(28, 3))).toBe(says("its widths are wrong"));
    expect(refusal(set(32, 17))).toBe(says("its widths are wrong"));
    const bases = 40 + 4 * (10 + 10 + 1024 + 256);
    expect(refusal(set(bases, 1))).toBe(says("its n-grams are no tree"));
    const bits = bases + 4 * (((10 + header[2]) >> 2) + 1);
    expect(refusal(set(bits, 0))).toBe(says("its n-grams are no tree"));
    expect(refusal(set(bits + 4 * Math.ceil(header[1] / 32), 1))).toBe(says("its n-grams are no tree"));
  });

  it("never leads a search astray that it is not refused for, whatever is wrong in it", () => {
    const whole = bytesOf(randomNgrams(2, 4, 10, 9));
    const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 });
    const property = fc.property(damage, fc.array(fc.nat(9), { maxLength: 30 }), (changes, sentence) => {
      const bytes = whole.slice();
      for (const [at, value] of changes) bytes[at] = value;
      const refused = refusal(bytes);
      if (refused !== "none") {
        expect(refused).toMatch(/^pack_invalid: /);
        return;
      }
      const model = new LanguageModel(readNgrams(bytes, 10), 9);
      let state = model.start;
      for (const token of sentence) state = model.step(state, token);
      expect(state).toBeGreaterThanOrEqual(0);
    });
    fc.assert(property, { numRuns: 1000 });
  });

  it("is read where it begins at an odd place of its memory, and with many nodes", () => {
    const plain = randomNgrams(3, 4, 300, 299, 120);
    const whole = bytesOf(plain, 5);
    const shifted = new Uint8Array(whole.length + 1).subarray(1);
    shifted.set(whole);
    for (const bytes of [whole, shifted]) {
      const model = new LanguageModel(readNgrams(bytes, 300), 299);
      for (const key of [...plain.scores.keys()].filter((_, at) => at % 7 === 0)) {
        const history = [299];
        let state = model.start;
        for (const token of key.split(",").map(Number)) {
          state = model.step(state, token);
          expect(model.logProb).toBeCloseTo(plainLogProb(plain, history, token), 5);
          history.push(token);
        }
      }
    }
  });
});
