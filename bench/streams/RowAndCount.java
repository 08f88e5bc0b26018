import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ContextualProcessor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * What bench/against.py compares with: each event is parsed, kept as the row of its subject, and counted for the rep it
 * names. Stores are in memory, cached (a row that changes often is written once a commit) and logged; every commit is a
 * transaction (exactly_once_v2, each 100 ms as Kafka Streams has it by default).
 *
 * RowAndCount BOOTSTRAP APPLICATION_ID TOPIC,TOPIC STATE_FOLDER
 */
public final class RowAndCount {
    private static final String ROWS = "rows";
    private static final String COUNTS = "counts";
    private static final List<String> REP_FIELDS = List.of("rep_id", "owner_id", "set_by");

    private RowAndCount() {}

    /** The rep that an event names; empty when it names none. */
    static String repOf(JsonNode event) {
        JsonNode data = event.path("data");
        for (String field : REP_FIELDS) {
            if (data.hasNonNull(field)) {
                return data.get(field).asText();
            }
        }
        return "";
    }

    /** One event: a row and a count. */
    static final class Counter extends ContextualProcessor<String, byte[], Void, Void> {
        private final ObjectMapper json = new ObjectMapper();
        private KeyValueStore<String, byte[]> rows;
        private KeyValueStore<String, Long> counts;

        @Override
        public void init(ProcessorContext<Void, Void> context) {
            super.init(context);
            rows = context.getStateStore(ROWS);
            counts = context.getStateStore(COUNTS);
        }

        @Override
        public void process(Record<String, byte[]> record) {
            String rep;
            try {
                rep = repOf(json.readTree(record.value()));
            } catch (java.io.IOException error) {
                throw new java.io.UncheckedIOException(error);
            }
            rows.put(record.key(), record.value());
            Long before = counts.get(rep);
            counts.put(rep, before == null ? 1L : before + 1L);
        }
    }

    static Topology topology(String[] topics) {
        Topology topology = new Topology();
        topology.addSource("events", Serdes.String().deserializer(), Serdes.ByteArray().deserializer(), topics);
        topology.addProcessor("counter", Counter::new, "events");
        topology.addStateStore(
            Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(ROWS), Serdes.String(), Serdes.ByteArray())
                .withCachingEnabled().withLoggingEnabled(Map.of()),
            "counter");
        topology.addStateStore(
            Stores.keyValueStoreBuilder(Stores.inMemoryKeyValueStore(COUNTS), Serdes.String(), Serdes.Long())
                .withCachingEnabled().withLoggingEnabled(Map.of()),
            "counter");
        return topology;
    }

    public static void main(String[] arguments) throws InterruptedException {
        Properties settings = new Properties();
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, arguments[0]);
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, arguments[1]);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, arguments[3]);
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, 1);
        settings.put("auto.offset.reset", "earliest");
        KafkaStreams streams = new KafkaStreams(topology(arguments[2].split(",")), settings);
        streams.setStateListener((now, before) -> {
            if (now == KafkaStreams.State.RUNNING) {
                System.out.println("consuming");
            }
        });
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
        streams.start();
        new CountDownLatch(1).await();
    }
}
