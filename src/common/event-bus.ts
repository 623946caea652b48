import { EventEmitter } from 'node:events';
import { Injectable } from '@nestjs/common';

/**
 * Facts that cross module borders, past tense, carrying ids only where the receiver can look the rest up.
 * Each is published after the commit it tells of.
 */
export interface Facts {
  'outlet.created': { outletId: string };
  'outlet.updated': { outletId: string };
  /** The row is already gone; its session still holds a socket to end. */
  'outlet.removed': { outletId: string };
  /** A user or API key may do less than before, or nothing: sockets it opened must be cut. */
  'access.changed': { callerId: string };
}

/** Delivers facts synchronously, in order; a failing listener never reaches the publisher. */
@Injectable()
export class EventBus {
  private readonly emitter = new EventEmitter().setMaxListeners(0);

  publish<Name extends keyof Facts>(name: Name, fact: Facts[Name]): void {
    this.emitter.emit(name, fact);
  }

  on<Name extends keyof Facts>(name: Name, listener: (fact: Facts[Name]) => void): () => void {
    this.emitter.on(name, listener);
    return () => this.emitter.off(name, listener);
  }
}
