import { Controller, Get, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ClusterNode, NodeList } from '@koneksi/contracts/nodes';
import { Leaves } from '../acts/act.js';
import { Access } from '../auth/access.js';
import { Describe } from '../common/api-docs.js';
import { DomainError } from '../common/domain-error.js';
import { Membership, type SeenNode } from './membership.js';
import { NodeDrains } from './node-drains.js';
import { NodeIdentity } from './node-identity.js';

/** The processes that share the outlets, for whoever runs them. */
@ApiTags('nodes')
@Access('SUPERADMIN')
@Controller('nodes')
export class NodesController {
  constructor(
    private readonly membership: Membership,
    private readonly drains: NodeDrains,
    private readonly identity: NodeIdentity,
  ) {}

  @Get()
  @Describe('The nodes there are, how many outlets each owns, and whether it beats', { status: 200, schema: NodeList })
  async list(): Promise<NodeList> {
    return { nodes: (await this.membership.census()).map((node) => this.toWire(node)) };
  }

  @Post(':id/drain')
  @Leaves('node.drained')
  @HttpCode(200)
  @Describe('Have a node hand over its outlets and take none, and stay up', {
    status: 200,
    schema: ClusterNode,
    text: 'It hands over within a second, 10 outlets a second for each node that stays. Refused for the last.',
  })
  async drain(@Param('id') id: string): Promise<ClusterNode> {
    await this.drains.drain(id);
    return this.find(id);
  }

  @Post(':id/undrain')
  @Leaves('node.returned')
  @HttpCode(200)
  @Describe('Have a node that was drained take its share again', { status: 200, schema: ClusterNode })
  async undrain(@Param('id') id: string): Promise<ClusterNode> {
    await this.drains.undrain(id);
    return this.find(id);
  }

  private async find(id: string): Promise<ClusterNode> {
    const node = (await this.membership.census()).find((one) => one.id === id.toLowerCase());
    // It ended in the same moment.
    if (!node) throw new DomainError('NODE_NOT_FOUND', 404, 'no such node any more').afterDone();
    return this.toWire(node);
  }

  private toWire({ id, url, version, startedAt, owned, leaving, drained, ...seen }: SeenNode): ClusterNode {
    return {
      id,
      url,
      version,
      startedAt: startedAt.toISOString(),
      outlets: owned,
      leaving: leaving || drained,
      drained,
      beatAgeMs: seen.beatAgeMs,
      silent: seen.silent,
      claims: seen.claims,
      self: id === this.identity.id,
    };
  }
}
