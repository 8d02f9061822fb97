package tidings.analytics;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * @param output where the folders lie, as Hadoop names file systems: {@code file:///…}, {@code hdfs://…}
 * @param checkpoint how far the job is; belongs to exactly one output
 * @param latenessMinutes how long a minute stays open for events that come late
 * @param maxPerBatch of Kafka's records; bounds the memory that catching up takes
 */
record Options(
    Command command,
    String output,
    String brokers,
    String topic,
    String master,
    String checkpoint,
    long triggerSeconds,
    long latenessMinutes,
    long maxPerBatch) {

  enum Command {
    RUN,
    COMPACT,
    VERIFY
  }

  private static final Set<String> known =
      Set.of(
          "output", "brokers", "topic", "master", "checkpoint", "trigger-seconds", "lateness-minutes", "max-per-batch");

  /** @throws IllegalArgumentException with a sentence that names what is wrong. */
  static Options parse(String[] arguments) {
    Command command = command(arguments);
    Map<String, String> given = pairs(arguments);
    String output = given.get("output");
    if (output == null) throw new IllegalArgumentException("--output is missing");
    String trimmed = output.replaceAll("/+$", "");
    return new Options(
        command,
        trimmed,
        given.getOrDefault("brokers", "127.0.0.1:9092"),
        given.getOrDefault("topic", "tidings.events"),
        given.getOrDefault("master", "local[2]"),
        given.getOrDefault("checkpoint", trimmed + "/_checkpoint"),
        whole(given, "trigger-seconds", 30),
        whole(given, "lateness-minutes", 10),
        whole(given, "max-per-batch", 200_000));
  }

  private static Command command(String[] arguments) {
    try {
      return Command.valueOf(arguments[0].toUpperCase(Locale.ROOT));
    } catch (ArrayIndexOutOfBoundsException | IllegalArgumentException problem) {
      throw new IllegalArgumentException("say what to do", problem);
    }
  }

  private static Map<String, String> pairs(String[] arguments) {
    Map<String, String> given = new HashMap<>();
    for (int at = 1; at < arguments.length; at += 2) {
      String name = arguments[at].replaceFirst("^--", "");
      if (!known.contains(name)) throw new IllegalArgumentException("there is no option " + arguments[at]);
      if (at + 1 == arguments.length) throw new IllegalArgumentException(arguments[at] + " has no value");
      given.put(name, arguments[at + 1]);
    }
    return given;
  }

  private static long whole(Map<String, String> given, String name, long otherwise) {
    String text = given.get(name);
    if (text == null) return otherwise;
    if (!text.matches("\\d{1,9}")) throw new IllegalArgumentException("--" + name + " must be a whole number");
    return Long.parseLong(text);
  }
}
