import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { StatusLogModule } from '../status-log/status-log.module.js';
import { WaSessionModule } from '../wa-session/wa-session.module.js';
import { ReconnectLinksModule } from '../reconnect-links/reconnect-links.module.js';
import { BlastModule } from '../blast/blast.module.js';
import { AdmissionGateway } from './admission.gateway.js';
import { AsyncApiController } from './asyncapi.controller.js';
import { BlastGateway } from './blast.gateway.js';
import { IncidentGateway } from './incident.gateway.js';
import { CodeShow } from './code-show.js';
import { LinkGateway } from './link.gateway.js';
import { NodeGateway } from './node.gateway.js';
import { PasskeyGateway } from './passkey.gateway.js';
import { PlannedWorkGateway } from './planned-work.gateway.js';
import { QrGateway } from './qr.gateway.js';
import { RecordsGateway } from './records.gateway.js';
import { StatusGateway } from './status.gateway.js';

@Module({
  imports: [AuthModule, BlastModule, ReconnectLinksModule, StatusLogModule, WaSessionModule],
  controllers: [AsyncApiController],
  // Admission first: whom it lets in the others greet.
  providers: [
    AdmissionGateway,
    StatusGateway,
    CodeShow,
    PasskeyGateway,
    QrGateway,
    BlastGateway,
    IncidentGateway,
    NodeGateway,
    PlannedWorkGateway,
    RecordsGateway,
    LinkGateway,
  ],
})
export class RealtimeModule {}
