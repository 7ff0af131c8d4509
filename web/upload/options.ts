/** How recordings are to be transcribed, as the form has it. */
export interface Choices {
  language: string;
  split: boolean;
  alternatives: number;
  hotwords: string;
  webhook: string;
}

export const NO_CHOICES: Choices = { language: "", split: false, alternatives: 1, hotwords: "", webhook: "" };

/** Members of a create request: those that differ from the defaults. */
export function toOptions(choices: Choices): Record<string, unknown> {
  const phrases = choices.hotwords
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  return {
    ...(choices.language && { language: choices.language }),
    ...(choices.split && { channels: "split" }),
    ...(choices.alternatives > 1 && { alternatives: choices.alternatives }),
    ...(phrases.length > 0 && { hotwords: phrases.map((phrase) => ({ phrase })) }),
    ...(choices.webhook.trim() && { webhook: { url: choices.webhook.trim() } }),
  };
}
