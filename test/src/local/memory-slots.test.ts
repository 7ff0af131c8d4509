import { MemorySlots } from "../../../src/local/memory-slots.ts";
import { describeSlots } from "../../contract/slots.contract.ts";
import { ManualClock } from "./manual-clock.ts";

describeSlots("MemorySlots", async (options) => {
  const clock = new ManualClock();
  return { slots: new MemorySlots({ ...options, clock }), advance: (seconds) => clock.advance(seconds) };
});
