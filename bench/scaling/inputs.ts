import { ITEM_REQUEUE_SECONDS } from "../../src/jobs/transcription.ts";
import { PER_RECORDING } from "./per-recording.ts";
import type { SweepRules } from "./sweep.ts";

/** All times in seconds, all prices in US dollars. */

export interface Policy {
  name: string;
  /** Of GPUs. */
  maxWorkers: number;
  /** What is counted, waiting and in work, and how much of it has one more worker started: messages, or seconds of audio. */
  counts: "messages" | "audio";
  perWorker: number;
  /** Without any message, until the last worker goes. */
  idleSeconds: number;
}

export interface Machine {
  name: string;
  /** Of one hour. */
  price: number;
  /** Of interruptions of a running instance, in one hour: 0 for on-demand. */
  interruptionsPerHour: number;
}

export interface Circumstances {
  /** Recordings a worker has in flight at once. */
  concurrency: number;
  /**
   * Seconds of a whole GPU for one second of audio; those in flight take turns. The bundled pack needs 0.004 on two CPU
   * cores (bench/NOTES.md, "Time by stage"), which stands in for a GPU until one of these has been measured.
   */
  rtf: number;
  /** Seconds of each recording that are not the GPU's: fetching, starting the decoder, storing the result. */
  overhead: number;
  /** From a request for an instance until its task may start: launch, boot, the agent's registration. */
  instanceStart: { least: number; most: number };
  /** Pull of the image, where the instance has none yet. */
  imagePull: number;
  /** Process start, fetch of the model, warm-up. */
  modelLoad: number;
  /** How old the queue's figures are when the policy sees them. */
  metricDelay: number;
  /** Between two looks of the policy. */
  period: number;
  /** For how long an instance without a task is kept: what ECS managed scaling takes for scaling in. */
  linger: number;
  /** A recording that an interrupted worker gave back can be received again after this. */
  returnDelay: number;
  /** Further dollars for an instance's hour: its disk and public address. */
  extrasPerHour: number;
  /** Dollars for all that one recording asks of the other services. */
  perRecording: number;
  sweep: SweepRules;
  seed: number;
}

/**
 * On-demand list prices of Linux in us-east-1 as its price list had them in 2025; look them up before you rely on them
 * (https://aws.amazon.com/ec2/pricing/on-demand/). Spot prices change by the hour and zone: those here are round
 * figures of what is usual, and inputs as all the rest (https://aws.amazon.com/ec2/spot/pricing/).
 */
export const MACHINES = {
  spot: { name: "g6.xlarge Spot", price: 0.4, interruptionsPerHour: 0.02 },
  onDemand: { name: "g6.xlarge on demand", price: 0.8048, interruptionsPerHour: 0 },
  spotG4: { name: "g4dn.xlarge Spot", price: 0.25, interruptionsPerHour: 0.02 },
} as const satisfies Record<string, Machine>;

/** gp3, $0.08 for a GB-month: 80 GB; $0.04 for each MB/s above 125; and $0.005 for a public IPv4 address. */
const EXTRAS_PER_HOUR = (80 * 0.08 + 125 * 0.04) / 730 + 0.005;

/** 32 records at once, each a write of DynamoDB of some 20 ms with what goes with it: assumed, not measured. */
const SWEEP_RULES: SweepRules = {
  requeueSeconds: ITEM_REQUEUE_SECONDS,
  resends: false,
  perSecond: 1000,
  seconds: 240,
  timeoutSeconds: 300,
};

export const CIRCUMSTANCES: Circumstances = {
  concurrency: 8,
  rtf: 0.004,
  overhead: 1,
  instanceStart: { least: 90, most: 180 },
  imagePull: 90,
  modelLoad: 20,
  metricDelay: 60,
  period: 60,
  linger: 15 * 60,
  returnDelay: 5,
  extrasPerHour: EXTRAS_PER_HOUR,
  perRecording: PER_RECORDING,
  sweep: SWEEP_RULES,
  seed: 1,
};
