/** What repositories have in common, as small marks: where they stand, who likes them, what they may be used for. */
import type { Gettable, Local } from './fetches';
import { bytes, count, exact } from './format';
import { useHere } from './here';
import type { IconName } from './icons';
import { Mark, type MarkProps } from './mark';

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

export function StatusMark({ row, loading = false }: { row: Gettable; loading?: boolean }) {
  const { say } = useHere();
  const { icon, kind, word, title } = STATUS[loading ? 'loading' : row.status] ?? STATUS.available;
  const here = row.cachedBytes ? ` ${say('%1 here.', bytes(row.cachedBytes))}` : '';
  return (
    <Mark icon={icon} kind={kind} title={say(title) + here}>
      {say(word)}
    </Mark>
  );
}

export interface Liked {
  downloads: number | null;
  likes: number | null;
}

export function LikedMarks({ row }: { row: Liked }) {
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

export interface Licensed {
  licence: string | null;
  licenceKind: string;
  gated: string | null;
}

export function LicenceMark({ row }: { row: Licensed }) {
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
