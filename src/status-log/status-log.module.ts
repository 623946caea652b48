import { Module } from '@nestjs/common';
import { StatusBoard } from './status-board.js';
import { StatusLog } from './status-log.js';
import { StatusRetention } from './status-retention.js';
import { StatusTimeline } from './status-timeline.js';

@Module({
  providers: [StatusBoard, StatusLog, StatusRetention, StatusTimeline],
  exports: [StatusBoard, StatusLog, StatusTimeline],
})
export class StatusLogModule {}
