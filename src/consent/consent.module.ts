import { Module } from '@nestjs/common';
import { OutletsModule } from '../outlets/outlets.module.js';
import { HeldWishes } from './held-wishes.js';
import { HeldWishesController } from './held-wishes.controller.js';
import { InboundWishes } from './inbound-wishes.js';
import { OptOutList } from './opt-out-list.js';
import { OptOuts } from './opt-outs.js';
import { OptOutsController } from './opt-outs.controller.js';
import { OwedConfirmations } from './owed-confirmations.js';
import { PendingWishes } from './pending-wishes.js';
import { StaffOptOuts } from './staff-opt-outs.js';
import { Wishes } from './wishes.js';

@Module({
  imports: [OutletsModule],
  controllers: [HeldWishesController, OptOutsController],
  providers: [HeldWishes, InboundWishes, OptOutList, OptOuts, OwedConfirmations, PendingWishes, StaffOptOuts, Wishes],
  exports: [InboundWishes, OptOuts, OwedConfirmations, StaffOptOuts],
})
export class ConsentModule {}
