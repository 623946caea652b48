import { RequestMethod, type INestApplicationContext, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { ACCESS_POLICY, type AccessPolicy } from '../../src/auth/access.js';

export interface Route {
  method: string;
  /** Without the `/api` that all but a few have. */
  path: string;
  policy: AccessPolicy | undefined;
  handler: string;
}

/** Every route of every module, as Nest itself finds them. */
export function routesOf(app: INestApplicationContext): Route[] {
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  return controllers.flatMap(({ metatype }) => (metatype ? routesOfController(metatype as Type) : []));
}

function routesOfController(controller: Type): Route[] {
  const prototype = controller.prototype as Record<string, object>;
  return new MetadataScanner().getAllMethodNames(prototype).flatMap((name) => {
    const handler = prototype[name]!;
    const verb = Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod | undefined;
    if (verb === undefined) return [];
    const own: unknown = Reflect.getMetadata(ACCESS_POLICY, handler);
    const policy = (own ?? Reflect.getMetadata(ACCESS_POLICY, controller)) as AccessPolicy | undefined;
    const prefix = Reflect.getMetadata(PATH_METADATA, controller) as string;
    const path = `/${prefix}/${Reflect.getMetadata(PATH_METADATA, handler) as string}`;
    const cleanPath = path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');
    return [{ method: RequestMethod[verb], path: cleanPath, policy, handler: `${controller.name}.${name}` }];
  });
}
