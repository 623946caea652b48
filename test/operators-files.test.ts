import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parseYaml } from '@redocly/openapi-core';
import { MEDIA_MAX_BYTES } from '@koneksi/contracts/blast-limits';
import { ERROR_TEXTS } from '@koneksi/contracts/error-texts';
import { REASON_STATUS } from '@koneksi/contracts/outlet-status';
import { WARNING_CODES } from '@koneksi/contracts/outlet-warnings';
import { EnvFaults, parseEnv, VARIABLES } from '../src/config/env.js';
import { HealthController } from '../src/health/health.controller.js';

/** What the container has a value of its own for. */
const SET_BY_COMPOSE = ['DATABASE_URL', 'DATA_DIR', 'HOST', 'PORT'];

test('every variable that stands in .env reaches the container', async () => {
  const compose = await readFile('docker-compose.yml', 'utf8');
  const service = /^ {2}koneksi:\n((?: {4}.*\n|\n)+)/m.exec(compose)![1]!;
  expect(service).toMatch(/^ {4}env_file:\n {6}- path: \.env$/m);
  const environment = /^ {4}environment:\n((?: {6}.*\n)+)/m.exec(service)![1]!;
  const given = [...environment.matchAll(/^ {6}([A-Z_]+): (.*)$/gm)].map(([, name, value]) => ({
    name: name!,
    value: value!,
  }));
  const hidden = given.filter(({ name, value }) => !value.startsWith(`\${${name}:`)).map(({ name }) => name);
  expect(hidden.sort()).toEqual(SET_BY_COMPOSE);
  expect(given.filter(({ name }) => !VARIABLES.includes(name))).toEqual([]);
});

test('README names every variable', async () => {
  const readme = await readFile('README.md', 'utf8');
  expect(VARIABLES.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
});

test('the runbook has a line for every reason and for every warning', async () => {
  const runbook = await readFile('docs/runbook.md', 'utf8');
  const reasons = [...runbook.matchAll(/^\| `([A-Z_]+)` +\| ([A-Z]+) /gm)].map(([, code, status]) => [code, status]);
  const byCode = ([a]: (string | undefined)[], [b]: (string | undefined)[]) => a!.localeCompare(b!);
  expect(reasons.sort(byCode)).toEqual(Object.entries(REASON_STATUS).sort(byCode));
  expect(WARNING_CODES.filter((code) => !new RegExp(`^\\|.*warning \`${code}\``, 'm').test(runbook))).toEqual([]);
});

interface Service {
  image: string;
  environment: Record<string, string>;
  deploy: { replicas: number };
  volumes: string[];
  [key: string]: unknown;
}
interface Compose {
  services: Record<string, Service>;
  volumes: object;
}

const yaml = <T>(text: string): T => parseYaml(text) as T;
const compose = (path: string): Compose => yaml(readFileSync(path, 'utf8'));
const sourceOf = (path: string): string => readFileSync(path, 'utf8');
/** What the process itself takes for the end of all it owns. Seconds. */
const HAND_OVER_S =
  Number(/HAND_OVER_WITHIN_MS = ([\d_]+)/.exec(sourceOf('src/app.ts'))![1]!.replaceAll('_', '')) / 1_000;
const healthPath = (name: 'live' | 'ready'): string =>
  `/${Reflect.getMetadata('path', HealthController)}/${Reflect.getMetadata('path', HealthController.prototype[name])}`;
const [LIVE, READY] = [healthPath('live'), healthPath('ready')];

/** What Koneksi makes of variables, where a person gave what has no value yet. */
function started(given: Record<string, string>): unknown {
  const secrets = {
    POSTGRES_PASSWORD: 'a1b2',
    DATABASE_URL: 'postgres://koneksi:a1b2@db/koneksi',
    JWT_SECRET: 'b1946ac92492d2347c6235b4d2611184x',
    CREDENTIALS_KEY: 'qL0vO5kq8m4r1yWcZxJ7tB2nE9sUgHfDaPiXoVbNwMk=',
  };
  const filled = Object.entries(given).map(([name, value]) => [
    name,
    value.replace(/\$\{(\w+):([?-])([^}]*)\}/g, (_, variable: string, kind, fallback: string) =>
      kind === '-' ? fallback : secrets[variable as keyof typeof secrets],
    ),
  ]);
  const env = parseEnv({ ...Object.fromEntries(filled) });
  return env instanceof EnvFaults ? env.faults : env;
}

