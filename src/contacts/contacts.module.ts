import { Module } from '@nestjs/common';
import { OutletsModule } from '../outlets/outlets.module.js';
import { ContactList } from './contact-list.js';
import { ContactsController } from './contacts.controller.js';
import { ContactsService } from './contacts.service.js';

@Module({
  imports: [OutletsModule],
  controllers: [ContactsController],
  providers: [ContactList, ContactsService],
})
export class ContactsModule {}
