package tidings.analytics;

/** Something that an operator has to decide; the message is a sentence for them. */
final class Refusal extends RuntimeException {
  Refusal(String message) {
    super(message);
  }
}