const AS_A_NODE = {
  http: { port: 3000, host: '0.0.0.0', trustProxy: 1 },
  database: { url: expect.stringMatching(/^postgres:/), severalNodes: true },
  log: { format: 'json' },
};

describe('docker-compose.cluster.yml', () => {
  const { services, volumes } = compose('docker-compose.cluster.yml');
  const alone = compose('docker-compose.yml');
  const { koneksi, haproxy, postgres } = services as Record<'koneksi' | 'haproxy' | 'postgres', Service>;

  test('any number of Koneksi start from it: none has a name, a port of the host or a volume', () => {
    expect(Object.keys(koneksi).sort()).toEqual(
      'build depends_on deploy env_file environment image restart stop_grace_period'.split(' '),
    );
    expect(koneksi.deploy).toEqual({ replicas: 3 });
    expect(koneksi['env_file']).toEqual(alone.services['koneksi']!['env_file']);
  });

  test('each is told what lets several share the database, and nothing that .env says is hidden', () => {
    const { environment } = koneksi;
    expect(Object.keys(environment).filter((name) => !VARIABLES.includes(name))).toEqual([]);
    const hidden = Object.entries(environment).filter(([name, value]) => !value.startsWith(`\${${name}:`));
    expect(hidden.map(([name]) => name).sort()).toEqual(['DATABASE_URL', 'HOST', 'PORT', 'SEVERAL_NODES']);
    expect(environment['DATABASE_URL']).toBe(alone.services['koneksi']!.environment['DATABASE_URL']);
    expect(started(environment)).toMatchObject(AS_A_NODE);
  });

  test('each has the time to hand its outlets over', () => {
    expect(koneksi['stop_grace_period']).toBe(`${HAND_OVER_S / 60}m`);
  });

  test('the proxy has the port and its configuration', () => {
    expect(haproxy).toMatchObject({
      depends_on: ['koneksi'],
      ports: alone.services['koneksi']!['ports'],
      volumes: ['./ops/haproxy.cfg:/usr/local/etc/haproxy/haproxy.cfg:ro'],
    });
  });

  test('the database is that of docker-compose.yml, with connections for more nodes than there are', () => {
    expect(postgres['extends']).toEqual({ file: 'docker-compose.yml', service: 'postgres' });
    expect(Object.keys(postgres).sort()).toEqual(['command', 'extends']);
    const mounted = alone.services['postgres']!.volumes.map((volume) => volume.split(':')[0]);
    expect(Object.keys(volumes)).toEqual(mounted);
    const connections = Number(/^max_connections=(\d+)$/.exec((postgres['command'] as string[]).at(-1)!)![1]);
    // Both pools, the reservation and the bus; while one takes another's place there is one more.
    const sources = sourceOf('src/database/data-source.ts');
    const pools = [...sources.matchAll(/poolSize(?: =|:) (\d+)/g)].map(([, size]) => Number(size));
    expect(pools).toHaveLength(2);
    const each = pools[0]! + pools[1]! + 2;
    expect(connections).toBeGreaterThan(each * (koneksi.deploy.replicas + 1) + 3);
  });
});

