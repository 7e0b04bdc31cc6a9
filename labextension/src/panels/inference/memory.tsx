/** The models in the kernel's memory, and the way to get the memory back. */
import { Button } from '../../parts/button';
import { ago, bytes, exact, many, moment } from '../../parts/format';
import { useHere } from '../../parts/here';
import { Share } from '../../parts/plot';
import { Failed } from '../../parts/states';
import type { Loaded, Room, Turns } from './answers';
import { shelf, type Work } from './model';

interface Kept {
  work: Work;
  loaded: Loaded[];
  memory: Room[];
  turns: Turns;
}

export function Memory({ work, loaded, memory, turns }: Kept) {
  const { say } = useHere();
  const all = loaded.reduce((sum, one) => sum + one.bytes, 0);
  const most = Math.max(...loaded.map(one => one.bytes), 1);
  return (
    <section class="hfnb-section">
      <h3>
        {say('Models in memory')} {all > 0 && <span class="hfnb-soft hfnb-numbers">{bytes(all)}</span>}
      </h3>
      {!loaded.length && <p class="hfnb-soft">{say('None. The first call that runs here loads one.')}</p>}
      {memory.map(room => (
        <Budget key={room.device} room={room} alone={memory.length === 1} />
      ))}
      {turns.waiting > 0 && (
        <p class="hfnb-soft hfnb-numbers hfnb-turns">
          {say(
            '%1 of %2 at work, %3 waiting',
            exact(turns.answering),
            exact(turns.most),
            exact(turns.waiting)
          )}
        </p>
      )}
      <ul class="hfnb-shelf">
        {loaded.map(one => (
          <OneModel
            key={shelf(one)}
            work={work}
            one={one}
            share={loaded.length > 1 ? one.bytes / most : null}
          />
        ))}
      </ul>
    </section>
  );
}

/** What the models on a device take of what they may take: beyond it the longest unused goes. */
function Budget({ room, alone }: { room: Room; alone: boolean }) {
  const { say } = useHere();
  const words = say('%1 of %2', bytes(room.taken), bytes(room.budget));
  return (
    <div
      class="hfnb-budget"
      title={say('Beyond it the longest unused goes: %hf settings model_memory=BYTES')}
    >
      <span class="hfnb-soft hfnb-numbers">{alone ? words : `${room.device}: ${words}`}</span>
      <Share share={Math.min(1, room.taken / Math.max(room.budget, 1))} />
    </div>
  );
}

/** `share`: beside the largest; nothing where there is no other. */
function OneModel({ work, one, share }: { work: Work; one: Loaded; share: number | null }) {
  const { say } = useHere();
  const act = work.acts.value.get(shelf(one));
  const going = act !== undefined && !act.confirmed && !act.wrong;
  const uses = many(one.uses, 'used once', 'used %1 times', say);
  return (
    <li data-model={one.model}>
      <span class="hfnb-shelf-name" title={one.revision ? say('revision %1', one.revision) : one.model}>
        {one.model}
      </span>
      <span class="hfnb-numbers" title={exact(one.bytes, 'B')}>
        {bytes(one.bytes)}
      </span>
      {!work.past.value && (
        <Button
          label={say('Unload %1', one.model)}
          busy={going}
          disabled={one.busy && !going}
          title={one.busy ? say('It is at work: stop its jobs first.') : say('Give its memory back')}
          onClick={() => void work.unload(one)}
        >
          {say('Unload')}
        </Button>
      )}
      <span class="hfnb-soft hfnb-shelf-facts" title={moment(one.used)}>
        {[one.task, one.device, one.busy ? say('at work') : `${uses}, ${ago(one.used, say)}`].join(' · ')}
      </span>
      {share !== null && <Share share={share} />}
      {act?.wrong && <Failed wrong={act.wrong} />}
    </li>
  );
}
