import { Bar } from "../bar.ts";
import { byteSize, percent, printable } from "../readable.ts";
import { isInteractive, say, type Terminal } from "../terminal.ts";

/** What a user sees on standard error while recordings are uploaded and waited for. */
export interface SubmitProgress {
  sending(file: string, sent: number, size: number): void;
  uploaded(file: string, id: string): void;
  /** The service's own account of it; `progress` 0 to 1. */
  working(file: string, status: string, progress: number): void;
  completed(file: string): void;
  failed(file: string, code: string, message: string): void;
  /** Write something to standard output, which may be the same terminal. */
  aside(write: () => Promise<void>): Promise<void>;
  stop(): void;
}

/** Share of a recording, uploading and transcribing alike, between two plain lines about it. */
const PLAIN_STEP = 0.25;
/** A smaller file is told of once, when it is there. */
const LARGE_BYTES = 10_000_000;

/** A bar on a terminal, plain lines elsewhere, errors only when quiet. */
export function makeSubmitProgress(
  terminal: Terminal,
  files: number,
  { wait, quiet }: { wait?: true; quiet?: true },
): SubmitProgress {
  if (quiet) return quietDisplay(terminal);
  return isInteractive(terminal.stderr)
    ? barDisplay(terminal.stderr, files, wait === true)
    : plainDisplay(terminal);
}

function quietDisplay(terminal: Terminal): SubmitProgress {
  return {
    sending() {},
    uploaded() {},
    working() {},
    completed() {},
    failed: (file, code, message) => say(terminal, failure(file, code, message)),
    aside: (write) => write(),
    stop() {},
  };
}

function plainDisplay(terminal: Terminal): SubmitProgress {
  const told = new Map<string, { what: string; share: number }>();
  const tell = (file: string, what: string, share: number, line: string) => {
    const last = told.get(file);
    if (last?.what === what && share < last.share + PLAIN_STEP) return;
    told.set(file, { what, share });
    say(terminal, `${printable(file)}: ${line}`);
  };
  return {
    ...quietDisplay(terminal),
    sending(file, sent, size) {
      if (size >= LARGE_BYTES && sent > 0 && sent < size)
        tell(file, "sending", sent / size, `${byteSize(sent)} of ${byteSize(size)} sent`);
    },
    uploaded: (file, id) => tell(file, "uploaded", 1, `uploaded as ${id}`),
    working(file, status, progress) {
      if (status === "processing" && progress > 0)
        tell(file, status, progress, `${status}, ${percent(progress)}`);
      else tell(file, status, 1, status);
    },
  };
}

function barDisplay(stream: NodeJS.WritableStream, files: number, wait: boolean): SubmitProgress {
  const verb = wait ? "transcribed" : "submitted";
  const bar = new Bar(stream, `{bar} {percentage}% | {sent} sent | {finished}/{files} ${verb}{failures}`);
  const shares = new Map<string, { sent: number; size: number; done: number }>();
  let [finished, failed] = [0, 0];
  const failures = () => (failed > 0 ? `, ${failed} failed` : "");
  const draw = () => {
    const all = [...shares.values()];
    // With --wait, a recording is half done when it is uploaded.
    const total = all.reduce((sum, { sent, size, done }) => {
      const uploaded = size > 0 ? sent / size : done;
      return sum + (wait ? (uploaded + done) / 2 : uploaded);
    }, 0);
    const sent = all.reduce((sum, file) => sum + file.sent, 0);
    bar.update(files, total, { sent: byteSize(sent), finished, files, failures: failures() });
  };
  const change = (file: string, changes: { sent?: number; size?: number; done?: number }) => {
    shares.set(file, { ...(shares.get(file) ?? { sent: 0, size: 0, done: 0 }), ...changes });
    draw();
  };
  draw();
  return {
    sending: (file, sent, size) => change(file, { sent, size }),
    uploaded(file) {
      if (!wait) finished++;
      change(file, wait ? {} : { done: 1 });
    },
    working: (file, _status, progress) => change(file, { done: progress }),
    completed(file) {
      finished++;
      change(file, { done: 1 });
    },
    failed(file, code, message) {
      failed++;
      bar.above(stream, [failure(file, code, message)]);
      change(file, { size: 0, done: 1 });
    },
    aside: (write) => bar.aside(write),
    stop() {
      bar.stop();
      stream.write(`${finished} of ${files} ${verb}${failures()}\n`);
    },
  };
}

function failure(file: string, code: string, message: string): string {
  return `${printable(file)}: ${code}: ${printable(message)}`;
}
