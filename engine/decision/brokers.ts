/** How a manifest names a message broker. */
export interface BrokerPattern {
  readonly broker: string;
  /** Tried on names of variables, ConfigMaps and their keys, and on values and arguments. */
  readonly pattern: RegExp;
}

/**
 * Brokers by the words that their clients' settings and addresses hold: schemes and ports from each project's own documentation (Apache
 * Kafka `bootstrap.servers`, RabbitMQ URI specification, NATS, Amazon SQS endpoints, Google Pub/Sub, Redis Streams commands, Apache Pulsar,
 * ActiveMQ, Azure Service Bus and Event Hubs, Amazon Kinesis, MQTT, Celery `broker_url`). Redis by itself is a cache more often than a
 * broker, so only its streams count.
 */
export const BROKERS: readonly BrokerPattern[] = [
  { broker: 'Kafka', pattern: /(?:^|[^a-z])(?:kafka|redpanda)|bootstrap[._-]?servers|:9092(?:\D|$)/i },
  { broker: 'RabbitMQ', pattern: /rabbit-?_?mq|(?:^|[^a-z])rabbit(?:[^a-z]|$)|(?:^|[^a-z])amqps?(?:[^a-z]|$)/i },
  { broker: 'NATS', pattern: /(?:^|[^a-z])nats(?:[^a-z]|$)|jetstream|:4222(?:\D|$)/i },
  { broker: 'SQS', pattern: /(?:^|[^a-z])sqs(?:[^a-z]|$)/i },
  { broker: 'Pub/Sub', pattern: /pub[_-]?sub(?:[^a-z]|$)/i },
  { broker: 'Redis streams', pattern: /redis[_.:/-]?streams?(?:[^a-z]|$)|(?:^|[^a-z])xread(?:group)?(?:[^a-z]|$)/i },
  { broker: 'Pulsar', pattern: /(?:^|[^a-z])pulsar(?:[^a-z]|$)/i },
  { broker: 'ActiveMQ', pattern: /active-?_?mq|(?:^|[^a-z])artemis(?:[^a-z]|$)/i },
  { broker: 'Azure Service Bus', pattern: /service_?-?bus(?:[^a-z]|$)|event_?-?hubs?(?:[^a-z]|$)/i },
  { broker: 'Kinesis', pattern: /(?:^|[^a-z])kinesis(?:[^a-z]|$)/i },
  { broker: 'MQTT', pattern: /(?:^|[^a-z])mqtts?(?:[^a-z]|$)|mosquitto/i },
  { broker: 'Celery', pattern: /celery[_-]?broker|(?:^|[^a-z])broker_url(?:[^a-z]|$)/i },
];

/** KEDA's triggers that scale by what waits in a broker (keda.sh, "Scalers", 2.18). */
export const BROKER_TRIGGERS: ReadonlySet<string> = new Set([
  'activemq',
  'apache-kafka',
  'artemis-queue',
  'aws-kinesis-stream',
  'aws-sqs-queue',
  'azure-eventhub',
  'azure-queue',
  'azure-servicebus',
  'beanstalkd',
  'gcp-pubsub',
  'ibmmq',
  'kafka',
  'nats-jetstream',
  'pulsar',
  'rabbitmq',
  'redis-cluster-streams',
  'redis-sentinel-streams',
  'redis-streams',
  'solace-event-queue',
  'stan',
]);

export function namesBroker(text: string): boolean {
  return BROKERS.some(({ pattern }) => pattern.test(text));
}
