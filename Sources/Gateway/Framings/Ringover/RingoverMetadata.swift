/// The first text of a Ringover stream: what it tells of the call.
///
/// The vendor documents nothing that it sends. Its media server is most likely FreeSWITCH's mod_audio_stream, which sends one
/// optional text of any form first; so every field is optional and looked for under the names in use.
package struct RingoverMetadata: Equatable, Sendable {
    package enum Fault: String, Error, Equatable {
        case json = "bad_json"
        /// An event, and no metadata: not for us.
        case unknownEvent = "unknown_event"
        /// A rate or a number of channels that is not decoded.
        case format = "wrong_format"
    }

    package var callID: String?
    package var tenant: String?
    /// E.164. Personal data.
    package var ownNumber: String?
    /// Hertz.
    package var sampleRate: Int?

    package init(callID: String? = nil, tenant: String? = nil, ownNumber: String? = nil, sampleRate: Int? = nil) {
        self.callID = callID
        self.tenant = tenant
        self.ownNumber = ownNumber
        self.sampleRate = sampleRate
    }

    private static let idNames = ["call_id", "callId", "id", "uuid"]
    private static let rateNames = ["sample_rate", "sampleRate", "sampling_rate", "samplingRate", "rate"]
    private static let calledNames = ["to_number", "to", "called", "called_number", "calledNumber"]
    private static let callingNames = ["from_number", "from", "caller", "caller_number", "callerNumber"]
    /// Longer ids are no ids.
    private static let longestID = 128

    package init(parsing text: Span<UInt8>) throws(Fault) {
        var at = 0
        JSONText.skipSpace(text, &at)
        guard at < text.count, text[at] == UInt8(ascii: "{") || text[at] == UInt8(ascii: "[") else {
            // Plain text: an id, when it looks like one.
            callID = Self.identifier(String(decoding: Self.bytes(text), as: UTF8.self))
            return
        }
        let value: JSONValue
        do throws(JSONValue.Fault) { value = try JSONValue(parsing: text) } catch { throw .json }
        guard value.isObject else { throw .unknownEvent }
        let places = [value] + ["data", "metadata", "call"].compactMap { value[$0] }.filter(\.isObject)
        callID = Self.first(Self.idNames, places).flatMap(Self.identifier)
        if callID == nil, value["event"] != nil || value["type"] != nil { throw .unknownEvent }
        tenant = Self.first(["tenant"], places)
        let direction = Self.first(["direction"], places) ?? ""
        let names = direction.lowercased().hasPrefix("out") ? Self.callingNames : Self.calledNames
        ownNumber = Self.first(names, places).flatMap(RingoverNumber.e164)
        if let rate = Self.first(Self.rateNames, places) {
            guard rate == "8000" || rate == "16000" else { throw .format }
            sampleRate = Int(rate)
        }
        if let channels = Self.first(["channels"], places), channels != "1" { throw .format }
    }

    private static func first(_ names: [String], _ places: [JSONValue]) -> String? {
        for place in places {
            for name in names { if let word = place[name]?.word, !word.isEmpty { return word } }
        }
        return nil
    }

    private static func identifier(_ text: String) -> String? {
        let text = text.trimming(while: \.isWhitespace)
        guard 1...longestID ~= text.utf8.count, text.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else { return nil }
        return String(text)
    }

    private static func bytes(_ text: Span<UInt8>) -> [UInt8] { text.withUnsafeBufferPointer { Array($0) } }
}

extension String {
    fileprivate func trimming(while isOut: (Character) -> Bool) -> Substring {
        var rest = self.drop(while: isOut)
        while let last = rest.last, isOut(last) { rest.removeLast() }
        return rest
    }
}