describe('ops/haproxy.cfg', () => {
  const text = sourceOf('ops/haproxy.cfg');
  const lines = text.split('\n').map((line) => line.replace(/(^|\s)#.*/, '').trim());
  const said = (start: string): string[] => lines.filter((line) => line.startsWith(`${start} `));
  const seconds = (name: string): number => {
    const [, count, unit] = /(\d+)([smh])$/.exec(said(`timeout ${name}`).join())!;
    return Number(count) * { s: 1, m: 60, h: 3_600 }[unit as 's' | 'm' | 'h'];
  };
  const installed = ['haproxy', '/usr/sbin/haproxy'].find((path) => spawnSync(path, ['-v']).status === 0);

  if (!installed) process.stderr.write('ops/haproxy.cfg is not checked by HAProxy: there is no haproxy here\n');
  else
    test('is what HAProxy takes, without a warning', () => {
      const { status, stdout, stderr } = spawnSync(installed, ['-c', '-f', 'ops/haproxy.cfg'], { encoding: 'utf8' });
      expect([status, `${stdout}${stderr}`]).toEqual([0, expect.not.stringMatching(/WARNING|ALERT/)]);
    });

  test('finds the nodes by the name and port that compose gives them, more than it starts with', () => {
    const { koneksi } = compose('docker-compose.cluster.yml').services;
    const templates = said('server-template').map((line) => /^server-template node (\d+) (\w+):(\d+) /.exec(line)!);
    expect(templates).toHaveLength(2);
    for (const [line, most, name, port] of templates) {
      expect([name, port]).toEqual(['koneksi', koneksi!.environment['PORT']]);
      expect(Number(most)).toBeGreaterThan(koneksi!.deploy.replicas);
      expect(line).toBeDefined();
    }
    const resolvers = said('resolvers').map((line) => line.split(' ')[1]!);
    expect(said('server-template').every((line) => line.includes(` resolvers ${resolvers.join()} `))).toBe(true);
  });

  test('sends to who is ready, else to who lives', () => {
    expect(said('option httpchk')).toEqual([`option httpchk GET ${READY}`, `option httpchk GET ${LIVE}`]);
    expect(lines.filter((line) => /^(default_)?backend /.test(line) || line.startsWith('use_backend '))).toEqual([
      'use_backend living if { nbsrv(ready) eq 0 }',
      'default_backend ready',
      'backend ready',
      'backend living',
    ]);
    expect(lines).toContain('option redispatch');
  });

  test('binds nobody to a node', () => {
    expect(said('balance')).toEqual(['balance leastconn', 'balance leastconn']);
    expect(lines.filter((line) => /^(cookie|stick|appsession|hash-type)/.test(line))).toEqual([]);
  });

  test('is one proxy, that says who asks', () => {
    expect(lines).toContain('option forwardfor');
    expect(lines).toContain('http-request set-header X-Forwarded-Proto %[ssl_fc,iif(https,http)]');
    expect(lines.join('\n')).not.toMatch(/X-Forwarded-For/i);
  });

  test('neither cuts an upload that fits nor an answer that Koneksi is still to give, and logs no address asked for', () => {
    const most = Number(/req\.body_size gt (\d+)/.exec(text)![1]);
    const readAtMost = /THROWN_AWAY_BYTES = (\d+) \* 1024 \* 1024/.exec(sourceOf('src/common/bodies/bodies.ts'))!;
    expect(most).toBe(Number(readAtMost[1]) * 1024 * 1024);
    expect(most).toBeGreaterThan(MEDIA_MAX_BYTES);
    for (const side of ['client', 'server']) expect(seconds(side)).toBeGreaterThan(60);
    expect(seconds('tunnel')).toBeGreaterThanOrEqual(3_600);
    const keepAlive = Number(/KEEP_ALIVE_MS = ([\d_]+)/.exec(sourceOf('src/app.ts'))![1]!.replaceAll('_', ''));
    expect(seconds('http-keep-alive')).toBeLessThan(keepAlive / 1_000);
    expect(said('log-format').join()).not.toMatch(/%(\{[^}]*\})?(r|HP|HPO|HQ|HU|hr|hs)\b/);
    expect(said('log-format')).toHaveLength(1);
    expect(lines.filter((line) => /^option (httplog|httpslog)/.test(line))).toEqual([]);
  });
});

interface Variable {
  name: string;
  value?: string;
  valueFrom?: { secretKeyRef: { name: string; key: string; optional?: boolean } };
}
interface Probe {
  httpGet: { path: string; port: string };
  [key: string]: unknown;
}
interface Container {
  env: Variable[];
  startupProbe: Probe;
  readinessProbe: Probe;
  livenessProbe: Probe;
  [key: string]: unknown;
}
interface Deployment {
  kind: string;
  spec: {
    replicas: number;
    template: {
      metadata: { labels: object };
      spec: { terminationGracePeriodSeconds: number; containers: Container[]; [key: string]: unknown };
    };
  };
}

describe('ops/kubernetes.yaml', () => {
  const text = sourceOf('ops/kubernetes.yaml');
  const [deployment, service, budget, ...more] = text
    .split(/^---$/m)
    .map((document) => yaml<Record<string, unknown>>(document));
  const { spec } = deployment as unknown as Deployment;
  const pod = spec.template.spec;
  const container = pod.containers[0]!;
  const labels = { app: 'koneksi' };

  test('is a Deployment, a Service and a budget, and all mean the same pods', () => {
    expect([deployment, service, budget].map((document) => [document!['apiVersion'], document!['kind']])).toEqual([
      ['apps/v1', 'Deployment'],
      ['v1', 'Service'],
      ['policy/v1', 'PodDisruptionBudget'],
    ]);
    expect([more, pod.containers.length]).toEqual([[], 1]);
    expect(spec).toMatchObject({ selector: { matchLabels: labels }, template: { metadata: { labels } } });
    expect(service!['spec']).toEqual({
      selector: labels,
      sessionAffinity: 'None',
      ports: [{ name: 'http', port: 80, targetPort: 'http' }],
    });
    expect(budget!['spec']).toEqual({ maxUnavailable: 1, selector: { matchLabels: labels } });
  });

  test('three that are never fewer while they change, on machines of their own', () => {
    expect(spec).toMatchObject({
      replicas: 3,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      minReadySeconds: 20,
    });
    expect(pod['topologySpreadConstraints']).toEqual([
      {
        maxSkew: 1,
        topologyKey: 'kubernetes.io/hostname',
        whenUnsatisfiable: 'ScheduleAnyway',
        labelSelector: { matchLabels: labels },
      },
    ]);
  });

  test('every probe asks what there is, for long enough', () => {
    const { startupProbe, readinessProbe, livenessProbe } = container;
    expect([startupProbe, readinessProbe, livenessProbe].map(({ httpGet }) => httpGet)).toEqual([
      { path: LIVE, port: 'http' },
      { path: READY, port: 'http' },
      { path: LIVE, port: 'http' },
    ]);
    expect(container['ports']).toEqual([{ name: 'http', containerPort: 3000 }]);
    const numbers = [startupProbe, readinessProbe, livenessProbe].map(({ httpGet: _, ...rest }) => rest);
    expect(numbers).toEqual([
      { periodSeconds: 5, failureThreshold: 60 },
      { periodSeconds: 3, timeoutSeconds: 2, failureThreshold: 2 },
      { periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    ]);
  });

  test('every variable is one that Koneksi knows, the secret ones by reference', () => {
    const { env } = container;
    expect(env.map(({ name }) => name).filter((name) => !VARIABLES.includes(name))).toEqual([]);
    for (const { name, value, valueFrom } of env) {
      const isSecret = /SECRET|KEY|PASSWORD|TOKEN|_URL|SUPERADMIN/.test(name);
      expect([name, valueFrom?.secretKeyRef.name, valueFrom?.secretKeyRef.key]).toEqual(
        isSecret ? [name, 'koneksi', name] : [name, undefined, undefined],
      );
      // Kubernetes takes a bare `on` for a boolean.
      if (!isSecret) expect([name, text.includes(`{ name: ${name}, value: '${value}' }`)]).toEqual([name, true]);
    }
    const required = env.filter(({ valueFrom }) => !valueFrom?.secretKeyRef.optional);
    const values = required.map(({ name, value }) => [name, value ?? `\${${name}:?}`]);
    expect(started(Object.fromEntries(values) as Record<string, string>)).toMatchObject(AS_A_NODE);
  });

  test('it has the time to hand over, after the proxies know', () => {
    const { preStop } = container['lifecycle'] as { preStop: { exec: { command: [string, string] } } };
    expect(preStop.exec.command[0]).toBe('sleep');
    expect(pod.terminationGracePeriodSeconds).toBe(HAND_OVER_S + Number(preStop.exec.command[1]));
  });

  test('nothing is said by a name that Kubernetes does not know', () => {
    expect(Object.keys(pod).sort()).toEqual([
      'automountServiceAccountToken',
      'containers',
      'enableServiceLinks',
      'securityContext',
      'terminationGracePeriodSeconds',
      'topologySpreadConstraints',
      'volumes',
    ]);
    expect(Object.keys(container).sort()).toEqual([
      'env',
      'image',
      'lifecycle',
      'livenessProbe',
      'name',
      'ports',
      'readinessProbe',
      'resources',
      'securityContext',
      'startupProbe',
      'volumeMounts',
    ]);
    expect(container['resources']).toEqual({
      requests: { cpu: '500m', memory: '512Mi' },
      limits: { memory: '1Gi' },
    });
    expect(pod['securityContext']).toEqual({
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    expect(container['securityContext']).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    expect([container['volumeMounts'], pod['volumes']]).toEqual([
      [{ name: 'tmp', mountPath: '/tmp' }],
      [{ name: 'tmp', emptyDir: {} }],
    ]);
  });
});

test('the runbook has a line for each way in which several nodes fail', async () => {
  const runbook = await readFile('docs/runbook.md', 'utf8');
  const section = /^## Several nodes\n([\s\S]*?)^## /m.exec(runbook)![1]!;
  const first = [...section.matchAll(/^\| ([^|]+?) +\|/gm)].map(([, what]) => what);
  expect(first.slice(2)).toEqual([
    'a node is dead',
    'a node stands still',
    'a node is cut off from the database',
    'the database is away from all',
    'the bus is away',
    'versions differ',
    'a drained node does not come back',
    'fewer nodes than the load needs',
    'a pooler does not fit',
  ]);
});

test('what nodes.md and the runbook name is there: variables and codes, alerts, paths and files', () => {
  const nodes = sourceOf('docs/nodes.md');
  const runbook = sourceOf('docs/runbook.md');
  const section = /^## Several nodes\n([\s\S]*?)^## /m.exec(runbook)![1]!;
  const known = [...VARIABLES, ...Object.keys(ERROR_TEXTS), ...Object.keys(REASON_STATUS)];
  const codes = `${nodes}${section}`.match(/(?<=`)[A-Z]+_[A-Z_]+(?=[`=])/g)!;
  expect(codes.filter((code) => !known.includes(code))).toEqual([]);
  const alerts = sourceOf('ops/alerts.yml');
  const named = section.match(/(?<=`)(?:Koneksi[A-Z]\w+|nodejs_\w+)(?=`)/g)!;
  expect(named.filter((name) => !alerts.includes(name))).toEqual([]);
  const asked = `${nodes}${runbook}${sourceOf('Dockerfile')}`.match(/\/health\/\w+/g)!;
  expect([...new Set(asked)].sort()).toEqual([LIVE, READY]);
  for (const path of ['ops/haproxy.cfg', 'ops/kubernetes.yaml', 'docker-compose.cluster.yml'])
    expect([path, nodes.includes(`(../${path})`), section.includes(`\`${path}\``)]).toEqual([path, true, true]);
});
