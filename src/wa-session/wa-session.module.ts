import { Module, type OnModuleInit } from '@nestjs/common';
import { ClusterModule } from '../cluster/cluster.module.js';
import { Config } from '../config/config.js';
import { OutletsModule } from '../outlets/outlets.module.js';
import { StatusLogModule } from '../status-log/status-log.module.js';
import { ConnectGate } from './connect-gate.js';
import { CredentialStore } from './credentials/credential-store.js';
import { FarewellStore } from './credentials/farewell-store.js';
import { KeyCheck } from './credentials/key-check.js';
import { KeyHandover } from './credentials/key-handover.js';
import { PasskeyDesk } from './desk/passkey-desk.js';
import { RemoteCodes } from './desk/remote-codes.js';
import { SendingDesk } from './desk/sending-desk.js';
import { SessionDesk } from './desk/session-desk.js';
import { StatusDesk } from './desk/status-desk.js';
import { Farewells } from './farewells.js';
import { LinkAudit } from './link-audit.js';
import { LinkCareStore } from './link-care-store.js';
import { LinkCare } from './link-care.js';
import { NumberBook } from './number-book.js';
import { FleetReach } from './fleet-reach.js';
import { GivenUp } from './given-up.js';
import { Losses } from './losses.js';
import { OutletCommands } from './desk/outlet-commands.js';
import { OutletFollower } from './outlet-follower.js';
import { OutletRows } from './outlet-rows.js';
import { OutletShares } from './outlet-shares.js';
import { SessionOwnership } from './ownership.js';
import { PasskeyController } from './passkey.controller.js';
import { PasskeyService } from './passkey.service.js';
import { SentMessages } from './sent-messages.js';
import { SessionContext } from './session-context.js';
import { SessionJournal } from './session-journal.js';
import { SessionReconciler } from './session-reconciler.js';
import { SessionRegistry } from './session-registry.js';
import { TailFeed } from './tail-feed.js';
import { ClientVersionController } from './client-version.controller.js';
import { WaSessionController } from './wa-session.controller.js';
import { WaSessionService } from './wa-session.service.js';
import { trustRoot } from './whatsapp/baileys-connection.js';
import { WaVersion } from './whatsapp/wa-version.js';

@Module({
  imports: [ClusterModule, OutletsModule, StatusLogModule],
  controllers: [ClientVersionController, PasskeyController, WaSessionController],
  providers: [
    ConnectGate,
    CredentialStore,
    Farewells,
    FarewellStore,
    FleetReach,
    GivenUp,
    KeyCheck,
    KeyHandover,
    LinkAudit,
    Losses,
    LinkCare,
    LinkCareStore,
    NumberBook,
    OutletCommands,
    OutletFollower,
    OutletRows,
    OutletShares,
    PasskeyDesk,
    PasskeyService,
    RemoteCodes,
    SendingDesk,
    SentMessages,
    SessionContext,
    SessionDesk,
    SessionJournal,
    SessionOwnership,
    SessionReconciler,
    SessionRegistry,
    StatusDesk,
    TailFeed,
    WaSessionService,
    WaVersion,
  ],
  exports: [
    KeyHandover,
    LinkAudit,
    OutletCommands,
    OutletRows,
    SendingDesk,
    SentMessages,
    SessionDesk,
    StatusDesk,
    WaSessionService,
  ],
})
export class WaSessionModule implements OnModuleInit {
  constructor(private readonly config: Config) {}

  onModuleInit(): void {
    if (this.config.whatsapp.rootKey) trustRoot(this.config.whatsapp.rootKey);
  }
}
