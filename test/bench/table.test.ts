import { describe, expect, test } from "vitest";
import { formatTable } from "../../bench/metrics/table.ts";

describe("a table", () => {
  const columns = ["model", { title: "WER %", align: "right" as const }, "RTF"];
  const rows = [
    ["small|é", "7.24", 0.05],
    ["large", "–", 12],
    ["none", "", null],
  ];

  test("is aligned: words left, numbers right", () => {
    expect(formatTable(columns, rows)).toBe(
      [
        "model    WER %   RTF",
        "-------  -----  ----",
        "small|é   7.24  0.05",
        "large        –    12",
        "none",
      ].join("\n"),
    );
  });

  test("can be Markdown", () => {
    expect(formatTable(columns, rows, "markdown")).toBe(
      [
        "| model    | WER % |  RTF |",
        "| -------- | ----: | ---: |",
        "| small\\|é |  7.24 | 0.05 |",
        "| large    |     – |   12 |",
        "| none     |       |      |",
      ].join("\n"),
    );
  });

  test("takes text that reads like a number for one, and a line break for a space", () => {
    expect(
      formatTable(
        ["x", "share"],
        [
          ["a\nb", "5.0 %"],
          ["c", "-12 %"],
        ],
      ),
    ).toBe(["x    share", "---  -----", "a b  5.0 %", "c    -12 %"].join("\n"));
  });

  test("without rows is its header", () => {
    expect(formatTable(["name"], [])).toBe("name\n----");
  });

  test("refuses rows of another length", () => {
    expect(() => formatTable(["a", "b"], [["1"]])).toThrow("A row has 1 cells for 2 columns: 1");
  });
});
