import { Column, Entity, ForeignKey, PrimaryColumn } from 'typeorm';

/** One Signal key of one link, sealed: pre-key, session, identity and the other kinds Baileys names. */
@Entity('wa_signal_key')
export class SignalKeyEntity {
  @ForeignKey('CredentialEntity', { name: 'wa_signal_key_credential_id_fkey', onDelete: 'CASCADE' })
  @PrimaryColumn({ name: 'credential_id', type: 'uuid' })
  credentialId: string;

  @PrimaryColumn({ type: 'text' })
  kind: string;

  @PrimaryColumn({ name: 'key_id', type: 'text' })
  keyId: string;

  @Column({ type: 'bytea' })
  value: Buffer;
}
