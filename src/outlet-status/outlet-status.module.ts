import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { OutletsModule } from '../outlets/outlets.module.js';
import { StatusBoard } from '../status-log/status-board.js';
import { StatusLogModule } from '../status-log/status-log.module.js';
import { OutletRows } from '../wa-session/outlet-rows.js';
import { WaSessionModule } from '../wa-session/wa-session.module.js';
import { OutletStatusController } from './outlet-status.controller.js';
import { StatusDocuments } from './status-documents.js';
import { StatusRefresh } from './status-refresh.js';
import { StatusStamp } from './status-stamp.js';
import { StatusView } from './status-view.js';

@Module({
  imports: [OutletsModule, StatusLogModule, WaSessionModule],
  controllers: [OutletStatusController],
  providers: [
    // What people ask for goes by their own connections.
    { provide: OutletRows, inject: [DataSource], useFactory: (dataSource: DataSource) => new OutletRows(dataSource) },
    StatusDocuments,
    StatusRefresh,
    StatusStamp,
    StatusView,
  ],
})
export class OutletStatusModule implements OnApplicationBootstrap {
  constructor(
    private readonly board: StatusBoard,
    private readonly view: StatusView,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    await this.board.begin(() => this.view.facts('all'));
  }
}
