import { Module } from '@nestjs/common';
import { Mailer } from './mailer.js';

/** Mail to people, for whoever has something to tell them. */
@Module({ providers: [Mailer], exports: [Mailer] })
export class MailModule {}
