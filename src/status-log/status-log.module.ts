import { Module } from '@nestjs/common';
import { StatusBoard } from './status-board.js';
import { StatusLog } from './status-log.js';
import { StatusRetention } from './status-retention.js';
import { StatusTail } from './status-tail.js';
import { StatusTimeline } from './status-timeline.js';

@Module({
  providers: [StatusBoard, StatusLog, StatusRetention, StatusTail, StatusTimeline],
  exports: [StatusBoard, StatusLog, StatusTail, StatusTimeline],
})
export class StatusLogModule {}
