/** What the table is: its form, size and commit; another commit can be asked for. */
import { useState } from 'preact/hooks';
import { Button } from '../../parts/button';
import { bytes, exact } from '../../parts/format';
import { useHere } from '../../parts/here';
import type { Opened } from './answers';
import type { ExplorerModel } from './model';
import { Pop } from './pop';

export function About({ model, opened }: { model: ExplorerModel; opened: Opened }) {
  const { say } = useHere();
  const [open, setOpen] = useState(false);
  const short = opened.revision?.slice(0, 7);
  return (
    <div class="hfnb-holds-pop hfnb-about">
      <button
        type="button"
        class="hfnb-button hfnb-as-link"
        aria-haspopup="dialog"
        aria-expanded={open}
        title={say('What this table is')}
        onClick={() => setOpen(!open)}
      >
        <span>{[opened.of.split, short].filter(Boolean).join(' · ') || opened.form || say('About')}</span>
      </button>
      {open && <Facts model={model} opened={opened} onClose={() => setOpen(false)} />}
    </div>
  );
}

function Facts({ model, opened, onClose }: { model: ExplorerModel; opened: Opened; onClose: () => void }) {
  const { host, say } = useHere();
  const [revision, setRevision] = useState(opened.of.revision ?? '');
  const facts: [string, string][] = [
    [say('Rows'), opened.rows === null ? say('not known yet') : exact(opened.rows)],
    [say('Columns'), exact(opened.columns.length)],
    [say('Form'), opened.form],
    [say('Files'), exact(opened.files)],
    [say('Size'), opened.bytes === null ? say('not known') : bytes(opened.bytes)],
    [say('Commit'), opened.revision ?? say('none')]
  ];
  return (
    <Pop label={say('What this table is')} class="hfnb-about-box" onClose={onClose}>
      <strong>{opened.title}</strong>
      <dl class="hfnb-facts">
        {facts.map(([name, value]) => (
          <div key={name} class="hfnb-fact">
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {opened.notes.map(note => (
        <div key={note} class="hfnb-soft">
          {note}
        </div>
      ))}
      {opened.place === 'hub' && (
        <form
          class="hfnb-row"
          onSubmit={event => {
            event.preventDefault();
            onClose();
            model.turn({ revision: revision.trim() || null });
          }}
        >
          <input
            class="hfnb-input"
            type="text"
            aria-label={say('Revision')}
            placeholder={say('a branch, a tag or a commit')}
            value={revision}
            onInput={event => setRevision(event.currentTarget.value)}
          />
          <button type="submit" class="hfnb-button">
            {say('Show it')}
          </button>
        </form>
      )}
      {opened.url && /^https?:\/\//i.test(opened.url) && (
        <div class="hfnb-row">
          <Button icon="external" onClick={() => host.open(opened.url as string)}>
            {opened.place === 'hub' ? say('Open on the Hub') : say('Open it')}
          </Button>
        </div>
      )}
    </Pop>
  );
}
