/** A process with one engine: its peak of memory is its own, and all of it is given back at the end. */
import { basename } from "node:path";
import { AsrError, type Transcriber } from "../../src/asr/index.ts";
import { type EngineFlags, loadTranscriber } from "../engine.ts";
import { measureGemm } from "../limit/gemm-peak.ts";
import { type Shapes, shapesOf } from "../limit/shapes.ts";
import { Tally } from "../limit/tally.ts";
import { measure } from "../measure.ts";
import { planOf, readManifest } from "../plan.ts";
import { tapEngines } from "../tap.ts";
import type { ChildRun, Loaded, Request, Response } from "./messages.ts";

const MARKS = 20;
let engine: { transcriber: Transcriber; shapes: Shapes } | undefined;

async function load(flags: EngineFlags): Promise<Loaded> {
  const manifest = await readManifest(flags.model);
  const started = performance.now();
  const plan = await planOf(flags, manifest);
  const transcriber = await loadTranscriber({
    ...flags,
    sessions: plan.sessions,
    threads: plan.threadsPerSession,
  });
  const loadMs = performance.now() - started;
  engine = { transcriber, shapes: shapesOf(manifest) };
  const { device } = transcriber.model;
  const { precision } = transcriber;
  return { name: basename(flags.model), device, precision, ...plan, loadMs, rss: process.memoryUsage.rss() };
}

async function run(file: string): Promise<ChildRun> {
  if (!engine) throw new Error("no engine has been loaded");
  const tally = new Tally(engine.shapes);
  const untap = tapEngines((_, utterance, recognition) => tally.add(utterance, recognition));
  const rss: number[] = [];
  try {
    const measured = await measure(engine.transcriber, file, ({ done, total }) => {
      if (total && done >= ((rss.length + 1) * total) / MARKS) rss.push(process.memoryUsage.rss());
    });
    return { ...measured, work: await tally.work(), rss };
  } finally {
    untap();
  }
}

async function close(): Promise<Response> {
  await engine?.transcriber.close();
  return { closed: { peakRss: process.resourceUsage().maxRSS * 1024 } };
}

async function answer(request: Request): Promise<Response> {
  if ("load" in request) return { loaded: await load(request.load) };
  if ("run" in request) return { ran: await run(request.run) };
  if ("gemm" in request) return { multiplied: await measureGemm(request.gemm, request.gemm) };
  return close();
}

process.on("message", async (request: Request) => {
  const response = await answer(request).catch((error: Error): Response => {
    const code = error instanceof AsrError ? { code: error.code } : {};
    return { failed: { message: error.message, ...code } };
  });
  process.send?.(response, () => {
    if ("closed" in response) process.disconnect();
  });
});
// Whoever asked is gone: nobody wants the answer.
process.on("disconnect", () => process.exit());
