/** The same in code: its %hf line and its Python, to copy or to insert into the notebook. */
import { useState } from 'preact/hooks';
import type { Code } from '../panels/answers';
import { Button } from './button';
import { useHere } from './here';

export function CodeBox({ code, folded = true }: { code: Code; folded?: boolean }) {
  const { say } = useHere();
  return (
    <details class="hfnb-fold" open={!folded}>
      <summary>{say('The same in code')}</summary>
      <Lines code={code} />
    </details>
  );
}

function Lines({ code }: { code: Code }) {
  const { host, say } = useHere();
  const [kind, setKind] = useState<keyof Code>('magic');
  const give = useCode();
  const text = code[kind];
  const insert = host.kind === 'cell' ? say('Insert below') : say('Insert');
  return (
    <div class="hfnb-code">
      <div class="hfnb-row">
        <div class="hfnb-kinds" role="group" aria-label={say('Which code')}>
          <Button kind="plain" pressed={kind === 'magic'} onClick={() => setKind('magic')}>
            %hf
          </Button>
          <Button kind="plain" pressed={kind === 'python'} onClick={() => setKind('python')}>
            Python
          </Button>
        </div>
        <span class="hfnb-space" />
        <div class="hfnb-row hfnb-gives">
          <Button kind="plain" icon="copy" title={say('Copy')} onClick={() => give.copy(text)}>
            {say('Copy')}
          </Button>
          <Button kind="plain" icon="insert" title={insert} onClick={() => give.insert(text)}>
            {insert}
          </Button>
        </div>
      </div>
      <pre tabIndex={0}>{text}</pre>
    </div>
  );
}

/** Copy and insert, each with a word about what became of it. */
export function useCode(): {
  /** `what`: "Id copied." */
  copy: (text: string, what?: string) => Promise<void>;
  insert: (code: string) => Promise<void>;
} {
  const { host, say, toast } = useHere();
  const lost = () => toast({ text: say('The browser did not let anything be copied.'), kind: 'wrong' });
  return {
    async copy(text, what = say('Copied.')) {
      if (await host.copy(text)) toast({ text: what });
      else lost();
    },
    async insert(code) {
      try {
        const became = await host.insert(code);
        toast({
          text:
            became === 'inserted' ? say('Inserted into the notebook.') : say('Copied: paste it into a cell.')
        });
      } catch {
        lost();
      }
    }
  };
}
