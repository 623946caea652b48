import { Module } from '@nestjs/common';
import { NodeIdentity } from './node-identity.js';

/** The processes that share this database. One alone is a cluster of one. */
@Module({ providers: [NodeIdentity], exports: [NodeIdentity] })
export class ClusterModule {}
