import { Module } from '@nestjs/common';
import { ConsentModule } from '../consent/consent.module.js';
import { ReplyWordsModule } from '../blast/replies/reply-words.module.js';
import { PersonalData } from './personal-data.js';
import { PersonalDataController } from './personal-data.controller.js';

@Module({
  imports: [ConsentModule, ReplyWordsModule],
  controllers: [PersonalDataController],
  providers: [PersonalData],
})
export class PersonalDataModule {}
