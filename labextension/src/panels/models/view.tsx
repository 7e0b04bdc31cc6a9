import { useEffect, useState } from 'preact/hooks';
import type { Host } from '../../panel';

export function Models({ host }: { host: Host }) {
  const [said, say] = useState('…');
  useEffect(() => {
    host.channel.call('hello').then(
      answer => say(JSON.stringify(answer)),
      wrong => say(String(wrong))
    );
  }, [host]);
  return <p>{said}</p>;
}
