import { Module } from '@nestjs/common';
import { WaSessionModule } from '../wa-session/wa-session.module.js';
import { Metrics } from './metrics.js';
import { MetricsController } from './metrics.controller.js';

@Module({ imports: [WaSessionModule], controllers: [MetricsController], providers: [Metrics] })
export class MetricsModule {}
