import { Controller, Get, Global, Module } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AppInfo } from '@koneksi/contracts/demo';
import { Access } from '../auth/access.js';
import { Describe } from '../common/api-docs.js';
import { AppInfoState } from './app-info.js';

@ApiTags('app')
@Controller('app')
export class AppInfoController {
  constructor(private readonly state: AppInfoState) {}

  @Get()
  @Access('public')
  @Describe('Version, and whether this is the demo', { status: 200, schema: AppInfo })
  info(): AppInfo {
    return { version: this.state.version, demo: this.state.demo };
  }
}

@Global()
@Module({ controllers: [AppInfoController], providers: [AppInfoState], exports: [AppInfoState] })
export class AppInfoModule {}
