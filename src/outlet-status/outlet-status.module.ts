import { Module, type OnApplicationBootstrap } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { EventBus } from '../common/event-bus.js';
import { untilItWorks } from '../common/until-it-works.js';
import { OutletsModule } from '../outlets/outlets.module.js';
import { StatusBoard } from '../status-log/status-board.js';
import { StatusTail } from '../status-log/status-tail.js';
import { StatusLogModule } from '../status-log/status-log.module.js';
import { OutletRows } from '../wa-session/outlet-rows.js';
import { WaSessionModule } from '../wa-session/wa-session.module.js';
import { OutletStatusController } from './outlet-status.controller.js';
import { StatusChanges } from './status-changes.js';
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
    StatusChanges,
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
    private readonly tail: StatusTail,
    private readonly bus: EventBus,
  ) {
    bus.on('status-log.replaced', () => void this.beginAnew());
  }

  async onApplicationBootstrap(): Promise<void> {
    await this.tail.begin();
    await this.board.begin(() => this.view.facts('all'));
  }

  private async beginAnew(): Promise<void> {
    const { signal } = new AbortController();
    await untilItWorks(() => this.board.beginAnew(() => this.view.facts('all')), { pauseMs: 1_000, signal });
    this.bus.publish('status-board.replaced', {});
  }
}
