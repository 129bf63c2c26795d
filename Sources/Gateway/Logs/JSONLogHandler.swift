import Foundation
import Logging
import Synchronization

/// One JSON object per line on standard error: time, level, message, then the metadata.
///
/// Personal data never gets here by habit (messages are constant text), and a key with a `pii` segment is masked in any
/// case.
public struct JSONLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let write: @Sendable (String) -> Void

    public init(
        label: String,
        level: Logger.Level,
        write: @escaping @Sendable (String) -> Void = JSONLogHandler.standardError
    ) {
        self.label = label
        logLevel = level
        self.write = write
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { own, _ in own } }
        if let own = event.metadata { all.merge(own) { _, new in new } }
        var line =
            #"{"time":"\#(Self.time())","level":"\#(event.level.rawValue)","logger":\#(TwilioEncoder.quoted(label))"#
        line += #","message":\#(TwilioEncoder.quoted(event.message.description))"#
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            line += ",\(TwilioEncoder.quoted(key)):\(TwilioEncoder.quoted(Self.masked(key, value).description))"
        }
        write(line + "}\n")
    }

    private static func masked(_ key: String, _ value: Logger.Metadata.Value) -> Logger.Metadata.Value {
        guard !key.split(separator: ".").contains("pii") else { return "<masked>" }
        switch value {
        case .dictionary(let fields):
            return .dictionary(Dictionary(uniqueKeysWithValues: fields.map { ($0.key, masked($0.key, $0.value)) }))
        case .array(let values): return .array(values.map { masked("", $0) })
        case .string, .stringConvertible: return value
        }
    }

    private static func time() -> String {
        Date().formatted(
            .iso8601.year().month().day().timeZone(separator: .omitted).time(includingFractionalSeconds: true)
        )
    }

    /// One write per line, so that lines of different threads do not mix.
    public static let standardError: @Sendable (String) -> Void = { line in
        FileHandle.standardError.write(Data(line.utf8))
    }
}
