/** What somebody may choose. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}
