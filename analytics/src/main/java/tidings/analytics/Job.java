package tidings.analytics;

import java.io.IOException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.DataStreamWriter;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.Trigger;

/**
 * Two queries on the one topic: every record goes to {@code events} or to {@code corrupt}, and the minutes go to {@code minutes}.
 * Killed at any point and started again, both go on with the batch that was under way, which {@link DateFiles} writes at most once.
 */
final class Job {
  private final SparkSession spark;
  private final Options options;
  private final DateFiles files;

  Job(SparkSession spark, Options options) {
    this.spark = spark;
    this.options = options;
    this.files = new DateFiles(spark, options.output());
  }

  /** Until it is told to end (0), or one of the queries fails. */
  int run() throws Exception {
    refuseLostCheckpoint();
    Records records = new Records(spark, options);
    StreamingQuery raw = start("raw", records.stream(), this::writeRaw);
    StreamingQuery minutes =
        start("minutes", Minutes.of(Records.events(records.stream()), options.latenessMinutes()), this::writeMinutes);
    System.out.println("analytics: running");
    spark.streams().awaitAnyTermination();
    for (StreamingQuery query : new StreamingQuery[] {raw, minutes})
      if (query.exception().isDefined()) throw query.exception().get();
    return 0;
  }

  /** Without its checkpoint a job would number its batches from 0 again and read from the topic's beginning: everything twice. */
  private void refuseLostCheckpoint() throws IOException {
    if (!exists(options.checkpoint()) && files.any())
      throw new Refusal(
          "there are files in " + options.output() + " and no checkpoint in " + options.checkpoint()
              + ": bring it back, or take another --output");
  }

  private boolean exists(String folder) throws IOException {
    Path path = new Path(folder);
    return path.getFileSystem(spark.sparkContext().hadoopConfiguration()).exists(path);
  }

  private StreamingQuery start(String name, Dataset<Row> rows, VoidFunction2<Dataset<Row>, Long> write)
      throws Exception {
    DataStreamWriter<Row> writer =
        rows.writeStream()
            .queryName(name)
            .outputMode("append")
            .option("checkpointLocation", options.checkpoint() + "/" + name)
            .trigger(Trigger.ProcessingTime(options.triggerSeconds() * 1000));
    return writer.foreachBatch(write).start();
  }

  private void writeRaw(Dataset<Row> batch, Long id) throws IOException {
    Dataset<Row> held = batch.persist();
    try {
      Dataset<Row> corrupt = Records.corrupt(held);
      files.write("events", Records.events(held), id);
      files.write("corrupt", corrupt, id);
      long broken = corrupt.count();
      System.out.printf("analytics: batch %d: %d records, %d of them corrupt%n", id, held.count(), broken);
    } finally {
      held.unpersist();
    }
  }

  private void writeMinutes(Dataset<Row> batch, Long id) throws IOException {
    files.write("minutes", batch, id);
  }
}
