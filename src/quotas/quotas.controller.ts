import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { QuotaList, QuotaQuery } from '@koneksi/contracts/quotas';
import { DataSource } from 'typeorm';
import { AlertRules } from '../alerts/alert-rules.service.js';
import { Access, CurrentCaller } from '../auth/access.js';
import type { Caller } from '../auth/caller.js';
import { includesRole } from '../auth/rights.js';
import { MadeInADay } from '../blast/made-in-a-day.js';
import { MediaStore } from '../blast/media/media-store.js';
import { OpenWork } from '../blast/open-work.js';
import { RepeatingBlasts } from '../blast/repeating/repeating-blasts.js';
import { SavedMessages } from '../blast/saved/saved-messages.js';
import { Describe } from '../common/api-docs.js';
import type { QuotaFact } from '../common/quota-reached.js';
import { Weigh } from '../common/turns/turns.js';
import { StaffOptOuts } from '../consent/staff-opt-outs.js';
import { contactQuota } from '../contacts/contact-quota.js';
import { KeptAnswers } from '../idempotency/kept-answers.js';
import { OutletsService } from '../outlets/outlets.service.js';
import { Presses } from '../outlets/presses.js';
import { ReconnectLinks } from '../reconnect-links/reconnect-links.service.js';
import { WebhooksService } from '../webhooks/webhooks.service.js';

/** How far a caller is from the ends that there are, before they come to one. */
@ApiTags('quotas')
@Access('all')
@Controller('quotas')
export class QuotasController {
  constructor(
    private readonly dataSource: DataSource,
    private readonly media: MediaStore,
    private readonly open: OpenWork,
    private readonly made: MadeInADay,
    private readonly repeating: RepeatingBlasts,
    private readonly keys: KeptAnswers,
    private readonly optOuts: StaffOptOuts,
    private readonly outlets: OutletsService,
    private readonly presses: Presses,
    private readonly saved: SavedMessages,
    private readonly links: ReconnectLinks,
    private readonly webhooks: WebhooksService,
    private readonly rules: AlertRules,
  ) {}

  @Get()
  @Weigh('heavy')
  @Describe('How much you may keep, and how much of that you do', { status: 200, schema: QuotaList })
  async list(
    @CurrentCaller() caller: Caller,
    @Query({ schema: QuotaQuery }) { outletId }: QuotaQuery,
  ): Promise<QuotaList> {
    const outlet = outletId === undefined ? null : await this.outlets.require(caller, outletId);
    const { blasts, recipients, messages } = await this.open.quotas(caller);
    const made = await this.made.quotas(caller);
    const items: QuotaFact[] = [
      await this.media.quota(caller),
      blasts,
      recipients,
      messages,
      made.blasts,
      made.recipients,
      await this.repeating.quota(caller),
      await this.keys.quota(caller.id),
    ];
    if (includesRole(caller.role, 'ADMIN'))
      items.push(await this.saved.quota(), await this.webhooks.quota(), await this.rules.quota());
    else items.push(await this.optOuts.quota(caller));
    if (outlet) items.push(await contactQuota(this.dataSource.manager, outlet.id));
    if (outlet) items.push(await this.presses.quota(caller.id, outlet.id), await this.links.quota(outlet.id));
    return { items };
  }
}
