import { Body, Controller, Get, Header, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { LinkAuditAnswer, LinkAuditQuery } from '@koneksi/contracts/link-audit';
import { ConnectAnswer, ConnectRequest, QrAnswer } from '@koneksi/contracts/outlets';
import { Leaves } from '../acts/act.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { Describe } from '../common/api-docs.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { WaSessionService } from './wa-session.service.js';

interface Done {
  success: true;
}

/** The verbs of one outlet's session. All answer 202: what came of it is pushed. */
@ApiTags('sessions')
@Controller('outlets/:id')
export class WaSessionController {
  constructor(
    private readonly sessions: WaSessionService,
    private readonly outlets: OutletsService,
  ) {}

  @Post('connect')
  @Leaves('outlet.connected', { tells: ['method'] })
  @HttpCode(202)
  @Header('Cache-Control', 'no-store')
  @Access('all')
  @Describe('Koneksikan: link or reconnect', { status: 202, schema: ConnectAnswer })
  async connect(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Body({ schema: ConnectRequest }) { method }: ConnectRequest,
  ): Promise<ConnectAnswer> {
    const code = await this.sessions.connect(caller, id, method);
    if (code === null) return { success: true };
    return { success: true, pairingCode: code.text, expiresAt: new Date(code.expiresAt).toISOString() };
  }

  @Post('pause')
  @Leaves('outlet.paused')
  @HttpCode(202)
  @Access('all')
  @Describe('Switch off, keeping the link', { status: 202 })
  async pause(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Done> {
    await this.sessions.tell(caller, id, { type: 'pause', by: caller.name });
    return { success: true };
  }

  @Post('resume')
  @Leaves('outlet.resumed')
  @HttpCode(202)
  @Access('all')
  @Describe('Switch on again after a pause', { status: 202 })
  async resume(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Done> {
    await this.sessions.tell(caller, id, { type: 'resume' });
    return { success: true };
  }

  @Post('logout')
  @Leaves('outlet.unlinked')
  @HttpCode(202)
  @Access('all')
  @Describe('Unlink the device and remove its credentials (ADMIN)', { status: 202 })
  async logout(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<Done> {
    await this.outlets.requireAsAdmin(caller, id);
    await this.sessions.tell(caller, id, { type: 'logout' });
    return { success: true };
  }

  @Get('qr')
  @Header('Cache-Control', 'no-store')
  @Access('all')
  @Describe('The QR while one is shown', { status: 200, schema: QrAnswer })
  qr(@CurrentCaller() caller: Caller, @Param('id') id: string): Promise<QrAnswer> {
    return this.sessions.qr(caller, id);
  }

  @Get('link-audit')
  @Access('all')
  @Describe('Who was shown a QR or pairing code of this outlet, newest first (ADMIN)', {
    status: 200,
    schema: LinkAuditAnswer,
  })
  linkAudit(
    @CurrentCaller() caller: Caller,
    @Param('id') id: string,
    @Query({ schema: LinkAuditQuery }) page: LinkAuditQuery,
  ): Promise<LinkAuditAnswer> {
    return this.sessions.linkAudit(caller, id, page);
  }
}
