package tidings.analytics;

import org.apache.spark.sql.SparkSession;

/** {@code run}: the job. {@code compact}: merges the files of closed dates. {@code verify}: compares what is written with Kafka. */
public final class Main {
  private static final String usage =
      "usage: run|compact|verify --output URL [--brokers HOST:PORT,…] [--topic NAME] [--master URL] [--checkpoint URL]"
          + " [--trigger-seconds N] [--lateness-minutes N] [--max-per-batch N]";

  public static void main(String[] arguments) {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException problem) {
      System.err.println("analytics: " + problem.getMessage() + "\n" + usage);
      System.exit(2);
      return;
    }
    // By exit, also after a failure: threads that libraries left would keep a process alive that does nothing.
    try {
      System.exit(perform(options));
    } catch (Exception failure) {
      failure.printStackTrace();
      System.exit(1);
    }
  }

  private static int perform(Options options) throws Exception {
    try (SparkSession spark = session(options)) {
      return switch (options.command()) {
        case RUN -> new Job(spark, options).run();
        case COMPACT -> new Compaction(spark, options).run();
        case VERIFY -> new Verification(spark, options).run();
      };
    } catch (Refusal refusal) {
      System.err.println("analytics: " + refusal.getMessage());
      return 1;
    }
  }

  private static SparkSession session(Options options) {
    SparkSession.Builder builder = SparkSession.builder().appName("tidings-analytics").master(options.master());
    // Alone on its machine it needs to be reached by nobody.
    if (options.master().startsWith("local"))
      builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1");
    return builder
        // Dates and minutes are UTC's, wherever the machine stands.
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        // Of a minute there are few groups: two tasks have enough to do. A checkpoint keeps the number that it began with.
        .config("spark.sql.shuffle.partitions", "2")
        // Read by the console and other programs: one type for times, which they all know.
        .config("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MILLIS")
        .getOrCreate();
  }

  private Main() {}
}
