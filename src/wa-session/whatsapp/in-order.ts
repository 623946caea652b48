/**
 * Begins one piece of work after the other in the order they were asked for, whichever is ready first. What has begun
 * goes on by itself: nobody waits for its end.
 */
export class InOrder {
  private begun: Promise<unknown> = Promise.resolve();

  begin<Ready, Done>(ready: Promise<Ready>, work: (ready: Ready) => Promise<Done>): Promise<Done> {
    const before = this.begun;
    const turn = ready.finally(() => before);
    this.begun = turn.catch(() => undefined);
    return turn.then(work);
  }
}
