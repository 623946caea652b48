import { Module } from '@nestjs/common';
import { WaSessionModule } from '../wa-session/wa-session.module.js';
import { BlastMetrics } from './blast-metrics.js';
import { Metrics } from './metrics.js';
import { MetricsController } from './metrics.controller.js';

@Module({ imports: [WaSessionModule], controllers: [MetricsController], providers: [BlastMetrics, Metrics] })
export class MetricsModule {}
