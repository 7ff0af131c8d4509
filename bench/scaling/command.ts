import { writeFile } from "node:fs/promises";
import { Command } from "commander";
import { print } from "../engine.ts";
import { type Column, formatTable } from "../metrics/table.ts";
import { seededRandom } from "../random.ts";
import { drawPanels } from "./chart.ts";
import { CIRCUMSTANCES, type Circumstances, MACHINES, type Machine } from "./inputs.ts";
import {
  BY_MESSAGES,
  costPerAudioHour,
  GOALS,
  pick,
  policies,
  type Traffic,
  type Trial,
  tryPolicies,
  utilisation,
  wait,
} from "./policies.ts";
import { type Outcome, simulate } from "./simulate.ts";
import { archive, longRecordings, officeDays } from "./traffic.ts";

interface Flags {
  rtf: number;
  price: number;
  interruptions: number;
  day: number;
  archive: number;
  seed: number;
  chart?: string;
  markdown: boolean;
}

/** That are simulated; figures are of them all but for money, which is for one. */
const DAYS = 20;
/** Seconds of each recording of the archive; how many Step Functions list in a second. */
const ARCHIVE_SECONDS = 300;
const LISTED_PER_SECOND = 200;
const LONG = { recordings: 150, seconds: 12 * 3600 };
/** Of the bundled pack on two CPU cores; of one ten times faster; of one five times larger. */
const OTHER_RTFS = [0.0004, 0.004, 0.02];

/** `bench scaling`: what policies of scaling cost and how long they make people wait, without AWS. */
export function scalingCommand(): Command {
  return new Command("scaling")
    .description(
      "simulate the scaling of workers on AWS: cost, waiting time and utilisation of several policies",
    )
    .option("--rtf <n>", "seconds of a GPU for one second of audio", Number, CIRCUMSTANCES.rtf)
    .option("--price <dollars>", "of an instance for an hour", Number, MACHINES.spot.price)
    .option("--interruptions <n>", "of an instance in an hour", Number, MACHINES.spot.interruptionsPerHour)
    .option("--day <n>", "recordings of a day of office traffic", Number, 500)
    .option("--archive <n>", "recordings of 5 minutes in the archive", Number, 1_000_000)
    .option("--seed <n>", "of what is random", Number, CIRCUMSTANCES.seed)
    .option("--chart <file>", "write an SVG")
    .option("--markdown", "print tables for docs/operations.md", false)
    .action(async (flags: Flags) => {
      const circumstances = { ...CIRCUMSTANCES, rtf: flags.rtf, seed: flags.seed };
      const machine = { name: "as given", price: flags.price, interruptionsPerHour: flags.interruptions };
      const arrivals = arrivalsOf(flags);
      const trials = tryPolicies(policies(), arrivals, machine, circumstances);
      const [before] = tryPolicies([BY_MESSAGES], arrivals, machine, circumstances);
      const chosen = pick(trials, GOALS);
      report(flags, { trials, before, chosen, arrivals }, circumstances);
      if (flags.chart !== undefined) await writeFile(flags.chart, chartOf(trials, chosen));
    });
}

function arrivalsOf({ day, archive: recordings, seed }: Pick<Flags, "day" | "archive" | "seed">) {
  return {
    day: officeDays(DAYS, day, seededRandom(seed)),
    archive: archive(recordings, ARCHIVE_SECONDS, LISTED_PER_SECOND),
    long: longRecordings(LONG.recordings, LONG.seconds),
  };
}

interface Report {
  trials: Trial[];
  /** By the policy that counts messages. */
  before: Trial;
  chosen: Trial;
  arrivals: Traffic;
}

