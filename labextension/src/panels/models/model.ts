/** What the Models panel knows and does, without a page: a catalogue of models, each of which can be tried. */
import { batch, signal } from '@preact/signals';
import { Catalogue, type Shelf } from '../../parts/catalogue';
import type { Details, Facets, ModelRow } from './answers';
import { Trial } from './trial';

/** The filters with a value each, in the order in which they stand. */
const FACETS = ['task', 'library', 'language', 'licence', 'size'] as const;
const MARKS = ['callable', 'cached'] as const;

export interface ModelsKind {
  row: ModelRow;
  details: Details;
  facets: Facets;
  facet: (typeof FACETS)[number];
  mark: (typeof MARKS)[number];
}

export class ModelsModel extends Catalogue<ModelsKind> {
  /** the details were opened to try it: the cursor belongs in the input */
  readonly trying = signal(false);
  readonly trial: Trial;

  constructor(shelf: Shelf) {
    super(shelf, 'models', FACETS, MARKS);
    this.trial = new Trial(shelf.channel);
  }

  override show(id: string, toTry = false): void {
    this.trying.value = toTry;
    if (this.open.peek() === id) return;
    batch(() => {
      this.trial.forget();
      super.show(id);
    });
  }

  override close(): void {
    super.close();
    this.trial.forget();
  }

  /** Run the example, or what was written instead; afterwards the kernel says whether the model is in its memory. */
  async run(): Promise<void> {
    const id = this.open.peek();
    if (!id) return;
    await this.trial.run(id, this.row(id)?.task ?? null);
    await this.fetches.confirm(id);
  }

  override end(): void {
    super.end();
    this.trial.stop();
  }

  protected override arrived(details: Details): void {
    if (!this.trial.touched) this.trial.input.value = details.example?.input ?? '';
  }
}
