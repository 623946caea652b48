/** What somebody may choose. */
export interface Choice<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
}

/** Words that stand for themselves. */
export const choicesOf = <Word extends string>(words: readonly Word[]): Choice<Word>[] =>
  words.map((word) => ({ value: word, label: word }));
