import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import type { Entry } from "./contestant.ts";
import { INSTALL_WHISPER } from "./whisper.ts";

export interface Models {
  /** A model pack. */
  ours: string;
  /** A folder with model.onnx and tokens.txt. */
  sherpa: string;
  /** A checkpoint or a pack. */
  torch: string;
  /** A Python that has what training/requirements.txt names. */
  python: string;
  /** A Python with faster-whisper and its models. */
  whisper: string;
}

/** Beside the pack's own, the first as PyTorch's here: as many hypotheses are rescored. */
const BEAMS = [10, 4, 1];
/** Recordings that the engine has in flight. */
const IN_FLIGHT = 128;
const WHISPER_THREADS = 2;
/** One more than there are threads: while one stream's features are made, the others are decoded. */
const SPARE = 1;
/** Of a batch in PyTorch, padding included; the engine's own on a CPU. */
const BATCH_SECONDS = 48;

/** Every contestant with the settings that suit it; of the peers more than one, of which the best counts. */
export function lineUp(models: Models, cores = availableParallelism()): Entry[] {
  return [
    ours(models),
    ...BEAMS.map((beam) => ours(models, beam)),
    sherpa(models, 1, cores + SPARE),
    sherpa(models, cores, 1),
    torch(models, cores, 0),
    torch(models, cores, BATCH_SECONDS),
    whisper(models, "tiny"),
    whisper(models, "base"),
  ];
}

function ours({ ours: pack }: Models, beam?: number): Entry {
  const own = beam === undefined;
  return {
    name: own ? "ours" : `ours, beam ${beam}`,
    command: [process.execPath, script("ours.ts"), pack, String(IN_FLIGHT), ...(own ? [] : [String(beam)])],
    findsSegments: true,
    sameModel: true,
    facts: {
      precision: "the pack's",
      search: own ? "CTC prefix beam, the pack's" : `CTC prefix beam ${beam}`,
      rescoring: own ? "both decoders, the pack's n-best" : `both decoders, ${beam} best`,
      parallel: `the engine's default on this machine, ${IN_FLIGHT} recordings in flight`,
      batch: "the engine's default",
    },
  };
}

function sherpa({ sherpa: folder }: Models, threads: number, streams: number): Entry {
  return {
    name: `sherpa-onnx, ${threads} × ${streams}`,
    command: [process.execPath, script("sherpa.ts"), folder, String(threads), String(streams)],
    findsSegments: false,
    sameModel: true,
    facts: {
      precision: "32-bit floats",
      search: "CTC greedy",
      rescoring: "none: it has none",
      parallel: `1 recogniser, ${threads} thread(s) a call, ${streams} stream(s) at a time`,
      batch: "1: it takes no more of this type",
    },
  };
}

function torch({ torch: model, python }: Models, threads: number, batchSeconds: number): Entry {
  const options = ["--model", model, "--threads", String(threads), "--batch-seconds", String(batchSeconds)];
  return {
    name: batchSeconds === 0 ? "PyTorch, one by one" : "PyTorch, batches",
    command: [python, "-m", "training.measure.peer_torch", ...options],
    findsSegments: false,
    sameModel: true,
    facts: {
      precision: "32-bit floats",
      search: "CTC prefix beam 10, in Python",
      rescoring: "both decoders, 10 best",
      parallel: `${threads} threads, eager`,
      batch: batchSeconds === 0 ? "1" : `sorted by length, ${batchSeconds} padded seconds`,
    },
  };
}

/** Another model altogether, in 8 bits: how right and how fast the best known small models are. */
function whisper({ whisper: python }: Models, size: string): Entry {
  const options = ["--size", size, "--threads", String(WHISPER_THREADS)];
  return {
    name: `Whisper ${size}`,
    command: [python, "-m", "training.measure.peer_whisper", ...options],
    findsSegments: true,
    sameModel: false,
    install: INSTALL_WHISPER,
    facts: {
      precision: "int8",
      search: "beam 5",
      rescoring: "none",
      parallel: `${WHISPER_THREADS} threads`,
      batch: "1",
    },
  };
}

function script(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
