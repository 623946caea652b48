import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module.js';
import { OutletBinRetention } from './bin/bin-retention.js';
import { OutletBinController } from './bin/outlet-bin.controller.js';
import { OutletBin } from './bin/outlet-bin.js';
import { FileUploads } from '../spreadsheets/file-uploads.js';
import { OutletFilesController } from './files/outlet-files.controller.js';
import { OutletImports } from './files/outlet-imports.service.js';
import { StatusLogModule } from '../status-log/status-log.module.js';
import { OutletsController } from './outlets.controller.js';
import { OutletsService } from './outlets.service.js';
import { Presses } from './presses.js';

@Module({
  imports: [AuthModule, StatusLogModule],
  controllers: [OutletBinController, OutletFilesController, OutletsController],
  providers: [FileUploads, OutletBin, OutletBinRetention, OutletImports, OutletsService, Presses],
  exports: [OutletBin, OutletsService, Presses],
})
export class OutletsModule {}
