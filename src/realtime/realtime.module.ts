import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { OutletStatusModule } from '../outlet-status/outlet-status.module.js';
import { WaSessionModule } from '../wa-session/wa-session.module.js';
import { AsyncApiController } from './asyncapi.controller.js';
import { StatusGateway } from './status.gateway.js';

@Module({
  imports: [AuthModule, OutletStatusModule, WaSessionModule],
  controllers: [AsyncApiController],
  providers: [StatusGateway],
})
export class RealtimeModule {}
