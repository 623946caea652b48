import { Module } from '@nestjs/common';
import { OutletsModule } from '../outlets/outlets.module.js';
import { WaSessionModule } from '../wa-session/wa-session.module.js';
import { OutletStatusController } from './outlet-status.controller.js';
import { StatusBoard } from './status-board.js';
import { StatusLog } from './status-log.js';
import { StatusRefresh } from './status-refresh.js';
import { StatusRetention } from './status-retention.js';
import { StatusTimeline } from './status-timeline.js';
import { StatusView } from './status-view.js';

@Module({
  imports: [OutletsModule, WaSessionModule],
  controllers: [OutletStatusController],
  providers: [StatusBoard, StatusLog, StatusRefresh, StatusRetention, StatusTimeline, StatusView],
  exports: [StatusBoard, StatusLog],
})
export class OutletStatusModule {}
