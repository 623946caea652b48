import { Module } from '@nestjs/common';
import { OutletsModule } from '../outlets/outlets.module.js';
import { OptOuts } from './opt-outs.js';

@Module({
  imports: [OutletsModule],
  providers: [OptOuts],
  exports: [OptOuts],
})
export class ConsentModule {}
