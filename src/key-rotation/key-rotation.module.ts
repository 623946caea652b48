import { Module } from '@nestjs/common';
import { WaSessionModule } from '../wa-session/wa-session.module.js';
import { KeyRotation } from './key-rotation.js';

@Module({ imports: [WaSessionModule], providers: [KeyRotation] })
export class KeyRotationModule {}
