/** As docs/deploy.md has it: what no emulator tells. */
export const NOT_PROVED = [
  "upload from a browser's origin",
  "batch of 20",
  "a transcript of hours",
  "a deployment under load",
  "a Spot interruption",
];
