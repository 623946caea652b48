import { Injectable, Logger } from '@nestjs/common';
import { Membership } from '../cluster/membership.js';
import { Clock } from '../common/clock.js';
import { EventBus } from '../common/event-bus.js';
import { Config } from '../config/config.js';
import { ConnectGate } from './connect-gate.js';
import { CredentialStore } from './credentials/credential-store.js';
import { FarewellStore } from './credentials/farewell-store.js';
import { GivenUp } from './given-up.js';
import { maxSilence } from './domain/live-proof.js';
import { FleetReach } from './fleet-reach.js';
import { NumberBook } from './number-book.js';
import { Losses } from './losses.js';
import { SentMessages } from './sent-messages.js';
import { SessionJournal } from './session-journal.js';
import { WaVersion } from './whatsapp/wa-version.js';

/** What every session needs of the process around it. */
@Injectable()
export class SessionContext {
  readonly logger = new Logger('WaSession');

  constructor(
    readonly config: Config,
    readonly clock: Clock,
    readonly membership: Membership,
    readonly bus: EventBus,
    readonly gate: ConnectGate,
    readonly losses: Losses,
    readonly givenUp: GivenUp,
    readonly reach: FleetReach,
    readonly store: CredentialStore,
    readonly farewells: FarewellStore,
    readonly journal: SessionJournal,
    readonly version: WaVersion,
    readonly sentMessages: SentMessages,
    readonly book: NumberBook,
  ) {}

  /** How long WhatsApp may be silent before its socket proves nothing. Milliseconds. */
  get maxSilenceMs(): number {
    return maxSilence(this.config.whatsapp.keepAliveMs);
  }
}
