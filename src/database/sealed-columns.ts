import { Column } from 'typeorm';

/** Of a row with a data key of its own. */
export abstract class WrappedKeyColumns {
  /** Which `CREDENTIALS_KEY` wrapped the data key. */
  @Column({ name: 'key_id', type: 'text' })
  keyId: string;

  @Column({ name: 'wrapped_key', type: 'bytea' })
  wrappedKey: Buffer;
}

/** Of a row that keeps one secret. */
export abstract class SealedColumns extends WrappedKeyColumns {
  @Column({ type: 'bytea' })
  sealed: Buffer;
}
