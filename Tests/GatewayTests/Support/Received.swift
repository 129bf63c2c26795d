import Codecs
import Foundation
import Gateway

/// A received text with what the framing made of it: the steps of the media socket without a socket.
struct Received {
    let text: [UInt8]
    let frame: TwilioFrame

    init(_ text: String) throws { try self.init(Array(text.utf8)) }

    init(_ text: [UInt8]) throws {
        self.text = text
        frame = try TwilioFrame.parse(text.span)
    }

    func string(_ value: JSONText.Text?) -> String? {
        value.map { String(decoding: text[$0.range], as: UTF8.self) }
    }

    /// The audio of a media message.
    func audio(capacity: Int = 65_536) throws -> [UInt8] {
        guard let payload = frame.payload else { return [] }
        var output = [UInt8](repeating: 0, count: capacity)
        let count = try Base64Payload.decode(text.span, payload, into: &output)
        return Array(output.prefix(count))
    }

    var markNumber: Int64? { frame.name.flatMap { MarkName.number(text.span, in: $0.range) } }
    var start: TwilioStart { get throws { try JSONDecoder().decode(TwilioStart.self, from: Data(text)) } }

    /// The fault of a text that is none.
    static func fault(_ text: [UInt8]) -> TwilioFrame.Fault? {
        do throws(TwilioFrame.Fault) {
            _ = try TwilioFrame.parse(text.span)
            return nil
        } catch {
            return error
        }
    }

    static func fault(_ text: String) -> TwilioFrame.Fault? { fault(Array(text.utf8)) }
}
