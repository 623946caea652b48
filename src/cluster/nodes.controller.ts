import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { NodeList } from '@koneksi/contracts/nodes';
import { Access } from '../auth/access.js';
import { Describe } from '../common/api-docs.js';
import { NodeIdentity } from './node-identity.js';
import { NodeRoster } from './roster.js';

/** The processes that share the outlets, for whoever runs them. */
@ApiTags('nodes')
@Access('SUPERADMIN')
@Controller('nodes')
export class NodesController {
  constructor(
    private readonly roster: NodeRoster,
    private readonly identity: NodeIdentity,
  ) {}

  @Get()
  @Describe('The nodes there are, and how many outlets each owns', { status: 200, schema: NodeList })
  async list(): Promise<NodeList> {
    const { nodes } = await this.roster.read();
    return {
      nodes: nodes.map(({ id, url, version, startedAt, owned, leaving }) => ({
        id,
        url,
        version,
        startedAt: startedAt.toISOString(),
        outlets: owned,
        leaving,
        self: id === this.identity.id,
      })),
    };
  }
}
