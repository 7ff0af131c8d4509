import { describe, expect, test } from "vitest";
import { archiveDefinition } from "./archive-machine.ts";

const definition = archiveDefinition();
const MAPS = ["Objects", "Csv", "JsonLines", "Inventory"];
/** For sources that Step Functions cannot read. */
const FAR = ["ListPage", "AnyOnPage", "Page", "MorePages", "NextPage", "CopyManifest"];

describe("the definition", () => {
  test("has these states and no other", () => {
    expect(Object.keys(definition.States).sort()).toEqual(
      [...MAPS, ...FAR, "WhichList", "UnknownKind", "FinishListing", "FailListing"].sort(),
    );
  });

  test("chooses by the kind of list, and fails for one that it does not know", () => {
    const { WhichList, UnknownKind } = definition.States;
    expect(definition.StartAt).toBe("WhichList");
    expect(WhichList.Choices?.slice(0, 4)).toEqual(
      [
        ["prefix", "Objects"],
        ["csv", "Csv"],
        ["jsonl", "JsonLines"],
        ["s3_inventory", "Inventory"],
      ].map(([StringEquals, Next]) => ({ Variable: "$.kind", StringEquals, Next })),
    );
    expect([WhichList.Default, UnknownKind.Type]).toEqual(["UnknownKind", "Fail"]);
  });

  test.each([
    ["Objects", "listObjectsV2", undefined, { "Bucket.$": "$.bucket", "Prefix.$": "$.prefix" }],
    [
      "Csv",
      "getObject",
      { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" },
      { "Bucket.$": "$.bucket", "Key.$": "$.key" },
    ],
    ["JsonLines", "getObject", { InputType: "JSONL" }, { "Bucket.$": "$.bucket", "Key.$": "$.key" }],
    ["Inventory", "getObject", { InputType: "MANIFEST" }, { "Bucket.$": "$.bucket", "Key.$": "$.key" }],
  ])("%s reads its list", (name, action, config, parameters) => {
    const { ItemReader } = definition.States[name];
    expect(ItemReader?.Resource).toBe(`arn:aws:states:::s3:${action}`);
    expect(ItemReader?.ReaderConfig).toEqual(config);
    expect(ItemReader?.Parameters).toEqual(parameters);
  });

  test.each(MAPS)("%s hands pages of a hundred to enqueue-archive, and on to the end", (name) => {
    const map = definition.States[name];
    expect(map).toMatchObject({
      Type: "Map",
      MaxConcurrency: 10,
      Next: "FinishListing",
      ResultPath: null,
      ItemBatcher: {
        MaxItemsPerBatch: 100,
        MaxInputBytesPerBatch: 204_800,
        BatchInput: { "batch_id.$": "$.batch_id" },
      },
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: "FailListing" }],
      ResultWriter: {
        Resource: "arn:aws:states:::s3:putObject",
        Parameters: { Bucket: "the-bucket", "Prefix.$": "States.Format('batches/{}/listing', $.batch_id)" },
      },
    });
    // A single page left out fails the map.
    expect(map.ToleratedFailurePercentage ?? 0).toBe(0);
    expect(map.ItemProcessor?.ProcessorConfig).toEqual({ Mode: "DISTRIBUTED", ExecutionType: "STANDARD" });
    const [[, task], ...others] = Object.entries(map.ItemProcessor!.States);
    expect(others).toEqual([]);
    expect(task).toMatchObject({
      Type: "Task",
      End: true,
      Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 10 }],
    });
    expect(task.Resource).toMatch(/:Enqueue$/);
    expect(task.Parameters).toBeUndefined();
  });

  test("a source in another region or account is brought into the bucket by a function, page by page", () => {
    const { WhichList, ListPage, AnyOnPage, Page, MorePages, NextPage, CopyManifest } = definition.States;
    expect(WhichList.Choices?.slice(4)).toEqual([
      { Variable: "$.kind", StringEquals: "far_prefix", Next: "ListPage" },
      { Variable: "$.kind", StringMatches: "far_*", Next: "CopyManifest" },
    ]);
    for (const [state, ResultPath, Next] of [
      [ListPage, "$.page", "AnyOnPage"],
      // Its answer says that it is a manifest of ours now.
      [CopyManifest, "$", "WhichList"],
    ] as const) {
      expect(state).toMatchObject({ Next, Catch: [{ Next: "FailListing", ResultPath: "$.error" }] });
      expect(state.ResultPath ?? "$").toBe(ResultPath);
      expect(state.Resource).toMatch(/:ListSource$/);
    }
    expect(AnyOnPage).toMatchObject({
      Choices: [{ Variable: "$.page.count", NumericGreaterThan: 0, Next: "Page" }],
      Default: "MorePages",
    });
    expect(Page).toMatchObject({ Type: "Map", Next: "MorePages", Catch: [{ Next: "FailListing" }] });
    expect(Page.ItemReader?.Parameters).toEqual({ "Bucket.$": "$.page.bucket", "Key.$": "$.page.key" });
    expect(MorePages).toMatchObject({
      Choices: [{ Variable: "$.page.more", BooleanEquals: true, Next: "NextPage" }],
      Default: "FinishListing",
    });
    expect([NextPage.Next, Object.keys(NextPage.Parameters ?? {}).sort()]).toEqual([
      "ListPage",
      ["after.$", "batch_id.$", "bucket.$", "kind.$", "part.$", "prefix.$"],
    ]);
  });

  test.each([
    ["FinishListing", { "batch_id.$": "$.batch_id" }],
    ["FailListing", { "batch_id.$": "$.batch_id", "error.$": "$.error" }],
  ])("%s tells finish-listing", (name, parameters) => {
    const state = definition.States[name];
    expect(state).toMatchObject({ Type: "Task", End: true, Parameters: parameters });
    expect(state.Resource).toMatch(/:Finish$/);
    expect(state.Retry).toHaveLength(1);
  });
});
