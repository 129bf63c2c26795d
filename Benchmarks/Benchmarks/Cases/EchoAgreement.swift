import CFloor
import Engine
import Foundation

/// Whether the engine's canceller takes as much away as the library's own does on the same audio: figures of a canceller
/// that rests or works against the wrong far end would mean nothing.
enum EchoAgreement {
    /// The engine places its far end by its own estimate, so its frames are not the floor's bit for bit.
    private static let toleranceDecibels = 3.0
    /// Frames of the conversation in which the agent speaks and the caller does not: 2.1 to 2.4 s.
    private static let echoOnly = 105..<120

    static func difference(
        engine: (Int) -> Void,
        output: UnsafeMutablePointer<FrameSamples>,
        library: LibraryCalls
    ) -> String? {
        var (before, engineAfter, floorAfter) = (0.0, 0.0, 0.0)
        for frame in 0..<4 * Conversation.frameCount {
            engine(1)
            library.run(1, reduce: false)
            let at = frame & Conversation.mask
            guard frame >= 3 * Conversation.frameCount, echoOnly.contains(at) else { continue }
            before += energy { Conversation.shared.near[at * 160 + $0] }
            engineAfter += energy { output.pointee[$0] }
            floorAfter += energy { library.output[$0] }
        }
        let (engine, floor) = (10 * log10(before / (engineAfter + 1)), 10 * log10(before / (floorAfter + 1)))
        guard floor > 10, engine > floor - toleranceDecibels else {
            return "echo taken away: \(Int(engine)) dB, by the library alone \(Int(floor)) dB"
        }
        return nil
    }

    static func energy(_ sample: (Int) -> Int16) -> Double {
        (0..<160).reduce(0) { $0 + Double(sample($1)) * Double(sample($1)) }
    }
}
