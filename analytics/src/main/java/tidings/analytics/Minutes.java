package tidings.analytics;

import static org.apache.spark.sql.functions.*;

import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.UserDefinedFunction;

/** The sums of one minute, with the columns of {@code docs/analytics-format.md}. */
final class Minutes {
  /**
   * A minute is emitted once, when an event came that is more than {@code latenessMinutes} younger than its end. What comes later
   * for it is in the events, and in no minute.
   */
  static Dataset<Row> of(Dataset<Row> events, long latenessMinutes) {
    UserDefinedFunction byName = udaf(new CountByName(), Encoders.STRING());
    Column latencies =
        percentile(whenType("delivered", col("latencyMs")), array(lit(0.5), lit(0.95), lit(0.99)));
    return events
        .withColumn("time", timestamp_millis(col("at")))
        .withWatermark("time", latenessMinutes + " minutes")
        .groupBy(window(col("time"), "1 minute"))
        .agg(
            byName.apply(whenType("message", col("kind"))).getField("counts").as("messages"),
            sumOf("delivered", col("count")).as("deliveries"),
            sumOf("read", col("count")).as("reads"),
            latencies.as("latencies"),
            // The set has no nulls in it: other types' events count as nobody.
            size(collect_set(when(col("type").isin("message", "read"), col("user")))).cast("long").as("active_users"),
            coalesce(avg(whenType("message", col("fanOut"))), lit(0.0)).as("fan_out_mean"),
            coalesce(max(whenType("message", col("fanOut"))), lit(0L)).as("fan_out_max"),
            sumOf("connected", lit(1L)).as("connections"),
            sumOf("upload", lit(1L)).as("uploads"),
            sumOf("upload", col("bytes")).as("upload_bytes"),
            byName.apply(whenType("failure", col("code"))).getField("counts").as("errors"))
        .select(
            unix_millis(col("window.start")).as("minute"),
            col("messages"),
            col("deliveries"),
            col("reads"),
            col("latencies").getItem(0).as("p50"),
            col("latencies").getItem(1).as("p95"),
            col("latencies").getItem(2).as("p99"),
            col("active_users"),
            col("fan_out_mean"),
            col("fan_out_max"),
            col("connections"),
            col("uploads"),
            col("upload_bytes"),
            col("errors"),
            date_format(col("window.start"), "yyyy-MM-dd").as("date"));
  }

  private static Column whenType(String type, Column value) {
    return when(col("type").equalTo(type), value);
  }

  private static Column sumOf(String type, Column value) {
    return coalesce(sum(whenType(type, value)), lit(0L));
  }

  private Minutes() {}
}
