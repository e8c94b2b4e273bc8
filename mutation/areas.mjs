/**
 * The parts of the library that are measured, each with the tests that have to notice a change in it: projects of vitest,
 * and which of their files.
 *
 * The server's connections have no network here: they are objects of the tests. What is left out is tested with several
 * nodes, real sockets or a real Redis, where each change would cost seconds.
 */
export const areas = {
  core: { mutate: ['src/core/**/*.ts'], projects: ['core'] },
  react: { mutate: ['src/react/**/*.{ts,tsx}'], projects: ['react'] },
  server: {
    mutate: [
      'src/server/connections/{frame,parse-packet,rate-limit,task-queue,writer}.ts',
      'src/server/devices/{small-set,user-devices}.ts',
      'src/server/typing/*.ts',
      'src/server/{event,id-error,permission,reauthorization,rooms}.ts',
    ],
    projects: ['node'],
    include: [
      'test/server/connections/{frame,parse-packet,rate-limit,task-queue,writer}.test.ts',
      'test/server/devices/{small-set,user-devices}.test.ts',
      'test/server/typing/{leases,pending-leases,typing-updates,views}.test.ts',
      'test/server/{ask-permission,event,id-error,reauthorization,rooms}.test.ts',
    ],
  },
  'server-hub': {
    mutate: [
      'src/server/{active-device,check-arguments,delivery,hub,messages,options}.ts',
      'src/server/{pending-subscriptions,refusals,revocation,stats,subscriptions,thenable}.ts',
    ],
    projects: ['node'],
    include: [
      'test/server/{check-arguments,hub,local-delivery,options,pending-subscriptions,refusals}.test.ts',
      'test/server/{revocation,subscribing}.test.ts',
    ],
  },
  'server-connections': {
    mutate: [
      'src/server/connections/{client-event,connection,connections,handlers,identification,identity}.ts',
      'src/server/connections/{subscribe-handler,user-task}.ts',
      'src/server/devices/{bot,device}.ts',
      'src/server/{attach,clock,debug}.ts',
    ],
    projects: ['node'],
    include: [
      'test/server/connections/{connection,connections,handlers,identification}.test.ts',
      'test/server/devices/{bot-calls,device}.test.ts',
      'test/server/{attach,clock,log-entry}.test.ts',
    ],
  },
  cluster: {
    mutate: [
      'src/server/cluster/peers/*.ts',
      'src/server/cluster/{active-device-election,adapter-packet,bus-message,channel-subscriptions,channels,envelope}.ts',
      'src/server/cluster/{lease-publisher,packet-gaps,recipient-counts,remote-leases}.ts',
    ],
    projects: ['cluster'],
    include: [
      'test/server/cluster/peers/*.test.ts',
      'test/server/cluster/{active-device-election,adapter-packet,channel-subscriptions,channels,envelope}.test.ts',
      'test/server/cluster/{lease-publisher,packet-gaps,recipient-counts,remote-leases}.test.ts',
    ],
  },
  // Whole nodes whose devices are bots, on an engine in this process, in fake time.
  'cluster-bus': {
    mutate: [
      'src/server/cluster/{adapter-bus,adapter-problem,bus-channels,conversation-readers,index,remote-messages}.ts',
      'src/server/cluster/user-notices.ts',
    ],
    projects: ['cluster'],
    include: [
      'test/server/cluster/{adapter-bus,adapters,bus-channels,conversation-readers}.test.ts',
      'test/server/cluster/{remote-messages,user-notices}.test.ts',
    ],
  },
  transports: {
    mutate: ['src/transports/{memory,broadcast-channel,tencent-chat}/*.ts'],
    projects: ['node'],
    include: [
      'test/transports/memory/memory.test.ts',
      'test/transports/broadcast-channel/broadcast-channel.test.ts',
      'test/transports/tencent-chat/{fake-sdk,payload,results}.test.ts',
    ],
  },
  // What decides, without a connection.
  'socket-io': {
    mutate: [
      'src/transports/socket-io/{greeting,hello-schedule,requests,server-clock,shared-leases}.ts',
      'src/transports/socket-io/{socket-listeners,waiting-calls}.ts',
    ],
    projects: ['node'],
    include: [
      'test/transports/socket-io/{greeting,hello-schedule,requests,server-clock,shared-leases}.test.ts',
      // Over real connections, for what the others do not reach.
      'test/transports/socket-io/{connection,identity}.test.ts',
    ],
  },
  // On a socket without a network, in fake time.
  'socket-io-session': {
    mutate: ['src/transports/socket-io/{failures,index,session,write-message}.ts'],
    projects: ['node'],
    include: ['test/transports/socket-io/session.test.ts'],
  },
  // Over connections that answer as the tests want it. Those over a real Redis and NATS take seconds each.
  redis: {
    mutate: ['src/redis/*.ts'],
    projects: ['cluster'],
    include: [
      'test/redis/{bad-arguments,client-libraries,cluster-engine,confirmed-channels,hash-slot,server-link}.test.ts',
    ],
  },
  nats: {
    mutate: ['src/nats/*.ts'],
    projects: ['cluster'],
    include: ['test/nats/{bad-arguments,engine}.test.ts'],
  },
  // Broken transports and buses, in fake time: a case that does not notice its fault any more fails there.
  testing: {
    mutate: ['src/testing/**/*.ts'],
    projects: ['node'],
    include: ['test/testing/{broken-buses,broken-transports,narrow-bus-faults,narrow-transport-faults}.test.ts'],
  },
}
