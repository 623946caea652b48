import { Injectable } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { Gate } from '../common/gate.js';
import { StatusDesk } from '../wa-session/desk/status-desk.js';

/** Verifies on request every outlet the caller sees. */
@Injectable()
export class StatusRefresh {
  /** Each costs WhatsApp an answer per outlet, and us a round over all of them. */
  private readonly gate = new Gate({ atOnce: 3, waiting: 3, patienceMs: 15_000 });

  constructor(private readonly desk: StatusDesk) {}

  /** @throws {TooManyAttempts} */
  verify(caller: Caller): Promise<void> {
    return this.gate.pass(caller.id, () => this.desk.verify(caller.outletIds));
  }
}
