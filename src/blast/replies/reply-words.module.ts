import { Module } from '@nestjs/common';
import { BlastKeys } from '../blast-keys.js';
import { ReplyWords } from './reply-words.js';

/** What people answered, for the rooms that need nothing else of blasts. */
@Module({ providers: [BlastKeys, ReplyWords], exports: [BlastKeys, ReplyWords] })
export class ReplyWordsModule {}
