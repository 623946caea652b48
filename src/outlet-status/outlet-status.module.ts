import { Module } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { OutletsModule } from '../outlets/outlets.module.js';
import { OutletRows } from '../wa-session/outlet-rows.js';
import { WaSessionModule } from '../wa-session/wa-session.module.js';
import { OutletStatusController } from './outlet-status.controller.js';
import { StatusBoard } from './status-board.js';
import { StatusDocuments } from './status-documents.js';
import { StatusLog } from './status-log.js';
import { StatusRefresh } from './status-refresh.js';
import { StatusRetention } from './status-retention.js';
import { StatusStamp } from './status-stamp.js';
import { StatusTimeline } from './status-timeline.js';
import { StatusView } from './status-view.js';

@Module({
  imports: [OutletsModule, WaSessionModule],
  controllers: [OutletStatusController],
  providers: [
    // What people ask for goes by their own connections.
    { provide: OutletRows, inject: [DataSource], useFactory: (dataSource: DataSource) => new OutletRows(dataSource) },
    StatusBoard,
    StatusDocuments,
    StatusLog,
    StatusRefresh,
    StatusRetention,
    StatusStamp,
    StatusTimeline,
    StatusView,
  ],
  exports: [StatusBoard, StatusLog],
})
export class OutletStatusModule {}
