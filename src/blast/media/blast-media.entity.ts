import type { MediaType } from '@koneksi/contracts/blast-limits';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { WrappedKeyColumns } from '../../database/sealed-columns.js';

/** A picture or document for blasts, sealed under a data key of its own. */
@Entity('blast_media')
export class BlastMediaEntity extends WrappedKeyColumns {
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'text' })
  kind: 'image' | 'video' | 'document';

  @Column({ name: 'mime_type', type: 'text' })
  mimeType: MediaType;

  @Column({ name: 'file_name', type: 'text' })
  fileName: string;

  @Column({ type: 'int' })
  bytes: number;

  @Column({ name: 'uploaded_by', type: 'uuid' })
  uploadedBy: string;

  @Column({ name: 'uploaded_at', type: 'timestamptz' })
  uploadedAt: Date;

  @Column({ type: 'bytea' })
  content: Buffer;

  /** A small JPEG of a film, sealed. */
  @Column({ type: 'bytea', nullable: true })
  thumbnail: Buffer | null;
}
