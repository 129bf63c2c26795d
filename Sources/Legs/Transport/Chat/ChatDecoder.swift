import Actors

/// The events of one streamed answer in, its pieces out: a value that reads no clock and does no IO.
package protocol ChatDecoder: Sendable {
    /// - Parameters:
    ///   - name: the event's name; `message` or empty where the server gave none.
    ///   - data: the event's data, its broken UTF-8 replaced by U+FFFD.
    mutating func push(event name: String, data: String) throws(ChatFault) -> [ChatDelta]
    /// The body is at its end.
    /// - Throws: `ChatFault.cut` when the answer is not.
    mutating func end() throws(ChatFault) -> [ChatDelta]
    /// Text and calls' arguments taken so far: what does not raise it is no progress.
    var answerBytes: Int { get }
    /// `.finished` was given: nothing follows.
    var isFinished: Bool { get }
}
