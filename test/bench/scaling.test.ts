import { describe, expect, test } from "vitest";
import { seededRandom } from "../../bench/random.ts";
import { drawPanels } from "../../bench/scaling/chart.ts";
import { EventQueue } from "../../bench/scaling/event-queue.ts";
import { CIRCUMSTANCES, type Circumstances, MACHINES, type Policy } from "../../bench/scaling/inputs.ts";
import {
  BY_MESSAGES,
  costPerAudioHour,
  pick,
  policies,
  tryPolicies,
  utilisation,
  wait,
} from "../../bench/scaling/policies.ts";
import { simulate } from "../../bench/scaling/simulate.ts";
import { archive, longRecordings, officeDays } from "../../bench/scaling/traffic.ts";
import { settingsFrom } from "../../infra/settings.ts";

/** Figures that a hand can add up: 100 s to start, 50 to pull, 10 to load; looks every 60 s at what is there then. */
const SIMPLE: Circumstances = {
  concurrency: 2,
  rtf: 0.1,
  overhead: 5,
  instanceStart: { least: 100, most: 100 },
  imagePull: 50,
  modelLoad: 10,
  metricDelay: 0,
  period: 60,
  linger: 300,
  returnDelay: 5,
  extrasPerHour: 0,
  perRecording: 0.001,
  sweep: CIRCUMSTANCES.sweep,
  seed: 1,
};
const MACHINE = { name: "test", price: 3.6, interruptionsPerHour: 0 };
const POLICY: Policy = { name: "test", maxWorkers: 2, counts: "messages", perWorker: 10, idleSeconds: 120 };

describe("one recording", () => {
  const outcome = simulate([{ time: 10, duration: 200 }], POLICY, MACHINE, SIMPLE);

  test("waits for the next look, the cold start, and its own work", () => {
    // First looked at when it arrives (10), seen one look later (70), at work from 230, 5 s to fetch, 20 s on the GPU.
    expect([...outcome.waits]).toEqual([60 + 100 + 50 + 10 + 5 + 20]);
  });

  test("is paid for from the launch until the instance has lingered", () => {
    // Done at 255; quiet looks at 310 and 370; stopped at 370, gone at 670; launched at 70.
    expect(outcome.instanceSeconds).toBe(600);
    expect(outcome.machineCost).toBeCloseTo(0.6);
    expect(outcome.serviceCost).toBe(0.001);
    expect(costPerAudioHour(outcome)).toBeCloseTo((0.601 * 3600) / 200);
    expect(utilisation(outcome)).toBeCloseTo(20 / 600);
  });
});

describe("the sweep of an archive that waits for more than a day", () => {
  // 250,000 recordings of a minute, done at 2 a second by one worker, that is in 35 hours.
  const recordings = archive(250_000, 60, 1000);
  const slow = { ...SIMPLE, overhead: 0.1, rtf: 0.5 / 60 };
  const sweeping = (changes: Partial<Circumstances["sweep"]>) =>
    simulate(recordings, { ...POLICY, maxWorkers: 1 }, MACHINE, {
      ...slow,
      sweep: { ...CIRCUMSTANCES.sweep, ...changes },
    });

  test("sends nothing twice, and is over before its function's end", () => {
    const { sentTwice, longestSweep, failedSweeps, makespan } = sweeping({});
    expect(makespan / 3600).toBeCloseTo(34.8, 0);
    expect([sentTwice, failedSweeps]).toEqual([0, 0]);
    // A third of them still waits after a day, and is looked at once.
    expect(longestSweep).toBeGreaterThan(1);
    expect(longestSweep).toBeLessThan(CIRCUMSTANCES.sweep.seconds + 1);
  });

  test("would send nearly all of them twice and run into its timeout, one by one after 15 minutes", () => {
    const rules = { requeueSeconds: 900, resends: true, perSecond: 40, seconds: Number.POSITIVE_INFINITY };
    const { sentTwice, failedSweeps } = sweeping(rules);
    expect(sentTwice).toBeGreaterThan(200_000);
    expect(failedSweeps).toBeGreaterThan(15);
  });
});

describe("several recordings", () => {
  const many = (count: number, duration: number) =>
    Array.from({ length: count }, (_, at) => ({ time: at / 1000, duration }));

  test("take turns on one GPU, fetched while others are at work", () => {
    const { waits, mostWorkers } = simulate(many(4, 100), POLICY, MACHINE, SIMPLE);
    // Ready at 220. Two at once are fetched (5 s), then 10 s each; the next two come as slots become free.
    const ends = [235, 245, 255, 265];
    expect([...waits].map(Math.round)).toEqual(ends);
    expect(mostWorkers).toBe(1);
  });

  test("bring one more worker for each so many, up to the most", () => {
    const workers = (count: number) => simulate(many(count, 100), POLICY, MACHINE, SIMPLE).mostWorkers;
    expect([10, 11, 20, 21, 500].map(workers)).toEqual([1, 2, 2, 2, 2]);
  });

  test("find a lingering instance, which need not start nor pull again", () => {
    const arrivals = [
      { time: 0, duration: 100 },
      { time: 500, duration: 100 },
    ];
    const { waits } = simulate(arrivals, POLICY, MACHINE, SIMPLE);
    // Seen at 540, loaded at 550.
    expect([...waits]).toEqual([550 + 5 + 10 - 500, 60 + 100 + 50 + 10 + 5 + 10]);
  });
});

