import Actors

/// The name of the legs for load tests: metric label, log label and the word in `PARLEY_STT`, `PARLEY_LLM` and `PARLEY_TTS`.
///
/// They cost no CPU worth measuring and understand nothing: a recogniser that waits, a model with one reply, a voice that is
/// a tone. What is left of a call is the engine itself.
public enum TimedLegs {
    public static let provider = "timed"
}
