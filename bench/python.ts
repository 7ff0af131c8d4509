import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const VENV = fileURLToPath(new URL("../.venv/bin/python", import.meta.url));

/** The Python with training/requirements.txt: the project's own environment where there is one. */
export const PYTHON = existsSync(VENV) ? VENV : "python3";
