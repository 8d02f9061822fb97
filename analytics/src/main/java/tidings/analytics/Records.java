package tidings.analytics;

import static org.apache.spark.sql.functions.*;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * The topic's records, each with its event, or with why it isn't one. Fields are those of {@code docs/analytics-format.md}; those of
 * a later release are passed over, as are types that aren't known here.
 */
final class Records {
  private static final StructType fields =
      new StructType()
          .add("v", DataTypes.LongType)
          .add("type", DataTypes.StringType)
          .add("at", DataTypes.LongType)
          .add("user", DataTypes.StringType)
          .add("conversation", DataTypes.StringType)
          .add("kind", DataTypes.StringType)
          .add("conversationKind", DataTypes.StringType)
          .add("fanOut", DataTypes.LongType)
          .add("bytes", DataTypes.LongType)
          .add("count", DataTypes.LongType)
          .add("latencyMs", DataTypes.LongType)
          .add("durationMs", DataTypes.LongType)
          .add("code", DataTypes.StringType);

  /** An event that is further ahead of the record's own time would close minutes that are still to come. */
  private static final long aheadMs = 300_000;

  private final SparkSession spark;
  private final Options options;

  Records(SparkSession spark, Options options) {
    this.spark = spark;
    this.options = options;
  }

  /** Stops with an error when Kafka has removed records that were not read yet, rather than go on without them. */
  Dataset<Row> stream() {
    Dataset<Row> records =
        spark.readStream()
            .format("kafka")
            .option("kafka.bootstrap.servers", options.brokers())
            .option("subscribe", options.topic())
            .option("startingOffsets", "earliest")
            .option("maxOffsetsPerTrigger", options.maxPerBatch())
            .load();
    return records
        .select(
            col("partition"),
            col("offset"),
            col("timestamp"),
            col("value"),
            from_json(col("value").cast("string"), fields).as("event"))
        .withColumn("reason", reason());
  }

  private static Column reason() {
    Column event = col("event");
    Column at = event.getField("at");
    return when(event.isNull().or(event.getField("v").isNull()), "no event")
        .when(event.getField("v").notEqual(1), "another version")
        .when(event.getField("type").isNull(), "no type")
        .when(at.isNull().or(at.lt(0)), "no time")
        .when(at.gt(unix_millis(col("timestamp")).plus(aheadMs)), "from the future");
  }

  static Dataset<Row> events(Dataset<Row> records) {
    return records
        .where(col("reason").isNull())
        .select(col("partition"), col("offset"), col("event.*"))
        .withColumn("date", date_format(timestamp_millis(col("at")), "yyyy-MM-dd"));
  }

  /** As they came, by the date on which Kafka had them. */
  static Dataset<Row> corrupt(Dataset<Row> records) {
    return records
        .where(col("reason").isNotNull())
        .select(col("partition"), col("offset"), col("timestamp"), col("reason"), col("value"))
        .withColumn("date", date_format(col("timestamp"), "yyyy-MM-dd"));
  }
}
