import { InvalidRequestError } from "../errors.ts";
import type { Services } from "../services.ts";

/** Throws InvalidRequestError where the model does not know the language. `en-GB` is fine for a model of `en`. */
export function checkLanguage({ models }: Pick<Services, "models">, language: string | null): void {
  if (language === null || models.length === 0) return;
  const known = models[0].languages;
  const wanted = language.toLowerCase();
  if (known.some((name) => wanted === name.toLowerCase() || wanted.startsWith(`${name.toLowerCase()}-`)))
    return;
  throw new InvalidRequestError(
    `The model does not know the language ${language}, only ${known.join(", ")}.`,
    {
      field: "language",
    },
  );
}
