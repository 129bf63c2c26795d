import Foundation

/// A tenant whose legs are chosen for a measurement.
public struct VendorTenant: Sendable {
    public var id: String
    public var number: String
    public var stt: [String]
    public var llm: [String]
    public var tts: [String]
    public var speculates: Bool

    public init(
        _ id: String,
        number: String,
        stt: [String] = ["deepgram"],
        llm: [String],
        tts: [String],
        speculates: Bool = true
    ) {
        self.id = id
        self.number = number
        self.stt = stt
        self.llm = llm
        self.tts = tts
        self.speculates = speculates
    }

    /// The profile's text.
    public var profile: String {
        """
        name: Bench \(id)
        numbers: ["\(number)"]
        time_zone: UTC
        greeting: Hello. How can I help you?
        intents:
          - name: hours
            title: the opening hours
            keywords: [hours, opening]
            say: We are open from nine to six.
        agent:
          maximum_answer_words: 300
        legs:
          stt: [\(stt.joined(separator: ", "))]
          llm: [\(llm.joined(separator: ", "))]
          tts: [\(tts.joined(separator: ", "))]
        turn_taking:
          speculates: \(speculates)

        """
    }

    /// Writes profiles into a new folder.
    /// - Returns: its path, for `PARLEY_PROFILES`.
    public static func write(_ tenants: [VendorTenant], under folder: URL) throws -> String {
        let profiles = folder.appendingPathComponent("tenants")
        try FileManager.default.createDirectory(at: profiles, withIntermediateDirectories: true)
        for tenant in tenants {
            let file = profiles.appendingPathComponent("\(tenant.id).yaml")
            try tenant.profile.write(to: file, atomically: true, encoding: .utf8)
        }
        return profiles.path
    }
}
