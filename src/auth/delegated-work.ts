import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Callers whose rights ended, and what of them is left. */
export interface EndedAuthority {
  callerIds: readonly string[];
  /** The outlets they keep; what reaches no other goes on. */
  outletIds: readonly string[];
}

/** Stops, inside the transaction that ends the rights, what was begun by them. Answers what to tell after the commit. */
export type Stop = (manager: EntityManager, ended: EndedAuthority) => Promise<() => void>;

/**
 * What somebody began ends with their right to begin it. Modules that go on working for people who are not there say
 * here how to stop that; accounts need not know them.
 */
@Injectable()
export class DelegatedWork {
  private readonly stops: Stop[] = [];

  onEnd(stop: Stop): void {
    this.stops.push(stop);
  }

  async end(manager: EntityManager, ended: EndedAuthority): Promise<() => void> {
    const tell: (() => void)[] = [];
    for (const stop of this.stops) tell.push(await stop(manager, ended));
    return () => tell.forEach((each) => each());
  }
}
