/** A model's facts as small marks: each a word or a number, with the exact value on hover. */
import { bytes, count, exact, parameters, seconds } from '../../parts/format';
import { useHere } from '../../parts/here';
import type { IconName } from '../../parts/icons';
import { Mark, type MarkProps } from '../../parts/mark';
import type { Local, ModelRow } from './answers';

interface Word {
  icon: IconName;
  kind: NonNullable<MarkProps['kind']>;
  word: string;
  title: string;
}

const STATUS: Record<Local, Word> = {
  available: { icon: 'cloud', kind: 'plain', word: 'On the Hub', title: 'Nothing of it is on this machine.' },
  loading: { icon: 'busy', kind: 'busy', word: 'Downloading', title: 'On its way to this machine.' },
  partial: { icon: 'disk', kind: 'warn', word: 'Partly here', title: 'A part of it is on this machine.' },
  cached: { icon: 'check', kind: 'good', word: 'On this machine', title: 'All it needs is on this machine.' },
  loaded: { icon: 'memory', kind: 'good', word: 'In memory', title: "It is in the kernel's memory." },
  error: { icon: 'error', kind: 'bad', word: 'Failed', title: 'The last attempt to get it failed.' }
};

export function StatusMark({ row, loading = false }: { row: ModelRow; loading?: boolean }) {
  const { say } = useHere();
  const { icon, kind, word, title } = STATUS[loading ? 'loading' : row.status] ?? STATUS.available;
  const here = row.cachedBytes ? ` ${say('%1 here.', bytes(row.cachedBytes))}` : '';
  return (
    <Mark icon={icon} kind={kind} title={say(title) + here}>
      {say(word)}
    </Mark>
  );
}

/** 67 M params · 268 MB */
export function SizeMark({ row }: { row: ModelRow }) {
  const { say } = useHere();
  const parts = [
    row.parameters !== null && say('%1 params', parameters(row.parameters)),
    row.bytes !== null && `${row.about ? '≈ ' : ''}${bytes(row.bytes)}`
  ].filter(Boolean);
  if (!parts.length) return <Mark>{say('Size not known')}</Mark>;
  const title = [
    row.parameters !== null && say('%1 parameters', exact(row.parameters)),
    row.bytes !== null &&
      (row.about ? say('about %1 bytes, reckoned', exact(row.bytes)) : say('%1 bytes', exact(row.bytes)))
  ].filter(Boolean);
  return <Mark title={title.join(', ')}>{parts.join(' · ')}</Mark>;
}

export function LikedMarks({ row }: { row: ModelRow }) {
  const { say } = useHere();
  return (
    <>
      {row.downloads !== null && (
        <Mark icon="download" title={say('%1 downloads', exact(row.downloads))}>
          {count(row.downloads)}
          <span class="hfnb-unseen"> {say('downloads')}</span>
        </Mark>
      )}
      {row.likes !== null && (
        <Mark icon="heart" title={say('%1 likes', exact(row.likes))}>
          {count(row.likes)}
          <span class="hfnb-unseen"> {say('likes')}</span>
        </Mark>
      )}
    </>
  );
}

export function LicenceMark({ row }: { row: ModelRow }) {
  const { say } = useHere();
  if (row.gated)
    return (
      <Mark icon="lock" kind="warn" title={say('Its owner asks for your consent on the Hub first.')}>
        {say('Gated')}
      </Mark>
    );
  if (!row.licence)
    return <Mark title={say('Its card names no licence: ask before you use it.')}>{say('No licence')}</Mark>;
  const restricted = row.licenceKind === 'non-commercial';
  return (
    <Mark {...(restricted && { icon: 'warning', kind: 'warn' })} title={say('Licence: %1', row.licenceKind)}>
      {row.licence}
    </Mark>
  );
}

/** What was measured here, and who else runs it. */
export function SpeedMarks({ row }: { row: ModelRow }) {
  const { say } = useHere();
  const { speed, providers } = row;
  return (
    <>
      {speed && (
        <Mark icon="clock" title={say('Median of %1 calls in this session', exact(speed.calls))}>
          {seconds(speed.seconds)}
          {speed.tokens !== null && ` · ${say('%1 tok/s', count(speed.tokens))}`}
        </Mark>
      )}
      {providers.length > 0 && (
        <Mark icon="bolt" title={say('Served now by %1', providers.join(', '))}>
          {say('Callable now')}
        </Mark>
      )}
    </>
  );
}
