/** What a worker does to a transcription. */
export { acceptMessage, acceptUpload } from "./accept.ts";
export { afterEnd } from "./after-end.ts";
export { arrive } from "./arrive.ts";
export { type Claim, claim } from "./claim.ts";
export { failDeadLetter } from "./dead-letter.ts";
export { complete, fail, failWhere } from "./finish.ts";
export { giveBack, type Hold, holds, renew, saveProgress, stillHeld } from "./hold.ts";
export { redrive } from "./redrive.ts";
