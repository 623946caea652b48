import { Module } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { KeptAnswers } from './kept-answers.js';
import { KeyRetention } from './key-retention.js';
import { Once } from './once.interceptor.js';

/** Requests that are done once, however often a client that heard no answer sends them. */
@Module({
  providers: [KeptAnswers, KeyRetention, { provide: APP_INTERCEPTOR, useClass: Once }],
  exports: [KeptAnswers],
})
export class IdempotencyModule {}
