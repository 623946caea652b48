import { Module } from '@nestjs/common';
import { ActivityController } from './activity.controller.js';
import { ActivityFile } from './activity-file.js';
import { ActivityReader } from './activity-reader.js';

/** The log of activity, for those who may read it. */
@Module({ controllers: [ActivityController], providers: [ActivityFile, ActivityReader] })
export class ActivityModule {}
