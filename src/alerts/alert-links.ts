import { Injectable, Logger } from '@nestjs/common';
import { messageOf } from '../common/message-of.js';
import { SystemDataSource } from '../database/system-data-source.js';
import { IncidentLinks } from '../reconnect-links/incident-links.js';
import type { Message } from './alert-outbox.js';

/** The reconnect link of a message, made as it is sent and kept nowhere. */
@Injectable()
export class AlertLinks {
  private readonly logger = new Logger('Alerts');

  constructor(
    private readonly dataSource: SystemDataSource,
    private readonly links: IncidentLinks,
  ) {}

  /** `null` where the rule wants none, or the message tells of several outlets, of an end or of nothing. */
  async of({ ruleId, content, incidentIds }: Message): Promise<string | null> {
    const { kind, outletId } = content;
    const [incidentId] = incidentIds;
    if ((kind !== 'down' && kind !== 'escalated') || !ruleId || !outletId || !incidentId) return null;
    try {
      const [maker] = await this.dataSource.query<{ id: string; name: string }[]>(MAKER_SQL, [ruleId]);
      return maker ? await this.links.of({ incidentId, outletId, maker }) : null;
    } catch (error) {
      // That something is down is said all the same.
      this.logger.warn(`An alert goes without a reconnect link: ${messageOf(error)}`);
      return null;
    }
  }
}

const MAKER_SQL = `
  SELECT owner_id AS id, owner_name AS name FROM alert_rules
  WHERE id = $1 AND paused_at IS NULL AND (settings ->> 'reconnectLink')::boolean`;
