import { Controller, Get, Global, Module } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AppInfo } from '@koneksi/contracts/demo';
import { Access } from '../auth/access.js';
import { Describe } from '../common/api-docs.js';
import { Config } from '../config/config.js';
import { AppInfoState } from './app-info.js';

@ApiTags('app')
@Controller('app')
export class AppInfoController {
  constructor(
    private readonly state: AppInfoState,
    private readonly config: Config,
  ) {}

  @Get()
  @Access('public')
  @Describe('Version, whether this is the demo, and how a forgotten password is changed', {
    status: 200,
    schema: AppInfo,
  })
  info(): AppInfo {
    const { version, demo } = this.state;
    return { version, demo, passwordResetByMail: this.config.smtp !== null };
  }
}

@Global()
@Module({ controllers: [AppInfoController], providers: [AppInfoState], exports: [AppInfoState] })
export class AppInfoModule {}
