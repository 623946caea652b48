import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { Acts } from './acts.interceptor.js';
import { ActivityLog } from './activity-log.js';
import { ActivityRetention } from './activity-retention.js';
import { SharedLines } from './shared-lines.js';

/** Importing it puts the log of activity around every route that `Leaves` a line. */
@Module({
  providers: [ActivityLog, ActivityRetention, SharedLines, { provide: APP_INTERCEPTOR, useClass: Acts }],
  exports: [ActivityLog],
})
export class ActsModule {}
