import Codecs
import Foundation
import TestSupport

/// The labelled recordings of `Tests/Fixtures/corpus`, as `manifest.json` describes them.
public struct Corpus: Sendable {
    public struct Item: Sendable, Decodable {
        public struct Key: Sendable, Decodable {
            public var key: String
            public var start_ms: Int
            public var end_ms: Int
        }
        public var file: String
        public var duration_ms: Int?
        public var transcript: String?
        /// Where somebody speaks, on a grid of 20 ms.
        public var speech_ms: [[Int]]?
        public var snr_db: Double?
        public var reference: String?
        public var echo_delay_ms: Int?
        public var echo_delay_after_ms: Int?
        public var jump_at_ms: Int?
        public var erl_db: Double?
        public var inner_pause_ms: Int?
        public var end_of_turn_ms: Int?
        public var dtmf: [Key]?
        public var packets_sent: Int?
        public var packets_listed: Int?

        /// Whether the 20 ms frame with this number is labelled as speech.
        public func isSpeech(frame: Int) -> Bool {
            (speech_ms ?? []).contains { $0[0] <= frame * 20 && frame * 20 < $0[1] }
        }
    }
    private struct Manifest: Decodable { var items: [Item] }

    public let items: [Item]

    public init() throws {
        let data = try Data(contentsOf: Fixtures.folder.appendingPathComponent("corpus/manifest.json"))
        items = try JSONDecoder().decode(Manifest.self, from: data).items
    }

    /// Items of one folder: `speech`, `mixed`, `noise`, `turns`, `echo`, `dtmf`, `traces`.
    public func items(in folder: String) -> [Item] { items.filter { $0.file.hasPrefix(folder + "/") } }

    public func item(_ file: String) throws -> Item {
        guard let item = items.first(where: { $0.file == file }) else { throw CorpusFault.unknown(file) }
        return item
    }

    /// Mu-law bytes of a `.ulaw` item.
    public func bytes(_ file: String) throws -> [UInt8] { try Fixtures.bytes("corpus/" + file) }

    /// Linear samples of a `.ulaw` item.
    public func samples(_ file: String) throws -> [Int16] { try bytes(file).map { MuLaw.linear($0) } }

    /// The packets of a trace in the order they arrived.
    public func trace(_ file: String) throws -> [(arrivalMilliseconds: Double, sequence: Int)] {
        try Fixtures.text("corpus/" + file).split(separator: "\n").compactMap { line in
            let fields = line.split(separator: ",")
            guard fields.count == 2, let arrival = Double(fields[0]), let number = Int(fields[1]) else { return nil }
            return (arrival, number)
        }
    }
}

public enum CorpusFault: Error, CustomStringConvertible {
    case unknown(String)

    public var description: String {
        switch self {
        case .unknown(let file): "\(file) is not in Tests/Fixtures/corpus/manifest.json"
        }
    }
}
