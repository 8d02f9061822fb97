package tidings.analytics;

import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/**
 * Merges the files of each date that is over into one. May run beside the job: a late batch for such a date comes as a further file,
 * which the next compaction takes in. Two at once must not run.
 */
final class Compaction {
  private final SparkSession spark;
  private final Options options;

  Compaction(SparkSession spark, Options options) {
    this.spark = spark;
    this.options = options;
  }

  int run() throws IOException {
    DateFiles files = new DateFiles(spark, options.output());
    String today = "date=" + LocalDate.now(ZoneOffset.UTC);
    for (String kind : List.of("events", "corrupt", "minutes"))
      for (Path folder : files.dates(kind)) if (folder.getName().compareTo(today) < 0) compact(files, kind, folder);
    return 0;
  }

  private void compact(DateFiles files, String kind, Path folder) throws IOException {
    files.removeCovered(folder);
    List<FileSpan> parts = files.live(folder);
    if (parts.size() < 2) return;
    files.replace(folder, FileSpan.merged(parts), files.read(folder, parts));
    System.out.printf("analytics: merged %d files of %s/%s%n", parts.size(), kind, folder.getName());
  }
}
