package tidings.analytics;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.expressions.Aggregator;

/** How often each name came; {@code null} counts as nothing. Spark's own functions can count by name only in rows of their own. */
public final class CountByName extends Aggregator<String, CountByName.Counted, CountByName.Counted> {
  /** A bean, because that is what Spark can keep in its own format between batches. */
  public static final class Counted implements java.io.Serializable {
    private Map<String, Long> counts = new HashMap<>();

    public Map<String, Long> getCounts() {
      return counts;
    }

    public void setCounts(Map<String, Long> counts) {
      this.counts = counts;
    }
  }

  @Override
  public Counted zero() {
    return new Counted();
  }

  @Override
  public Counted reduce(Counted counted, String name) {
    return name == null ? counted : with(counted, Map.of(name, 1L));
  }

  @Override
  public Counted merge(Counted one, Counted other) {
    return with(one, other.getCounts());
  }

  @Override
  public Counted finish(Counted counted) {
    return counted;
  }

  /** Spark hands out maps that can't be changed. */
  private static Counted with(Counted counted, Map<String, Long> more) {
    Map<String, Long> sum = new HashMap<>(counted.getCounts());
    more.forEach((name, count) -> sum.merge(name, count, Long::sum));
    Counted result = new Counted();
    result.setCounts(sum);
    return result;
  }

  @Override
  public Encoder<Counted> bufferEncoder() {
    return Encoders.bean(Counted.class);
  }

  @Override
  public Encoder<Counted> outputEncoder() {
    return Encoders.bean(Counted.class);
  }
}
