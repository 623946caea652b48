import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';

/**
 * Who this process is among the nodes of its database: an incarnation, and not a name. A host name would let a process
 * that was started again, or buried and come back, take itself for the one before.
 */
@Injectable()
export class NodeIdentity {
  private incarnation = randomUUID();

  get id(): string {
    return this.incarnation;
  }

  /** After others may have taken what the former incarnation owned. */
  begin(): string {
    this.incarnation = randomUUID();
    return this.incarnation;
  }
}
