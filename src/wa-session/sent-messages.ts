import { Injectable } from '@nestjs/common';

type Find = (outletId: string, messageId: string) => Promise<Uint8Array | null>;

/** Where sessions find what was sent, when a phone could not read it and asks again. Whoever sends keeps it. */
@Injectable()
export class SentMessages {
  private readonly sources: Find[] = [];

  findIn(source: Find): void {
    this.sources.push(source);
  }

  async find(outletId: string, messageId: string): Promise<Uint8Array | null> {
    for (const source of this.sources) {
      const found = await source(outletId, messageId);
      if (found) return found;
    }
    return null;
  }
}
