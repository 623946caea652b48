import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { AppInfoState } from '../app-info/app-info.js';
import { Access } from '../auth/access.js';
import { buildAsyncApi } from './asyncapi.js';
import { renderEvents } from './events-page.js';

/** The socket events for programs and for people, beside the OpenAPI document. */
@ApiExcludeController()
@Controller('docs')
export class AsyncApiController {
  constructor(private readonly appInfo: AppInfoState) {}

  @Get('asyncapi.json')
  @Access('public')
  json(): Record<string, unknown> {
    return buildAsyncApi(this.appInfo.version);
  }

  @Get('events')
  @Access('public')
  @Header('Content-Type', 'text/html; charset=utf-8')
  page(): string {
    return renderEvents();
  }
}
