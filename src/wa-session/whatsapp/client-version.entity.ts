import { Column, Entity, PrimaryColumn } from 'typeorm';

/** The newest version WhatsApp's site told, for times when it cannot be asked. One row. */
@Entity('wa_client_version')
export class ClientVersionEntity {
  @PrimaryColumn({ type: 'int' })
  id: number;

  @Column({ type: 'text' })
  version: string;

  @Column({ name: 'told_at', type: 'timestamptz' })
  toldAt: Date;
}
