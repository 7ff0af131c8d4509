const MOST_PART_BYTES = 255;
/** As in S3. */
const MOST_KEY_BYTES = 1024;

/**
 * The parts of a key between its slashes, each the name of a file or folder, or null where the key cannot be one of
 * ours: empty parts, `.` and `..` (so absolute paths and ways out), hidden names, NUL, backslashes, names too long.
 */
export function keyParts(key: string): string[] | null {
  const parts = key.split("/");
  const valid = key.isWellFormed() && Buffer.byteLength(key) <= MOST_KEY_BYTES && parts.every(isKeyPart);
  return valid ? parts : null;
}

/** Hidden names are not ours: `.tmp` holds what is being written. */
export function isKeyPart(part: string): boolean {
  return (
    part !== "" && !part.startsWith(".") && !/[\0\\]/.test(part) && Buffer.byteLength(part) <= MOST_PART_BYTES
  );
}
