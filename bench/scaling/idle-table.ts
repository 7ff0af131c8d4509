import { type Column, formatTable } from "../metrics/table.ts";
import { type IdleUse, idleCost, idleUses, type Template } from "./idle.ts";

const COLUMNS: Column[] = [
  { title: "in a month without work" },
  { title: "$ by list price", align: "right" },
  { title: "$ beyond what is free", align: "right" },
];

/** Exists without anybody to mail. */
const ALWAYS = "ObservabilityNoWorkerReady";

/** Parts of the bill, by what causes them. */
const PARTS: readonly (readonly [string, (use: IdleUse) => boolean])[] = [
  [
    "queues that functions read are asked for messages",
    ({ type }) => type === "AWS::Lambda::EventSourceMapping",
  ],
  ["the sweep, each minute", ({ type }) => type === "AWS::Events::Rule"],
  [
    "alarms that start and stop workers",
    ({ type, id }) => type === "AWS::CloudWatch::Alarm" && id.startsWith("WorkersScaling"),
  ],
  ["alarms by which ECS starts and stops instances", ({ type }) => type === "AWS::ECS::CapacityProvider"],
  [
    "the alarm for workers that do not start",
    ({ type, id }) => type === "AWS::CloudWatch::Alarm" && id.startsWith(ALWAYS),
  ],
  [
    "alarms for people",
    ({ type, id }) =>
      type === "AWS::CloudWatch::Alarm" && !id.startsWith("WorkersScaling") && !id.startsWith(ALWAYS),
  ],
  ["the dashboard", ({ type }) => type === "AWS::CloudWatch::Dashboard"],
];

/** For docs/operations.md: the stack as it comes, and what it has on top of that with alarms. */
export function idleTable(asItComes: Template, withAlarms: Template): string {
  const [few, all] = [idleUses(asItComes), idleUses(withAlarms)];
  const rows = PARTS.map(([title, isOf]) => [title, dollars(idleCost(all.filter(isOf)).list), ""]);
  const total = (title: string, uses: readonly IdleUse[]) => {
    const { list, billed } = idleCost(uses);
    return [`**${title}**`, `**${dollars(list)}**`, `**${dollars(billed)}**`];
  };
  const own = PARTS.findIndex(([, isOf]) => !few.some(isOf));
  rows.splice(own, 0, total("as it comes", few));
  return formatTable(COLUMNS, [...rows, total("with `alarmMail`", all)], "markdown");
}

function dollars(amount: number): string {
  return amount.toFixed(2);
}
