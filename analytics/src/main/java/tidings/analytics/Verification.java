package tidings.analytics;

import static org.apache.spark.sql.functions.*;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.hadoop.fs.Path;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Whether {@code events} and {@code corrupt} together hold each of Kafka's records once: in every partition, as many rows as different
 * offsets, without a hole, up to the partition's end. What Kafka has removed by age is held to the same, but for where it began.
 */
final class Verification {
  private record Written(long first, long last, long rows, long offsets) {}

  private final SparkSession spark;
  private final Options options;

  Verification(SparkSession spark, Options options) {
    this.spark = spark;
    this.options = options;
  }

  /** 0 when all agrees, else 1; what was counted is said either way. */
  int run() throws IOException {
    Map<Integer, Written> written = written();
    boolean right = true;
    try (KafkaConsumer<byte[], byte[]> kafka = consumer()) {
      List<TopicPartition> partitions =
          kafka.partitionsFor(options.topic()).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      Map<TopicPartition, Long> beginnings = kafka.beginningOffsets(partitions);
      Map<TopicPartition, Long> ends = kafka.endOffsets(partitions);
      for (TopicPartition partition : partitions)
        right &= agrees(partition.partition(), beginnings.get(partition), ends.get(partition), written);
    }
    System.out.println(right ? "analytics: every record is there once" : "analytics: what is written differs from Kafka");
    return right ? 0 : 1;
  }

  private static boolean agrees(int partition, long beginning, long end, Map<Integer, Written> all) {
    Written none = new Written(beginning, beginning - 1, 0, 0);
    Written written = all.getOrDefault(partition, none);
    long expected = end - Math.min(beginning, written.first());
    long doubled = written.rows() - written.offsets();
    long missing = expected - written.offsets();
    System.out.printf(
        "analytics: partition %d: %d rows of %d records, %d missing, %d twice%n",
        partition, written.rows(), expected, missing, doubled);
    return missing == 0 && doubled == 0;
  }

  private Map<Integer, Written> written() throws IOException {
    Map<Integer, Written> found = new HashMap<>();
    Dataset<Row> positions = positions();
    if (positions == null) return found;
    Dataset<Row> sums =
        positions
            .groupBy("partition")
            .agg(min("offset"), max("offset"), count(lit(1)), countDistinct("offset"));
    for (Row row : sums.collectAsList())
      found.put(row.getInt(0), new Written(row.getLong(1), row.getLong(2), row.getLong(3), row.getLong(4)));
    return found;
  }

  private Dataset<Row> positions() throws IOException {
    DateFiles files = new DateFiles(spark, options.output());
    List<Dataset<Row>> parts = new ArrayList<>();
    for (String kind : List.of("events", "corrupt"))
      for (Path folder : files.dates(kind)) {
        List<FileSpan> live = files.live(folder);
        if (!live.isEmpty()) parts.add(files.read(folder, live).select("partition", "offset"));
      }
    return parts.stream().reduce(Dataset::unionAll).orElse(null);
  }

  private KafkaConsumer<byte[], byte[]> consumer() {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", options.brokers());
    settings.put("key.deserializer", ByteArrayDeserializer.class);
    settings.put("value.deserializer", ByteArrayDeserializer.class);
    return new KafkaConsumer<>(settings);
  }
}
