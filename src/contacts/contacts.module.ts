import { Module } from '@nestjs/common';
import { ConsentModule } from '../consent/consent.module.js';
import { OutletsModule } from '../outlets/outlets.module.js';
import { ContactBinRetention } from './bin/bin-retention.js';
import { ContactBinController } from './bin/contact-bin.controller.js';
import { ContactBin } from './bin/contact-bin.js';
import { ContactExport } from './contact-export.js';
import { ContactList } from './contact-list.js';
import { ContactsController } from './contacts.controller.js';
import { ChainImports } from './import/chain-imports.js';
import { ChainImportsController } from './import/chain-imports.controller.js';
import { ContactImportsController } from './import/contact-imports.controller.js';
import { ContactImportsService } from './import/contact-imports.service.js';
import { ContactsService } from './contacts.service.js';
import { OptOutImports } from './import/opt-out-imports.js';
import { OptOutImportsController } from './import/opt-out-imports.controller.js';
import { SearchIndex } from './search-index.js';
import { FileUploads } from '../spreadsheets/file-uploads.js';

@Module({
  imports: [ConsentModule, OutletsModule],
  controllers: [
    ContactBinController,
    ChainImportsController,
    ContactsController,
    ContactImportsController,
    OptOutImportsController,
  ],
  providers: [
    ChainImports,
    ContactBin,
    ContactBinRetention,
    ContactExport,
    ContactImportsService,
    ContactList,
    ContactsService,
    FileUploads,
    OptOutImports,
    SearchIndex,
  ],
  exports: [ContactImportsService],
})
export class ContactsModule {}
