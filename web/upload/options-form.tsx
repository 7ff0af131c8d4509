import { TEXT } from "../text.ts";
import type { Choices } from "./options.ts";

const text = TEXT.options;

export function OptionsForm(props: { choices: Choices; onChange: (choices: Choices) => void }) {
  const { choices } = props;
  const change = (changed: Partial<Choices>) => props.onChange({ ...choices, ...changed });
  return (
    <details>
      <summary>{text.title}</summary>
      <div class="fields">
        <label>
          {text.language}
          <input
            type="text"
            value={choices.language}
            placeholder="en"
            maxLength={35}
            onInput={(event) => change({ language: event.currentTarget.value.trim() })}
          />
        </label>
        <label>
          {text.alternatives}
          <input
            type="number"
            min={1}
            max={10}
            value={choices.alternatives}
            onInput={(event) => change({ alternatives: event.currentTarget.valueAsNumber || 1 })}
          />
        </label>
        <label>
          {text.webhook}
          <input
            type="url"
            value={choices.webhook}
            placeholder="https://"
            onInput={(event) => change({ webhook: event.currentTarget.value })}
          />
        </label>
        <label>
          {text.hotwords}
          <textarea
            rows={3}
            value={choices.hotwords}
            onInput={(event) => change({ hotwords: event.currentTarget.value })}
          />
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={choices.split}
            onChange={(event) => change({ split: event.currentTarget.checked })}
          />
          {text.split}
        </label>
      </div>
    </details>
  );
}
