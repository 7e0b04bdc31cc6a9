/** Which Hub is asked, beside a panel's title; whose token is in use is said on hover, by its name. */
import { useHere } from './here';
import { useAnswer } from './use';

interface Hello {
  hub: string;
  endpoint: string;
  token: string | null;
}

export function HubName() {
  const { host, say } = useHere();
  const { answer } = useAnswer<Hello>(host.channel, 'hello', {});
  if (!answer?.hub) return null;
  const token = answer.token ? say('token: %1', answer.token) : say('no token');
  return (
    <span class="hfnb-soft" title={`${answer.endpoint} · ${token}`}>
      {answer.hub}
    </span>
  );
}
