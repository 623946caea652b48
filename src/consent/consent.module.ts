import { Module } from '@nestjs/common';
import { OutletsModule } from '../outlets/outlets.module.js';
import { HeldWishes } from './held-wishes.js';
import { HeldWishesController } from './held-wishes.controller.js';
import { InboundOptOuts } from './inbound-opt-outs.js';
import { OptOutList } from './opt-out-list.js';
import { OptOuts } from './opt-outs.js';
import { OptOutsController } from './opt-outs.controller.js';
import { PendingOptOuts } from './pending-opt-outs.js';
import { StaffOptOuts } from './staff-opt-outs.js';

@Module({
  imports: [OutletsModule],
  controllers: [HeldWishesController, OptOutsController],
  providers: [HeldWishes, InboundOptOuts, OptOutList, OptOuts, PendingOptOuts, StaffOptOuts],
  exports: [OptOuts],
})
export class ConsentModule {}
