package tidings.analytics;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Parquet in {@code OUTPUT/KIND/date=YYYY-MM-DD/}, readable by listing: every file that is there counts, whole.
 *
 * <p>A batch of a query has at most one file in a date, and its name is the batch's number, {@code batch-000000000012.parquet}. It is
 * written aside, in {@code OUTPUT/_staging}, and renamed into its place, which is atomic. A batch that is repeated after a crash has the
 * same rows, because Spark's checkpoint fixed its offsets before it began: a file that is there already is that batch's, and stays.
 *
 * <p>{@link Compaction} puts {@code merged-000000000000-000000000012.parquet} there, in place of the batches from the first number to the
 * second. Until it has removed them, a date holds both; {@link #live} leaves out what a merged file covers.
 */
final class DateFiles {
  private final SparkSession spark;
  private final Path output;
  private final FileSystem system;

  DateFiles(SparkSession spark, String output) {
    this.spark = spark;
    this.output = new Path(output);
    try {
      this.system = this.output.getFileSystem(spark.sparkContext().hadoopConfiguration());
    } catch (IOException problem) {
      throw new Refusal("there is no such place as " + output + ": " + problem.getMessage());
    }
  }

  /** Idempotent by {@code kind} and {@code batch}. @param rows with a column {@code date}, which becomes the folder. */
  void write(String kind, Dataset<Row> rows, long batch) throws IOException {
    Path staging = staging(kind);
    stage(rows, staging);
    for (FileStatus date : list(staging)) {
      if (!date.isDirectory()) continue;
      Path folder = new Path(new Path(output, kind), date.getPath().getName());
      if (!covered(folder, batch)) place(date.getPath(), new Path(folder, FileSpan.nameOfBatch(batch)));
    }
    system.delete(staging, true);
  }

  /** In place of those that it covers; idempotent. Killed before the rename nothing has happened, after it the rest is tidying. */
  void replace(Path folder, FileSpan merged, Dataset<Row> rows) throws IOException {
    Path staging = staging("compact-" + folder.getParent().getName());
    rows.coalesce(1).write().mode(SaveMode.Overwrite).parquet(staging.toString());
    place(staging, new Path(folder, merged.name()));
    system.delete(staging, true);
    removeCovered(folder);
  }

  /** What a merged file covers and a compaction that was killed left behind. */
  void removeCovered(Path folder) throws IOException {
    List<FileSpan> all = spans(folder);
    for (FileSpan span : all)
      if (span.coveredByOneOf(all)) system.delete(new Path(folder, span.name()), false);
  }

  List<Path> dates(String kind) throws IOException {
    return list(new Path(output, kind)).stream()
        .filter(FileStatus::isDirectory)
        .map(FileStatus::getPath)
        .sorted()
        .toList();
  }

  /** The files of a date that count, each row in one of them. */
  List<FileSpan> live(Path folder) throws IOException {
    List<FileSpan> all = spans(folder);
    return all.stream().filter(span -> !span.coveredByOneOf(all)).sorted().toList();
  }

  Dataset<Row> read(Path folder, List<FileSpan> files) {
    return spark.read().parquet(files.stream().map(file -> new Path(folder, file.name()).toString()).toArray(String[]::new));
  }

  boolean any() throws IOException {
    for (String kind : List.of("events", "corrupt", "minutes")) if (!dates(kind).isEmpty()) return true;
    return false;
  }

  private Path staging(String name) {
    return new Path(output, "_staging/" + name);
  }

  private void stage(Dataset<Row> rows, Path staging) {
    rows.repartition(1, rows.col("date")).write().mode(SaveMode.Overwrite).partitionBy("date").parquet(staging.toString());
  }

  private boolean covered(Path folder, long batch) throws IOException {
    return spans(folder).stream().anyMatch(span -> span.covers(batch));
  }

  private void place(Path staged, Path target) throws IOException {
    List<Path> parts =
        list(staged).stream().map(FileStatus::getPath).filter(path -> path.getName().endsWith(".parquet")).toList();
    if (parts.size() != 1) throw new IOException("expected one file in " + staged + ", found " + parts.size());
    if (system.exists(target)) return;
    system.mkdirs(target.getParent());
    if (!system.rename(parts.get(0), target)) throw new IOException("could not rename " + parts.get(0) + " to " + target);
  }

  private List<FileSpan> spans(Path folder) throws IOException {
    List<FileSpan> spans = new ArrayList<>();
    for (FileStatus file : list(folder)) FileSpan.parse(file.getPath().getName()).ifPresent(spans::add);
    return spans;
  }

  private List<FileStatus> list(Path folder) throws IOException {
    try {
      return Arrays.asList(system.listStatus(folder));
    } catch (FileNotFoundException nothing) {
      return List.of();
    }
  }
}
