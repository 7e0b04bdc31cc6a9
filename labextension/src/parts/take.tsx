/** Taking a repository along from its card, by two small buttons: its code into the notebook, its id into the clipboard. */
import { Button } from './button';
import { useCode } from './codebox';
import { useHere } from './here';

/** `onInsert`: none where there is no code for it. */
export function TakeAlong({ id, onInsert }: { id: string; onInsert?: (() => void) | false }) {
  const { say } = useHere();
  const { copy } = useCode();
  return (
    <>
      <span class="hfnb-space" />
      {onInsert && (
        <Button
          kind="plain"
          icon="code"
          label={say('Insert code for %1', id)}
          title={say('Insert code')}
          onClick={onInsert}
        />
      )}
      <Button
        kind="plain"
        icon="copy"
        label={say('Copy the id %1', id)}
        title={say('Copy the id')}
        onClick={() => void copy(id, say('Id copied.'))}
      />
    </>
  );
}
