/** A nested value as a tree. A branch is drawn when it is opened, and never more than a hundred leaves at once. */
import { useState } from 'preact/hooks';
import { Button } from '../../parts/button';
import { useHere } from '../../parts/here';

const LEAVES = 100;
const LONGEST = 2000;

export function Tree({ value, name, open = true }: { value: unknown; name?: string; open?: boolean }) {
  const { say } = useHere();
  const [shown, show] = useState(open);
  const [most, setMost] = useState(LEAVES);
  if (typeof value !== 'object' || value === null)
    return (
      <div class="hfnb-leaf">
        {name !== undefined && <span class="hfnb-soft">{name}: </span>}
        <span class={value === null ? 'hfnb-nothing' : ''}>{leaf(value)}</span>
      </div>
    );
  const list = Array.isArray(value);
  const entries = list ? value.map((one, at) => [String(at), one] as const) : Object.entries(value);
  return (
    <details
      class="hfnb-branch"
      open={shown}
      onToggle={event => {
        if (event.target === event.currentTarget) show(event.currentTarget.open);
      }}
    >
      <summary>
        {name !== undefined && <span>{name} </span>}
        <span class="hfnb-soft">{list ? `[${entries.length}]` : `{${entries.length}}`}</span>
      </summary>
      {shown &&
        entries
          .slice(0, most)
          .map(([key, one]) => <Tree key={key} name={key} value={one} open={entries.length <= 8} />)}
      {shown && entries.length > most && (
        <Button kind="link" onClick={() => setMost(most + LEAVES)}>
          {say('%1 more', entries.length - most)}
        </Button>
      )}
    </details>
  );
}

function leaf(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

/** JSON, or what it is instead: text. */
export function parsed(text: string): { value: unknown } | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { value } : null;
  } catch {
    return null;
  }
}