function report(
  flags: Flags,
  { trials, before, chosen, arrivals }: Report,
  circumstances: Circumstances,
): void {
  const style = flags.markdown ? "markdown" : "plain";
  const mark = (trial: Trial) => (trial === chosen ? `**${trial.policy.name}**` : trial.policy.name);
  const most = chosen.policy.maxWorkers;
  const day = trials.filter(({ policy }) => policy.maxWorkers === most);
  const table = (title: string, columns: Column[], cells: string[][]) =>
    print(`${title}\n\n${formatTable(columns, cells, style)}\n`);
  table(
    `A day of office traffic, ${flags.day} recordings (dollars for one day, all else of ${DAYS} days)`,
    [POLICY, ...DAY_COLUMNS],
    [...day, before].map((trial) => [mark(trial), ...dayRow(trial.day)]),
  );
  table(
    `An archive of ${flags.archive} recordings of 5 minutes`,
    [POLICY, ...ARCHIVE_COLUMNS],
    [...sameButWorkers(trials, chosen), before].map((trial) => [mark(trial), ...archiveRow(trial.archive)]),
  );
  table(
    `${LONG.recordings} recordings of ${LONG.seconds / 3600} hours at once`,
    [POLICY, ...LONG_COLUMNS],
    [...sameButHours(trials, chosen), before].map((trial) => [mark(trial), ...longRow(trial.long)]),
  );
  const machines: Machine[] = [MACHINES.spot, MACHINES.spotG4, MACHINES.onDemand];
  const cells = machines.flatMap((machine) =>
    OTHER_RTFS.map((rtf) => {
      const outcome = simulate(arrivals.archive, chosen.policy, machine, { ...circumstances, rtf });
      return [machine.name, String(rtf), String(machine.price), ...archiveRow(outcome)];
    }),
  );
  const left = [{ title: "machine" }, { title: "RTF" }, { title: "$ an hour" }];
  table("The archive on other machines, by other models", [...left, ...ARCHIVE_COLUMNS], cells);
  print(`Picked: ${chosen.policy.name}.`);
}

function sameButWorkers(trials: Trial[], { policy }: Trial): Trial[] {
  return trials.filter(
    (trial) => trial.policy.idleSeconds === policy.idleSeconds && trial.policy.perWorker === policy.perWorker,
  );
}

function sameButHours(trials: Trial[], { policy }: Trial): Trial[] {
  return trials.filter(
    (trial) =>
      trial.policy.idleSeconds === policy.idleSeconds && trial.policy.maxWorkers === policy.maxWorkers,
  );
}

const POLICY: Column = { title: "policy", align: "left" };
const right = (title: string): Column => ({ title, align: "right" });
const DAY_COLUMNS = [
  "GPUs, $",
  "all else, $",
  "$ per audio hour",
  "p50, s",
  "p95, s",
  "most workers",
  "used, %",
].map(right);
const ARCHIVE_COLUMNS = ["GPUs, $", "all else, $", "$ per audio hour", "hours", "used, %", "begun again"].map(
  right,
);

const LONG_COLUMNS = ["GPUs, $", "hours", "most workers"].map(right);

function longRow(outcome: Outcome): string[] {
  return [outcome.machineCost.toFixed(2), (outcome.makespan / 3600).toFixed(1), String(outcome.mostWorkers)];
}

function dayRow(outcome: Outcome): string[] {
  return [
    (outcome.machineCost / DAYS).toFixed(2),
    (outcome.serviceCost / DAYS).toFixed(2),
    costPerAudioHour(outcome).toFixed(4),
    wait(outcome, 0.5).toFixed(0),
    wait(outcome, 0.95).toFixed(0),
    String(outcome.mostWorkers),
    (100 * utilisation(outcome)).toFixed(1),
  ];
}

function archiveRow(outcome: Outcome): string[] {
  return [
    outcome.machineCost.toFixed(0),
    outcome.serviceCost.toFixed(0),
    costPerAudioHour(outcome).toFixed(4),
    (outcome.makespan / 3600).toFixed(1),
    (100 * utilisation(outcome)).toFixed(1),
    String(outcome.begunAgain),
  ];
}

function chartOf(trials: Trial[], chosen: Trial): string {
  const { maxWorkers, perWorker, idleSeconds } = chosen.policy;
  return drawPanels([
    {
      title: `A day of office traffic, ${maxWorkers} workers at most: minutes without work until the last one goes`,
      xLabel: "seconds within which 95 of 100 recordings had their transcript",
      yLabel: "$ for GPUs",
      points: trials
        .filter(({ policy }) => policy.maxWorkers === maxWorkers && policy.perWorker === perWorker)
        .map((trial) => ({
          x: wait(trial.day, 0.95),
          y: trial.day.machineCost / DAYS,
          label: `${trial.policy.idleSeconds / 60} min`,
          chosen: trial === chosen,
        })),
    },
    {
      title: "An archive of recordings of 5 minutes: workers at most",
      xLabel: "hours until the last transcript",
      yLabel: "$ for GPUs",
      points: trials
        .filter(({ policy }) => policy.perWorker === perWorker && policy.idleSeconds === idleSeconds)
        .map((trial) => ({
          x: trial.archive.makespan / 3600,
          y: trial.archive.machineCost,
          label: `${trial.policy.maxWorkers} workers`,
          chosen: trial === chosen,
        })),
    },
  ]);
}
