import type { Request } from 'express';
import passport from 'passport';

/**
 * What a Passport strategy makes of a request: the user, or `null`.
 * Not by the strategy's name, as Nest's `AuthGuard` does it: Passport keeps names for the whole process, so that of
 * two applications in it, as in tests, the younger would answer for both.
 */
export function runStrategy<User>(strategy: passport.Strategy, request: Request): Promise<User | null> {
  // Passport writes the outcome handlers of a request onto the strategy it is given.
  const ofThisRequest = Object.create(strategy) as passport.Strategy;
  const { promise, resolve, reject } = Promise.withResolvers<User | null>();
  const settle = (error: unknown, user?: User | false | null): void => {
    if (error) reject(error);
    else resolve(user || null);
  };
  const run = passport.authenticate(ofThisRequest, { session: false }, settle) as Run;
  run(request, request.res, settle);
  return promise;
}

type Run = (request: Request, response: unknown, next: (error: unknown) => void) => void;
