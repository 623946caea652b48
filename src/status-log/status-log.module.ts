import { Module } from '@nestjs/common';
import { PlannedTime } from './planned-time.js';
import { StatusBoard } from './status-board.js';
import { StatusLog } from './status-log.js';
import { StatusRetention } from './status-retention.js';
import { StatusTail } from './status-tail.js';
import { StatusTimeline } from './status-timeline.js';

@Module({
  providers: [PlannedTime, StatusBoard, StatusLog, StatusRetention, StatusTail, StatusTimeline],
  exports: [PlannedTime, StatusBoard, StatusLog, StatusTail, StatusTimeline],
})
export class StatusLogModule {}
