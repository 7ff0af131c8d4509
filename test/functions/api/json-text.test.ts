import fc from "fast-check";
import { expect, test } from "vitest";
import { checkJsonText } from "../../../functions/api/json-text.ts";

const names = fc
  .string({ unit: "grapheme", maxLength: 5 })
  .filter((name) => !/\0/.test(name) && name !== "__proto__");
const { value: values } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 6 },
    fc.constantFrom(null, true, 1.5, "", "{", '"', "\\", '\\"', "a,b", "[[["),
    names,
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(names, tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
}));

test("JSON of any shape passes", () => {
  const indents = fc.constantFrom(undefined, 1, "\t");
  fc.assert(
    fc.property(values, indents, (value, indent) => {
      expect(checkJsonText(JSON.stringify(value, null, indent))).toBeUndefined();
    }),
    { numRuns: 1000 },
  );
});

test("an object with a name twice does not, wherever it stands", () => {
  fc.assert(
    fc.property(values, values, names, (first, second, name) => {
      const [key, a, b] = [name, first, second].map((part) => JSON.stringify(part));
      const twice = `{${key}:${a},"other${name.length}":[],${key}:${b}}`;
      expect(() => checkJsonText(`[${a},{"x":${twice}}]`)).toThrow("twice");
      expect(checkJsonText(`[{${key}:${a}},{${key}:${b}}]`)).toBeUndefined();
    }),
  );
});
