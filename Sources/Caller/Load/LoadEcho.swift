import Codecs

/// A caller's phone whose loudspeaker is heard by its microphone: the agent comes back later and quieter.
///
/// Level and delay are the only things between the two sides: no room, no distortion. Everything is a table look-up on frames;
/// no allocation after the first seconds of a call.
package struct LoadEcho {
    /// Tables shared by all calls of a run.
    package final class Tables: Sendable {
        /// The linear value of each mu-law byte, and the same at the echo's level.
        fileprivate let linear: [Int32]
        fileprivate let quiet: [Int32]
        /// Mu-law of a linear value, by `value / 4 + 8192`: the code has 14 bits (ITU-T G.711 table 2).
        fileprivate let code: [UInt8]
        fileprivate let delayFrames: Int

        /// - Parameters:
        ///   - level: of the echo relative to the agent, in decibels; below 0.
        ///   - delayFrames: at least 1.
        package init(level: Double, delayFrames: Int) {
            let gain = ratio(decibels: level)
            linear = (0...255).map { Int32(MuLaw.linear(UInt8($0))) }
            quiet = linear.map { Int32((Double($0) * gain).rounded()) }
            code = (0..<16_384).map { MuLaw.byte(Int16(($0 - 8192) * 4)) }
            self.delayFrames = delayFrames
        }
    }

    private let tables: Tables
    /// The agent's audio that waits to be played, from `head` on.
    private var queue: [UInt8] = []
    private var head = 0
    /// What was played in the last `delayFrames` ticks, as a ring of frames.
    private var line: [UInt8]
    private var frame = 0
    /// Frames of `line` that hold something other than silence.
    private var soundingFrames = 0
    private var sounding: [Bool]
    private var decoded = [UInt8](repeating: 0, count: PhoneFrame.bytes + 2)
    private var mixed = [UInt8](repeating: 0, count: PhoneFrame.bytes)
    /// The frame last mixed, as text.
    package private(set) var text = [UInt8](repeating: 0, count: LoadFrames.payloadCharacters)

    package init(_ tables: Tables) {
        self.tables = tables
        line = Array(repeating: PhoneFrame.silence, count: tables.delayFrames * PhoneFrame.bytes)
        sounding = Array(repeating: false, count: tables.delayFrames)
    }

    /// Takes the agent's audio; what is not base64 is left out.
    package mutating func media(_ text: Span<UInt8>) {
        if head == queue.count {
            queue.removeAll(keepingCapacity: true)
            head = 0
        } else if head >= 16_000 {
            queue.removeFirst(head)
            head = 0
        }
        let capacity = Base64.decodedCapacity(for: text.count)
        if decoded.count < capacity { decoded = Array(repeating: 0, count: capacity) }
        var output = decoded.mutableSpan
        let count = (try? Base64.decode(text, into: &output)) ?? 0
        queue.append(contentsOf: decoded[..<count])
    }

    package mutating func clear() {
        queue.removeAll(keepingCapacity: true)
        head = 0
    }

    /// Plays one frame and, when an echo is on the line, mixes it with what the caller's side holds.
    ///
    /// - Returns: whether `text` holds this tick's frame; otherwise the caller's own text is to be sent.
    package mutating func tick(caller: [UInt8], callerFrame: Int) -> Bool {
        let start = frame * PhoneFrame.bytes
        let isEcho = sounding[frame]
        if isEcho { mix(caller, callerFrame * PhoneFrame.bytes, start) }
        let bytes = min(PhoneFrame.bytes, queue.count - head)
        for index in 0..<bytes { line[start + index] = queue[head + index] }
        if bytes > 0 { for index in bytes..<PhoneFrame.bytes { line[start + index] = PhoneFrame.silence } }
        sounding[frame] = bytes > 0
        head += bytes
        frame = frame + 1 == tables.delayFrames ? 0 : frame + 1
        return isEcho
    }

    private mutating func mix(_ caller: [UInt8], _ callerStart: Int, _ start: Int) {
        for index in 0..<PhoneFrame.bytes {
            let sum = tables.linear[Int(caller[callerStart + index])] + tables.quiet[Int(line[start + index])]
            let clipped = max(-32_768, min(32_764, sum))
            mixed[index] = tables.code[Int((clipped >> 2) + 8192)]
        }
        let frame = mixed
        var output = text.mutableSpan
        _ = try? Base64.encode(frame.span, into: &output)
    }
}
