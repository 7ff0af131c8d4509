import { describe, expect, it } from "vitest";
import { age, byteSize, clock, printable, shorten } from "../../cli/readable.ts";
import { table } from "../../cli/table.ts";

describe("numbers and names for people", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1000, "1.0 kB"],
    [4_123_456, "4.1 MB"],
    [2e9, "2.0 GB"],
    [3e15, "3000.0 TB"],
  ])("%d bytes are %s", (bytes, expected) => {
    expect(byteSize(bytes)).toBe(expected);
  });

  it.each([
    [0, "0 s"],
    [59_999, "59 s"],
    [60_000, "1 min"],
    [3_600_000, "1 h"],
    [86_400_000 * 40, "40 d"],
    [-5000, "0 s"],
  ])("%d ms ago is %s", (ms, expected) => {
    const now = Date.UTC(2026, 0, 1);
    expect(age(new Date(now - ms).toISOString(), now)).toBe(expected);
  });

  it("seconds are m:ss or h:mm:ss", () => {
    expect([0, 61.9, 3661].map(clock)).toEqual(["0:00", "1:01", "1:01:01"]);
  });

  it("texts of others stay on one line and move no cursor", () => {
    expect(printable("a\u001b[2J\n\u202eb\u0000é漢")).toBe("a\ufffd[2J\ufffd\ufffdb\ufffdé漢");
    expect(shorten("abcdef", 4)).toBe("abc…");
    expect(shorten("abcd", 4)).toBe("abcd");
  });

  it("a table's columns are as wide as their widest cell", () => {
    expect(
      table(
        ["A", "NAME"],
        [
          ["long", "x"],
          ["s", "y\tz"],
        ],
      ),
    ).toBe("A     NAME\nlong  x\ns     y\ufffdz");
  });
});
