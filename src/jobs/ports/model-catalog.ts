/** What the service says of a model it has. */
export interface ModelSummary {
  name: string;
  version: string;
  languages: readonly string[];
  license: string | null;
  parameters: { total: number; active: number } | null;
}