describe("a hundred and fifty recordings of twelve hours", () => {
  const long = (policy: Policy) =>
    simulate(longRecordings(150, 12 * 3600), policy, MACHINES.onDemand, CIRCUMSTANCES);
  const byAudio = { ...BY_MESSAGES, counts: "audio" as const, perWorker: 20 * 3600 };

  test("keep one worker busy where messages are counted, and bring all of them where audio is", () => {
    const [before, after] = [long(BY_MESSAGES), long(byAudio)];
    expect([before.mostWorkers, after.mostWorkers]).toEqual([1, 8]);
    // 1,800 hours of audio are 7.2 hours of a GPU.
    expect(before.makespan / 3600).toBeGreaterThan(7.2);
    expect(after.makespan / 3600).toBeLessThan(1.3);
    expect(after.machineCost).toBeLessThan(1.4 * before.machineCost);
  });

  test("bring one worker where they are as short as a minute", () => {
    const short = simulate(longRecordings(150, 60), byAudio, MACHINES.onDemand, CIRCUMSTANCES);
    expect(short.mostWorkers).toBe(1);
  });
});

describe("Spot", () => {
  const spot = { ...MACHINE, interruptionsPerHour: 2 };
  const arrivals = archive(3000, 100, 10);

  test("loses work, but no recording", () => {
    const outcome = simulate(arrivals, POLICY, spot, SIMPLE);
    const steady = simulate(arrivals, POLICY, MACHINE, SIMPLE);
    expect(outcome.begunAgain).toBeGreaterThan(0);
    expect(outcome.waits).toHaveLength(3000);
    expect(outcome.makespan).toBeGreaterThan(steady.makespan);
    expect(steady.begunAgain).toBe(0);
  });

  test("is the same for the same seed, and another for another", () => {
    const run = (seed: number) => simulate(arrivals, POLICY, spot, { ...SIMPLE, seed }).instanceSeconds;
    expect(run(1)).toBe(run(1));
    expect(run(1)).not.toBe(run(2));
  });
});

describe("the parts", () => {
  test("events come by time, and in their order at the same time", () => {
    const events = new EventQueue<string>();
    for (const [time, event] of [
      [3, "c"],
      [1, "a"],
      [3, "d"],
      [2, "b"],
    ] as const)
      events.add(time, event);
    const order = Array.from({ length: 5 }, () => events.next()?.event);
    expect(order).toEqual(["a", "b", "c", "d", undefined]);
  });

  test("office days are as long as days, in order, busiest by day", () => {
    const arrivals = officeDays(2, 1000, seededRandom(1));
    const hours = arrivals.map(({ time }) => (time / 3600) % 24);
    expect(arrivals).toHaveLength(2000);
    expect(arrivals.every(({ time }, at) => at === 0 || time >= arrivals[at - 1].time)).toBe(true);
    expect(hours.filter((hour) => hour < 6).length).toBe(0);
    expect(hours.filter((hour) => hour >= 8 && hour < 18).length).toBeGreaterThan(1600);
    expect(arrivals.at(-1)!.time).toBeGreaterThan(24 * 3600);
  });

  test("waits are read at their share", () => {
    const outcome = simulate(archive(4, 100, 1000), POLICY, MACHINE, SIMPLE);
    expect([0, 0.5, 0.75, 1].map((share) => Math.round(wait(outcome, share)))).toEqual([235, 245, 255, 265]);
  });

  test("the chart is an SVG with every label, escaped", () => {
    const svg = drawPanels([
      {
        title: "A < B",
        xLabel: "x",
        yLabel: "y",
        points: [{ x: 1, y: 2, label: "one & only", chosen: true }],
      },
    ]);
    expect(svg).toMatch(/^<svg [^>]*>[\s\S]*<\/svg>\n$/);
    expect(svg).toContain("A &lt; B");
    expect(svg).toContain("one &amp; only");
    expect(svg).not.toContain("NaN");
  });
});

test("the defaults of the infrastructure are what the simulation picks", () => {
  // A tenth of the archive, in a tenth of the time.
  const arrivals = {
    day: officeDays(20, 500, seededRandom(1)),
    archive: archive(100_000, 300, 200),
    long: longRecordings(150, 12 * 3600),
  };
  const trials = tryPolicies(policies(), arrivals, MACHINES.spot, CIRCUMSTANCES);
  const { policy } = pick(trials, { archiveHours: 4.8, tolerance: 0.05 });
  const { maxWorkers, audioHoursPerWorker, idleMinutes, concurrency } = settingsFrom({});
  expect(policy).toMatchObject({
    maxWorkers,
    counts: "audio",
    perWorker: 3600 * audioHoursPerWorker,
    idleSeconds: 60 * idleMinutes,
  });
  expect(CIRCUMSTANCES.concurrency).toBe(concurrency);
});
