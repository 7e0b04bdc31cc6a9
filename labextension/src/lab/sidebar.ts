/** The sidebar's widget: an icon at once, the rest when it is first seen. */
import type { Message } from '@lumino/messaging';
import { Widget } from '@lumino/widgets';
import type { Say } from './house/host';
import { icon } from './icon';

/** What is drawn in it. */
export interface Drawn {
  draw(element: HTMLElement): void;
}

export class Sidebar extends Widget {
  private begun = false;

  constructor(
    private readonly say: Say,
    private readonly drawn: () => Promise<Drawn>
  ) {
    super();
    this.id = 'hf-nb-sidebar';
    this.title.icon = icon;
    this.title.caption = say('Hugging Face');
    this.addClass('hfnb-sidebar');
    this.node.setAttribute('role', 'region');
    this.node.setAttribute('aria-label', say('Hugging Face'));
    // typing and arrows belong to the panel, not to the notebook's shortcuts
    this.node.dataset.lmSuppressShortcuts = 'true';
  }

  protected override onAfterShow(_: Message): void {
    this.begin();
  }

  protected override onAfterAttach(_: Message): void {
    if (this.isVisible) this.begin();
  }

  protected override onActivateRequest(_: Message): void {
    this.begin();
    this.node.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus();
  }

  private begin(): void {
    if (this.begun) return;
    this.begun = true;
    this.drawn().then(
      house => house.draw(this.node),
      () => {
        this.begun = false;
        this.node.textContent = this.say('The panels could not be fetched. Reload the page.');
      }
    );
  }
}
