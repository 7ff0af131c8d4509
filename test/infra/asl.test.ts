import validate from "asl-validator";
import { expect, test } from "vitest";
import { archiveDefinition, type Definition } from "./archive-machine.ts";

const faults = (definition: Definition) => validate(definition).errors;

test("the state machine is valid Amazon States Language", () => {
  expect(faults(archiveDefinition())).toEqual([]);
});

test.each<[string, (states: Definition["States"]) => unknown]>([
  ["a state without a way on", ({ Csv }) => delete Csv.Next],
  ["a way to nowhere", ({ Csv }) => Object.assign(Csv, { Next: "Nowhere" })],
  [
    "a reader without its action",
    ({ JsonLines }) => Object.assign(JsonLines, { ItemReader: { Parameters: {} } }),
  ],
  [
    "a path that is none",
    ({ Inventory }) => Object.assign(Inventory.ItemReader!, { Parameters: { "Key.$": "key" } }),
  ],
  ["pages of text", ({ Csv }) => Object.assign(Csv.ItemBatcher!, { MaxItemsPerBatch: "100" })],
])("%s would be found", (_name, spoil) => {
  const definition = archiveDefinition();
  spoil(definition.States);
  expect(faults(definition)).not.toEqual([]);
});
