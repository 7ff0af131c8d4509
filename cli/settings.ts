import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { DEVICE_CHOICES, type DeviceChoice, EngineError } from "../src/asr/index.ts";

/** What the environment may set for `transcribe`; options on the command line win. */
export interface Settings {
  device: DeviceChoice;
  /** Folder of the model pack. */
  model: string;
}

const BUNDLED_MODEL = fileURLToPath(new URL("../models/u2pp-moe-en-41m", import.meta.url));

/** Read SCRIPTORIUM_DEVICE and SCRIPTORIUM_MODEL. Throws EngineError invalid_option naming the variable. */
export function readSettings(environment: NodeJS.ProcessEnv = process.env): Settings {
  const device = environment.SCRIPTORIUM_DEVICE ?? "auto";
  if (!(DEVICE_CHOICES as readonly string[]).includes(device)) {
    const message = `SCRIPTORIUM_DEVICE must be one of ${DEVICE_CHOICES.join(", ")}, not "${device}".`;
    throw new EngineError("invalid_option", message);
  }
  return { device: device as DeviceChoice, model: environment.SCRIPTORIUM_MODEL ?? BUNDLED_MODEL };
}

/** What the environment may set for the commands that speak to a deployment. */
export interface ClientSettings {
  url: string | null;
  apiKey: string | null;
  /** Absolute path of the local service's folder, which need not be there. */
  dataFolder: string;
}

/** Read SCRIPTORIUM_URL, SCRIPTORIUM_API_KEY and SCRIPTORIUM_DATA. Empty is as good as unset. */
export function readClientSettings(environment: NodeJS.ProcessEnv = process.env): ClientSettings {
  return {
    url: environment.SCRIPTORIUM_URL || null,
    apiKey: environment.SCRIPTORIUM_API_KEY || null,
    dataFolder: resolve(environment.SCRIPTORIUM_DATA || ".scriptorium"),
  };
}
