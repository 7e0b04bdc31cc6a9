/** What a panel calls the things it lists: whole sentences, so that each of them can be translated. */
export interface Words {
  /** "Models" */
  title: string;
  /** "Search models" */
  search: string;
  /** "1 model", "%1 models" */
  counted: readonly [one: string, more: string];
  /** on the button that closes the filters: "Show 1 model", "Show %1 models" */
  shows: readonly [one: string, more: string];
  /** "No model fits." */
  none: string;
  /** where nothing was asked for, and nothing is there */
  nothing: string;
}

/** The same of things that can be fetched. */
export interface CatalogueWords extends Words {
  /** "Show %1 models and more" */
  showsMore: string;
  /** told when a search has ended: "1 model shown", "%1 models shown" */
  told: readonly [one: string, more: string];
  /** "The model %1 is on this machine: %2." */
  arrived: string;
  /** "The model %1 did not arrive." */
  failed: string;
  /** "This model has no card." */
  noCard: string;
}
