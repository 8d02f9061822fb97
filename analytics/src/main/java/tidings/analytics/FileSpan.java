package tidings.analytics;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The batches that a file holds, from the first to the last, as its name says it. */
record FileSpan(long first, long last, String name) implements Comparable<FileSpan> {
  private static final Pattern named = Pattern.compile("(?:batch-(\\d{12})|merged-(\\d{12})-(\\d{12}))\\.parquet");

  static String nameOfBatch(long batch) {
    return "batch-%012d.parquet".formatted(batch);
  }

  static FileSpan merged(List<FileSpan> parts) {
    long first = parts.stream().mapToLong(FileSpan::first).min().orElseThrow();
    long last = parts.stream().mapToLong(FileSpan::last).max().orElseThrow();
    return new FileSpan(first, last, "merged-%012d-%012d.parquet".formatted(first, last));
  }

  static Optional<FileSpan> parse(String name) {
    Matcher found = named.matcher(name);
    if (!found.matches()) return Optional.empty();
    boolean single = found.group(1) != null;
    long first = Long.parseLong(found.group(single ? 1 : 2));
    return Optional.of(new FileSpan(first, single ? first : Long.parseLong(found.group(3)), name));
  }

  boolean covers(long batch) {
    return first <= batch && batch <= last;
  }

  boolean coveredByOneOf(List<FileSpan> others) {
    return others.stream()
        .anyMatch(other -> !other.name.equals(name) && other.isMerged() && other.first <= first && last <= other.last);
  }

  private boolean isMerged() {
    return name.startsWith("merged-");
  }

  @Override
  public int compareTo(FileSpan other) {
    return Comparator.comparingLong(FileSpan::first).compare(this, other);
  }
}
