/** The same in code: its %hf line and its Python, to copy or to insert into the notebook. */
import { useState } from 'preact/hooks';
import type { Code } from '../panels/answers';
import { Button } from './button';
import { useHere } from './here';

export function CodeBox({ code, folded = true }: { code: Code; folded?: boolean }) {
  const { say } = useHere();
  if (!folded) return <Lines code={code} />;
  return (
    <details class="hfnb-fold">
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
        <Button kind="plain" icon="copy" onClick={() => give.copy(text)}>
          {say('Copy')}
        </Button>
        <Button kind="plain" icon="insert" onClick={() => give.insert(text)}>
          {host.kind === 'cell' ? say('Insert below') : say('Insert')}
        </Button>
      </div>
      <pre tabIndex={0}>{text}</pre>
    </div>
  );
}

/** Copy and insert, each with a word about what became of it. */
export function useCode(): {
  copy: (text: string) => Promise<void>;
  insert: (code: string) => Promise<void>;
} {
  const { host, say, toast } = useHere();
  const lost = () => toast({ text: say('The browser did not let anything be copied.'), kind: 'wrong' });
  return {
    async copy(text) {
      if (await host.copy(text)) toast({ text: say('Copied.') });
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
