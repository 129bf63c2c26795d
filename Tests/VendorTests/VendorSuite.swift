import Testing

/// Suites that talk to servers on this machine extend this: one at a time, so that they are judged by what they do and not by
/// their neighbours.
@Suite(.serialized, .timeLimit(.minutes(5)))
enum VendorLoopback {}
