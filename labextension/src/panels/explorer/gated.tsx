/** Its owner has to let people in: the page where that is asked for. */
import { Button } from '../../parts/button';
import { useHere } from '../../parts/here';
import { useAnswer } from '../../parts/use';

const ID = /^(?:hf:\/\/)?(?:datasets\/)?([\w.-]+\/[\w.-]+)/;

export function AskForAccess({ what }: { what: string }) {
  const { host, say } = useHere();
  const { answer } = useAnswer<{ endpoint?: string }>(host.channel, 'hello', {});
  const id = ID.exec(what)?.[1];
  const endpoint = answer?.endpoint;
  if (!id || !endpoint || !/^https?:\/\//i.test(endpoint)) return null;
  return (
    <Button icon="external" onClick={() => host.open(`${endpoint}/datasets/${id}`)}>
      {say('Its page on the Hub')}
    </Button>
  );
}
